package dev.firn.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Small programs that every Linux has, for what Java cannot do. Blocks briefly. */
final class SystemTools {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private SystemTools() {}

  static Optional<String> find(String name) {
    return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /** What a command did. */
  record Outcome(int status, String output) {}

  /** Runs a command, which says no more than a pipe can hold, to its end. */
  static Outcome run(List<String> command) throws IOException {
    return run(command, PATIENCE);
  }

  /**
   * @param patience how long it may take
   */
  static Outcome run(List<String> command, Duration patience) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try {
      // Reading first would wait for as long as it pleases the command.
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.get(0) + " does not end");
      }
      String output =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      return new Outcome(process.exitValue(), output.strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Sends a signal.
   *
   * @param target a pid, or a process group with a minus in front
   */
  static void kill(int signal, String target) throws IOException {
    Outcome outcome = run(List.of("/bin/sh", "-c", "kill -" + signal + " " + target));
    if (outcome.status() != 0) {
      throw new IOException(outcome.output());
    }
  }
}
