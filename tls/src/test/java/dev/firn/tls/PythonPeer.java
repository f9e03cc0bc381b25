package dev.firn.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** ZeroC's C++ run time, through Python. */
final class PythonPeer implements AutoCloseable {
  private final Process process;
  private final String endpoint;

  private PythonPeer(Process process, String endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Runs a command of the script to its end. */
  static Peers.Result attempt(
      Certificates certificates, String command, String endpoint, String input, String... more) {
    return Peers.attempt(command(certificates, command, endpoint, more), input);
  }

  /** A server, once it is ready. */
  static PythonPeer serve(Certificates certificates, String endpoint, String... more) {
    try {
      Process process =
          new ProcessBuilder(command(certificates, "serve", endpoint, more))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader out = process.inputReader();
      String line = out.readLine();
      assertThat(line).startsWith("READY ");
      return new PythonPeer(process, line.substring("READY ".length()));
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  String endpoint() {
    return endpoint;
  }

  private static List<String> command(
      Certificates certificates, String command, String endpoint, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "timeout",
                "50",
                Peers.PYTHON.toString(),
                script(certificates).toString(),
                command,
                endpoint,
                "IceSSL.DefaultDir=" + certificates.directory(),
                "IceSSL.CAs=ca.pem"));
    all.addAll(List.of(more));
    return all;
  }

  private static Path script(Certificates certificates) {
    Path script = certificates.path("peer.py");
    try (InputStream in = PythonPeer.class.getResourceAsStream("/peer.py")) {
      Files.write(script, in.readAllBytes());
      return script;
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException ex) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
