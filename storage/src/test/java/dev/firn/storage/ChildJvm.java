package dev.firn.storage;

import java.nio.file.Path;
import java.util.List;

/** How a test starts a main class of the tests in a process of its own. */
final class ChildJvm {
  private ChildJvm() {}

  static List<String> command(Class<?> main, Path directory) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        main.getName(),
        directory.toString());
  }
}
