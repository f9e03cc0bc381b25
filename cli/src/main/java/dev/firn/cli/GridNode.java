package dev.firn.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A node of a {@link Grid}: a process, and a directory that outlives it. */
final class GridNode {
  /**
   * It stops its servers first; each of them has a minute, unless its descriptor says otherwise.
   */
  private static final int STOP_SECONDS = 90;

  private final Path home;
  private final Path directory;
  private final String name;
  private final String locator;
  private final ReplicaProcess process;

  /**
   * Not yet started.
   *
   * @param home where {@code bin/firn} is
   * @param directory of its servers; made if missing
   * @param locator of the grid's registries
   * @param lines takes what the process and its servers print, and a line at its end; from other
   *     threads
   */
  GridNode(Path home, Path directory, String name, String locator, Consumer<String> lines) {
    this.home = home;
    this.directory = directory;
    this.name = name;
    this.locator = locator;
    this.process = new ReplicaProcess(lines, STOP_SECONDS);
  }

  String name() {
    return name;
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

  /** Ends at once, and leaves its servers behind. */
  void kill() {
    process.kill();
  }

  /** Asks it to stop its servers and to end, if it was started. */
  void requestStop() {
    process.requestStop();
  }

  /** Stops its servers and ends, if it was started. */
  void stop() {
    process.stop();
  }

  private List<String> command() {
    return List.of(
        home.resolve("bin/firn").toString(),
        "node",
        "--nowarn",
        "--IceGrid.Node.Name=" + name,
        "--IceGrid.Node.Data=" + directory,
        "--IceGrid.Node.Endpoints=tcp -h 127.0.0.1",
        // As who runs this; a nameless user could not get at files of a home directory.
        "--IceGrid.Node.AllowRunningServersAsRoot=1",
        "--IceGrid.Node.PropertiesOverride=Ice.Default.Host=127.0.0.1",
        "--Ice.Default.Locator=" + locator);
  }
}
