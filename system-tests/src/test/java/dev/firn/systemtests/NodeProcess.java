package dev.firn.systemtests;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node's installation: its data directory and configuration, and the process while it runs. May
 * be started many times. Its port is new with each start, as in ordinary installations.
 */
final class NodeProcess implements AutoCloseable {
  private static final Duration TERMINATION_LIMIT = Duration.ofMinutes(2);

  private final Implementation implementation;
  private final String name;
  private final Path directory;
  private final Path data;
  private final Leftovers leftovers;
  private final Map<String, String> properties = new TreeMap<>();
  private final List<String> options = new ArrayList<>();
  private final List<String> prefix = new ArrayList<>();
  private @Nullable ChildProcess process;
  private int starts;

  NodeProcess(Implementation implementation, String name, Path directory, Leftovers leftovers) {
    this.implementation = implementation;
    this.name = name;
    this.directory = directory;
    this.data = directory.resolve("data");
    this.leftovers = leftovers;
    try {
      Files.createDirectories(data);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    with("IceGrid.Node.Data", data.toString());
    with("IceGrid.Node.Endpoints", "tcp -h 127.0.0.1");
    with("IceGrid.Node.PrintServersReady", "servers of " + name);
    with("IceGrid.Node.AllowRunningServersAsRoot", "1");
    for (String category : List.of("Activator", "Adapter", "Replica", "Server")) {
      with("IceGrid.Node.Trace." + category, "3");
    }
  }

  NodeProcess with(String property, String value) {
    properties.put(property, value);
    return this;
  }

  /** Command-line options of the next start; replaces earlier ones. */
  NodeProcess options(String... replacement) {
    options.clear();
    options.addAll(List.of(replacement));
    return this;
  }

  /** A command that becomes the node at the next starts, with its own arguments. */
  NodeProcess through(String... command) {
    prefix.clear();
    prefix.addAll(List.of(command));
    return this;
  }

  Implementation implementation() {
    return implementation;
  }

  String name() {
    return name;
  }

  Path directory() {
    return directory;
  }

  Path data() {
    return data;
  }

  /** Where the node keeps its servers' directories. */
  Path servers() {
    return data.resolve("servers");
  }

  /** A generated configuration file of a server. */
  Path configuration(String server, String file) {
    return servers().resolve(server).resolve("config").resolve(file);
  }

  /** Starts and waits until the node has a session with the master. */
  NodeProcess start() {
    begin();
    awaitReady();
    return this;
  }

  NodeProcess begin() {
    if (process != null) {
      if (process.isAlive()) {
        throw new IllegalStateException(name + " runs already");
      }
      process.close();
    }
    Path config = directory.resolve("node.cfg");
    StringBuilder text = new StringBuilder("IceGrid.Node.Name=" + name + "\n");
    properties.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    try {
      Files.writeString(config, text);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(implementation.node(), "--Ice.Config=" + config));
    command.addAll(options);
    process =
        ChildProcess.start(
            implementation + "-" + name + "-" + ++starts,
            directory,
            command,
            leftovers.environment());
    return this;
  }

  void awaitReady() {
    ChildProcess started = process();
    Await.until(
        "node " + name + " is ready",
        Cluster.LONG,
        () -> {
          if (!started.isAlive()) {
            throw new AssertionError(name + " ended during its start:\n" + console());
          }
          return console().contains("servers of " + name + " ready");
        });
  }

  ChildProcess process() {
    return requireNonNull(process, "never started");
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Kill -9; the servers stay. */
  void kill() {
    process().kill();
  }

  /** SIGTERM; the node must end with 0. */
  void terminate() {
    process().signal("TERM");
    int exit = awaitExit();
    if (exit != 0) {
      throw new AssertionError(name + " ended with " + exit + ":\n" + console());
    }
  }

  int awaitExit() {
    return process().awaitExit(TERMINATION_LIMIT);
  }

  /** What the process and its servers printed since it started. */
  String console() {
    return process().err() + process().out();
  }

  void awaitConsole(String text) {
    Await.until("console of " + name + " has \"" + text + "\"", () -> console().contains(text));
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  @Override
  public String toString() {
    return implementation + " " + name;
  }
}
