package dev.firn.tls;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of others; in CI they must be there, elsewhere their tests are skipped without them. */
final class Peers {
  static final Path PYTHON = Path.of("/usr/bin/python3");

  private static final long LIMIT_SECONDS = 60;

  private Peers() {}

  static void require(String program, List<String> probe) {
    try {
      run(probe);
    } catch (UncheckedIOException | AssertionError ex) {
      String message = program + " is not installed: " + ex.getMessage();
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message, ex);
      }
      abort(message);
    }
  }

  static void requireOpenssl() {
    require("openssl", List.of("openssl", "version"));
  }

  static void requirePythonIce() {
    require(
        "python3-zeroc-ice",
        List.of(PYTHON.toString(), "-c", "import Ice; Ice.loadSlice; print(Ice.stringVersion())"));
  }

  /** The output; fails if the program does. */
  static String run(List<String> command) {
    Result result = attempt(command);
    if (result.exitCode() != 0) {
      throw new AssertionError(command + " ended with " + result);
    }
    return result.output();
  }

  record Result(int exitCode, String output) {}

  static Result attempt(List<String> command) {
    return attempt(command, "");
  }

  static Result attempt(List<String> command, String input) {
    try {
      Path output = Files.createTempFile("peer", ".txt");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
          try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
          }
          if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(command + " hangs after " + Files.readString(output));
          }
          return new Result(
              process.exitValue(), Files.readString(output, StandardCharsets.UTF_8).strip());
        } finally {
          process.destroyForcibly();
        }
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      throw new AssertionError(ex);
    }
  }
}
