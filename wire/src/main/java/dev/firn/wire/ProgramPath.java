package dev.firn.wire;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** The directories in which the system looks for programs. */
public final class ProgramPath {
  private ProgramPath() {}

  /**
   * @param wanted of those with the name, in their order, the first of this kind is taken
   * @return absolute
   */
  public static Optional<Path> find(String name, Predicate<Path> wanted) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory).resolve(name).toAbsolutePath())
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .filter(wanted)
        .findFirst();
  }
}
