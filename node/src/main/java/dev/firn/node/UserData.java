package dev.firn.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Tells whether a server's directory holds anything that the node did not put there. Blocks. */
final class UserData {
  private static final Set<String> OWN = Set.of("dbs", "config", "distrib", "revision", "data");

  private static final Set<String> OWN_IN_DB_ENV = Set.of("DB_CONFIG", "__Freeze");

  private UserData() {}

  /**
   * @throws IOException if the directory or its configuration cannot be read
   */
  static boolean in(Path server) throws IOException {
    if (Files.isSymbolicLink(server)) {
      return true;
    }
    for (String name : FileTree.names(server)) {
      boolean services = name.startsWith("data_");
      boolean own = OWN.contains(name) || services;
      if (!own || Files.isSymbolicLink(server.resolve(name))) {
        return true;
      }
      if ((services || name.equals("data")) && !FileTree.isEmptyDirectory(server.resolve(name))) {
        return true;
      }
    }
    for (String name : FileTree.names(server.resolve("config"))) {
      if (!name.startsWith("config")) {
        return true;
      }
    }
    Path environments = server.resolve("dbs");
    for (String name : FileTree.names(environments)) {
      if (inDbEnv(environments.resolve(name))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a database environment has been used. */
  static boolean inDbEnv(Path environment) {
    try {
      return !FileTree.isDirectory(environment)
          || !OWN_IN_DB_ENV.containsAll(FileTree.names(environment));
    } catch (IOException e) {
      return true;
    }
  }
}
