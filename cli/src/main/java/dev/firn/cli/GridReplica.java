package dev.firn.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One registry replica of a {@link Grid}: a process, and a directory that outlives it. */
final class GridReplica {
  private static final int STOP_SECONDS = 10;

  private final Path home;
  private final Path directory;
  private final int port;
  private final String locator;
  private final ReplicaProcess process;
  private String name;

  /**
   * Not yet started.
   *
   * @param home where {@code bin/firn} is
   * @param directory of its database; made if missing
   * @param lines takes what the process prints, and a line at its end; from other threads
   */
  GridReplica(
      Path home, Path directory, String name, int port, String locator, Consumer<String> lines) {
    this.home = home;
    this.directory = directory;
    this.name = name;
    this.port = port;
    this.locator = locator;
    this.process = new ReplicaProcess(lines, STOP_SECONDS);
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isRunning();
  }

  void start() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + directory, e);
    }
    process.start(name, command());
  }

  /** Starts again, possibly under another name, on the same database; it must have ended. */
  void restart(String newName) {
    name = newName;
    start();
  }

  /** Ends at once, as if the host had lost its power. */
  void kill() {
    process.kill();
  }

  /** Ends in order, if it was started. */
  void stop() {
    process.stop();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/firn").toString());
    command.add("registry");
    command.add("--nowarn");
    property(command, "IceGrid.InstanceName", Grid.INSTANCE);
    property(command, "IceGrid.Registry.ReplicaName", name);
    property(command, "IceGrid.Registry.Client.Endpoints", "tcp -h 127.0.0.1 -p " + port);
    property(command, "IceGrid.Registry.Server.Endpoints", "tcp -h 127.0.0.1");
    property(command, "IceGrid.Registry.Internal.Endpoints", "tcp -h 127.0.0.1");
    property(command, "IceGrid.Registry.LMDB.Path", directory.toString());
    property(command, "IceGrid.Registry.DynamicRegistration", "1");
    property(
        command,
        "IceGrid.Registry.PermissionsVerifier",
        Grid.INSTANCE + "/NullPermissionsVerifier");
    property(
        command,
        "IceGrid.Registry.AdminPermissionsVerifier",
        Grid.INSTANCE + "/NullPermissionsVerifier");
    property(command, "IceGrid.Registry.Discovery.Interface", "127.0.0.1");
    property(command, "IceGrid.Registry.Trace.Replica", "1");
    property(command, "Ice.PrintAdapterReady", "1");
    property(command, "Ice.Default.Locator", locator);
    return command;
  }

  private static void property(List<String> command, String key, String value) {
    command.add("--" + key + "=" + value);
  }
}
