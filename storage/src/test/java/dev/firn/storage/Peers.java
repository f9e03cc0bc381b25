package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** ZeroC's programs. */
final class Peers {
  private static final int PORT_MIN = 19_000;
  private static final int PORT_MAX = 19_399;
  private static final long PROGRAM_SECONDS_MAX = 60;

  private Peers() {}

  /** Skips the test if a program is missing, but fails it in CI, where all are installed. */
  static void require(String... programs) {
    for (String program : programs) {
      boolean found = false;
      for (String directory : System.getenv("PATH").split(":")) {
        found |= Files.isExecutable(Path.of(directory, program));
      }
      if (!found) {
        String message = "the peer " + program + " is not installed";
        if ("true".equals(System.getenv("CI"))) {
          fail(message);
        }
        abort(message);
      }
    }
  }

  static int freePort() {
    for (int port = PORT_MIN; port <= PORT_MAX; port++) {
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + PORT_MIN + " to " + PORT_MAX);
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** A finished program: its exit status and what it printed, both streams together. */
  record Result(int status, String text) {
    List<String> lines() {
      return text.lines().toList();
    }
  }

  static Result run(String... command) {
    return run(List.of(command));
  }

  static Result run(List<String> command) {
    try {
      Path output = Files.createTempFile("firn-peer", ".txt");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(PROGRAM_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("not finished in time: " + command);
      }
      String text = Files.readString(output, UTF_8);
      Files.delete(output);
      return new Result(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs a script of the test resources with the interpreter that has ZeroC's Python. */
  static List<String> python(String script, Object... arguments) {
    List<String> command = new ArrayList<>(List.of("/usr/bin/python3", resource(script)));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Result result = run(command);
    assertThat(result.status()).as("%s printed %s", script, result.text()).isZero();
    return result.lines();
  }

  static String resource(String name) {
    return Path.of("src/test/resources", name).toAbsolutePath().toString();
  }
}
