package dev.firn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories for a while. */
final class Directories {
  private Directories() {}

  /** Deletes a directory and all in it. */
  static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(directory)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** Where the launcher is. */
  static Path home() {
    return Path.of(System.getProperty("firn.home", "."));
  }
}
