package dev.firn.systemtests;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Programs of others that tests need. In CI they must be there; elsewhere their tests are skipped
 * without them.
 */
final class Peers {
  static final Path PYTHON = Path.of("/usr/bin/python3");

  private Peers() {}

  static boolean isContinuousIntegration() {
    return "true".equals(System.getenv("CI"));
  }

  static Optional<Path> find(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static void require(String program) {
    if (find(program).isEmpty()) {
      missing(program + " is not installed; .ci/run names the Debian package");
    }
  }

  /** Ends the test: as a failure in CI, as skipped elsewhere. */
  static void missing(String message) {
    if (isContinuousIntegration()) {
      throw new AssertionError(message);
    }
    abort(message);
  }
}
