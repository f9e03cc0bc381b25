package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why the system would refuse to start something. What starts a server in a session of
 * its own cannot say so any more. Blocks.
 */
final class Executable {
  private static final String DEFAULT_PATH = "/bin:/usr/bin";
  private static final String DENIED = "Permission denied";
  private static final String MISSING = "No such file or directory";
  private static final int INTERPRETER_BYTES_MAX = 256;

  private Executable() {}

  /**
   * @param exe with a slash a path, relative to {@code directory}; otherwise a name
   * @param path the server's own search path, null if it has none
   * @return the reason, empty if it can be started as far as one can see
   */
  static Optional<String> refusal(String exe, Path directory, @Nullable String path) {
    if (exe.indexOf('\0') >= 0) {
      return Optional.of("Invalid argument");
    }
    if (exe.indexOf('/') >= 0) {
      return refusal(directory.resolve(exe));
    }
    String reason = MISSING;
    for (String place : (path == null ? DEFAULT_PATH : path).split(":", -1)) {
      Path candidate = directory.resolve(place).resolve(exe);
      if (Files.exists(candidate) && !Files.isDirectory(candidate)) {
        Optional<String> refusal = refusal(candidate);
        if (refusal.isEmpty() || !refusal.get().equals(DENIED)) {
          return refusal;
        }
        reason = DENIED;
      }
    }
    return Optional.of(reason);
  }

  private static Optional<String> refusal(Path file) {
    if (!Files.exists(file)) {
      Path parent = file.getParent();
      boolean below = parent != null && Files.exists(parent) && !Files.isDirectory(parent);
      return Optional.of(below ? "Not a directory" : MISSING);
    }
    if (Files.isDirectory(file) || !Files.isExecutable(file)) {
      return Optional.of(DENIED);
    }
    return interpreter(file).filter(script -> !Files.exists(script)).map(gone -> MISSING);
  }

  /** What the system runs in place of a script. */
  private static Optional<Path> interpreter(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      return Optional.empty();
    }
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(INTERPRETER_BYTES_MAX);
      String start = new String(bytes, UTF_8);
      if (!start.startsWith("#!")) {
        return Optional.empty();
      }
      String[] words = start.substring(2).split("\n", 2)[0].strip().split("\\s+", 2);
      return words[0].startsWith("/") ? Optional.of(Path.of(words[0])) : Optional.empty();
    } catch (IOException | java.nio.file.InvalidPathException e) {
      return Optional.empty();
    }
  }
}
