package dev.firn.node;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths as descriptors have them. Pure. */
final class PathText {
  private PathText() {}

  /** As the reference simplifies: inner {@code ..} are kept. */
  static String simplify(String path) {
    String simple = path;
    while (simple.contains("//")) {
      simple = simple.replace("//", "/");
    }
    while (simple.contains("/./")) {
      simple = simple.replace("/./", "/");
    }
    while (simple.startsWith("/../")) {
      simple = simple.substring(3);
    }
    if (simple.startsWith("./")) {
      simple = simple.substring(2);
    }
    if (simple.equals("/.") || simple.equals("/..")) {
      return "/";
    }
    if (simple.endsWith("/.")) {
      simple = simple.substring(0, simple.length() - 2);
    }
    return simple.length() > 1 && simple.endsWith("/")
        ? simple.substring(0, simple.length() - 1)
        : simple;
  }

  /** A simplified path, made absolute with the working directory of the node. */
  static Path absolute(String path) {
    return Path.of(simplify(path.stripLeading())).toAbsolutePath();
  }

  /** Whether a name from a descriptor can be the name of one file in a directory. */
  static boolean isFileName(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && isExpressible(name);
  }

  /** Whether the system can have such a file: the node's locale says which letters there are. */
  private static boolean isExpressible(String name) {
    try {
      return !Path.of(name).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
