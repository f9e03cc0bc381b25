package dev.firn.cli;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One registry replica of a {@link Grid}: a process, and a directory that outlives it. */
final class GridReplica {
  private static final int STOP_SECONDS = 10;
  private static final int LAST_LINES_MILLIS = 1_000;

  private final Path home;
  private final Path directory;
  private final int port;
  private final String locator;
  private final Consumer<String> lines;
  private String name;
  private @Nullable Process process;
  private @Nullable Thread reader;

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
    this.lines = lines;
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  long pid() {
    return process().pid();
  }

  boolean isRunning() {
    return process().isAlive();
  }

  void start() {
    process = launch();
  }

  /** Starts again, possibly under another name, on the same database; it must have ended. */
  void restart(String newName) {
    name = newName;
    start();
  }

  /** Ends at once, as if the host had lost its power. */
  void kill() {
    process().toHandle().destroyForcibly();
    await(process());
  }

  /** Ends in order, if it was started. */
  void stop() {
    Process started = process;
    if (started != null) {
      // By its handle: the process's own method would close the output, which is still to be shown.
      started.toHandle().destroy();
      await(started);
    }
  }

  private Process process() {
    return requireNonNull(process, "never started");
  }

  private void await(Process ending) {
    try {
      if (!ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        ending.destroyForcibly().waitFor();
      }
      Thread lastLines = reader;
      if (lastLines != null) {
        lastLines.join(LAST_LINES_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() {
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
        "IceGrid.Registry.AdminPermissionsVerifier",
        Grid.INSTANCE + "/NullPermissionsVerifier");
    property(command, "IceGrid.Registry.Discovery.Interface", "127.0.0.1");
    property(command, "IceGrid.Registry.Trace.Replica", "1");
    property(command, "Ice.PrintAdapterReady", "1");
    property(command, "Ice.Default.Locator", locator);
    try {
      Files.createDirectories(directory);
      Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
      String startedName = name;
      Thread lastLines = new Thread(() -> read(started, startedName), "firn-" + startedName);
      lastLines.setDaemon(true);
      lastLines.start();
      reader = lastLines;
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start replica " + name + " in " + directory, e);
    }
  }

  private void read(Process started, String startedName) {
    try (BufferedReader output = started.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.accept(startedName + ": " + line);
      }
      lines.accept(startedName + ": ended with status " + started.waitFor());
    } catch (IOException e) {
      lines.accept(startedName + ": output lost: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void property(List<String> command, String key, String value) {
    command.add("--" + key + "=" + value);
  }
}
