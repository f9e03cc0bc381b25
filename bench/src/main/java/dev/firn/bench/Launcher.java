package dev.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Starts servers under test, each with a directory and three ports of its own. Both registries get
 * the same configuration file; only the program differs. Used by one thread.
 */
final class Launcher {
  private static final int MAP_SIZE_MEGABYTES = 1024;

  private final Map<ServerKind, Path> programs;
  private final Path directory;
  private final List<String> noopOptions;
  private int nextPort;
  private int nextDirectory;

  /**
   * @param programs the launchers of the registries
   * @param directory an existing directory for databases and logs
   * @param noopOptions JVM options and, after {@code --}, Ice properties of the constant server
   * @param firstPort ports are taken from here on upwards
   */
  Launcher(
      Map<ServerKind, Path> programs, Path directory, List<String> noopOptions, int firstPort) {
    this.programs = Map.copyOf(programs);
    this.directory = directory;
    this.noopOptions = List.copyOf(noopOptions);
    this.nextPort = firstPort;
  }

  /** Starts a server on an empty database; the constant server has none. */
  ServerProcess start(ServerKind kind) throws IOException {
    return start(kind, Optional.empty(), Optional.empty());
  }

  /** Starts a server on a database that holds what the export file says. */
  ServerProcess start(ServerKind kind, Path export) throws IOException, InterruptedException {
    if (!kind.isRegistry()) {
      return start(kind);
    }
    Path database = newDirectory(kind);
    importDatabase(kind, export, database);
    return start(kind, Optional.of(database), Optional.empty());
  }

  /** Starts a slave on an empty database. */
  ServerProcess startSlave(ServerProcess master) throws IOException {
    return start(master.kind(), Optional.empty(), Optional.of(master));
  }

  private ServerProcess start(
      ServerKind kind, Optional<Path> database, Optional<ServerProcess> master) throws IOException {
    int port = nextPort;
    nextPort += 3;
    List<String> command = new ArrayList<>();
    String readyLine;
    Path home = database.isPresent() ? database.get() : newDirectory(kind);
    if (kind.isRegistry()) {
      command.add(program(kind).toString());
      if (kind == ServerKind.FIRN) {
        command.add("registry");
      }
      command.add("--Ice.Config=" + writeConfiguration(home, port, master));
      command.add("--nowarn");
      readyLine = "IceGrid.Registry.Client ready";
    } else {
      int properties = noopOptions.indexOf("--");
      int split = properties < 0 ? noopOptions.size() : properties;
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(noopOptions.subList(0, split));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(NoopServer.class.getName());
      command.add("--Noop.Endpoints=tcp -h 127.0.0.1 -p " + port);
      command.add("--Ice.PrintAdapterReady=1");
      command.addAll(
          noopOptions.subList(Math.min(split + 1, noopOptions.size()), noopOptions.size()));
      readyLine = NoopServer.ADAPTER + " ready";
    }
    return new ServerProcess(kind, command, port, readyLine, sibling(home, ".log"));
  }

  private Path program(ServerKind kind) {
    var program = programs.get(kind);
    if (program == null) {
      throw new IllegalArgumentException("no program given for " + kind.label());
    }
    return program;
  }

  private Path newDirectory(ServerKind kind) throws IOException {
    return Files.createDirectory(directory.resolve(kind.label() + "-" + nextDirectory++));
  }

  private static Path sibling(Path home, String suffix) {
    return home.resolveSibling(home.getFileName() + suffix);
  }

  private static Path writeConfiguration(Path home, int port, Optional<ServerProcess> master)
      throws IOException {
    var properties = new TreeMap<String, String>();
    properties.put("IceGrid.Registry.Client.Endpoints", "tcp -h 127.0.0.1 -p " + port);
    properties.put("IceGrid.Registry.Server.Endpoints", "tcp -h 127.0.0.1 -p " + (port + 1));
    properties.put("IceGrid.Registry.Internal.Endpoints", "tcp -h 127.0.0.1 -p " + (port + 2));
    properties.put("IceGrid.Registry.LMDB.Path", home.toString());
    properties.put("IceGrid.Registry.LMDB.MapSize", Integer.toString(MAP_SIZE_MEGABYTES));
    properties.put("IceGrid.Registry.DynamicRegistration", "1");
    properties.put("IceGrid.Registry.AdminPermissionsVerifier", "IceGrid/NullPermissionsVerifier");
    properties.put("IceGrid.Registry.PermissionsVerifier", "IceGrid/NullPermissionsVerifier");
    properties.put("IceGrid.Registry.Discovery.Enabled", "0");
    properties.put("Ice.PrintAdapterReady", "1");
    master.ifPresent(
        process -> {
          properties.put("IceGrid.Registry.ReplicaName", "Replica1");
          properties.put("Ice.Default.Locator", "IceGrid/Locator:" + process.endpoint());
        });
    Path file = sibling(home, ".properties");
    Files.write(
        file, properties.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    return file;
  }

  private void importDatabase(ServerKind kind, Path export, Path database)
      throws IOException, InterruptedException {
    Path log = sibling(database, ".import.log");
    int exit =
        new ProcessBuilder(
                program(kind).resolveSibling("icegriddb").toString(),
                "--import",
                export.toString(),
                "--dbpath",
                database.toString(),
                "--mapsize",
                Integer.toString(MAP_SIZE_MEGABYTES))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException(
          "import into " + kind.label() + " ended with exit " + exit + "; see " + log);
    }
  }

  /** Removes a directory with everything in it. */
  static void deleteTree(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.sorted((a, b) -> b.compareTo(a)).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
