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
 * A registry's installation: its database directory, ports and configuration, and the process while
 * it runs. May be started many times, each time with changed options or under another name.
 *
 * <p>The Client and Server ports stay; the Internal port is new with each start, as in ordinary
 * installations.
 */
final class RegistryProcess implements AutoCloseable {
  private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(90);

  private final Implementation implementation;
  private final Path directory;
  private final Path database;
  private final int clientPort = Ports.free();
  private final int serverPort = Ports.free();
  private final Map<String, String> properties = new TreeMap<>();
  private final List<String> options = new ArrayList<>();
  private final List<String> launcher = new ArrayList<>();
  private String replica;
  private @Nullable ChildProcess process;
  private int starts;

  RegistryProcess(Implementation implementation, String replica, Path directory) {
    this.implementation = implementation;
    this.replica = replica;
    this.directory = directory;
    this.database = directory.resolve("db");
    try {
      Files.createDirectories(database);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    with("IceGrid.Registry.Client.Endpoints", "tcp -h 127.0.0.1 -p " + clientPort);
    with("IceGrid.Registry.Server.Endpoints", "tcp -h 127.0.0.1 -p " + serverPort);
    with("IceGrid.Registry.Internal.Endpoints", "tcp -h 127.0.0.1");
    with("IceGrid.Registry.LMDB.Path", database.toString());
    with("IceGrid.Registry.DynamicRegistration", "1");
    with("IceGrid.Registry.PermissionsVerifier", "IceGrid/NullPermissionsVerifier");
    with("IceGrid.Registry.AdminPermissionsVerifier", "IceGrid/NullPermissionsVerifier");
    with("IceGrid.Registry.ReplicaSessionTimeout", "10");
    with("IceGrid.Registry.Discovery.Enabled", "0");
    for (String category : List.of("Adapter", "Locator", "Object", "Replica", "Session")) {
      with("IceGrid.Registry.Trace." + category, "2");
    }
    with("Ice.PrintAdapterReady", "1");
  }

  RegistryProcess with(String property, String value) {
    properties.put(property, value);
    return this;
  }

  RegistryProcess without(String property) {
    properties.remove(property);
    return this;
  }

  /** Command-line options of the next start; replaces earlier ones. */
  RegistryProcess options(String... replacement) {
    options.clear();
    options.addAll(List.of(replacement));
    return this;
  }

  /** A command that starts the registry instead of the test itself, such as {@code nice}. */
  RegistryProcess startedBy(String... command) {
    launcher.clear();
    launcher.addAll(List.of(command));
    return this;
  }

  /** The replica name of the next start. */
  RegistryProcess named(String name) {
    replica = name;
    return this;
  }

  Implementation implementation() {
    return implementation;
  }

  boolean isFirn() {
    return implementation == Implementation.FIRN;
  }

  String replica() {
    return replica;
  }

  Path database() {
    return database;
  }

  Path directory() {
    return directory;
  }

  int clientPort() {
    return clientPort;
  }

  int serverPort() {
    return serverPort;
  }

  String endpoint() {
    return "tcp -h 127.0.0.1 -p " + clientPort;
  }

  /** A proxy of one of the objects on the Client adapter, in the default instance. */
  String proxy(String name) {
    return "IceGrid/" + name + ":" + endpoint();
  }

  String locatorProxy() {
    return proxy("Locator");
  }

  /** The name of this replica's Registry object. */
  String registryName() {
    return replica.equals("Master") ? "Registry" : "Registry-" + replica;
  }

  /** Starts and waits until clients are served. */
  RegistryProcess start() {
    begin();
    awaitReady();
    return this;
  }

  RegistryProcess begin() {
    if (process != null) {
      if (process.isAlive()) {
        throw new IllegalStateException(replica + " runs already");
      }
      process.close();
    }
    Path config = directory.resolve("registry.cfg");
    StringBuilder text = new StringBuilder("IceGrid.Registry.ReplicaName=" + replica + "\n");
    properties.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    try {
      Files.writeString(config, text);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of(implementation.registry(), "--Ice.Config=" + config));
    command.addAll(options);
    process =
        ChildProcess.start(
            implementation + "-" + replica.replace('/', '_') + "-" + ++starts,
            directory,
            command,
            Map.of());
    return this;
  }

  void awaitReady() {
    String last =
        properties.containsKey("IceGrid.Registry.AdminSessionManager.Endpoints")
            ? "IceGrid.Registry.AdminSessionManager ready"
            : "IceGrid.Registry.Client ready";
    ChildProcess started = process();
    Await.until(
        "registry " + replica + " is ready",
        Cluster.LONG,
        () -> {
          if (!started.isAlive()) {
            throw new AssertionError(
                replica + " ended during its start:\n" + started.err() + started.out());
          }
          return started.out().contains(last);
        });
  }

  ChildProcess process() {
    return requireNonNull(process, "never started");
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Kill -9. */
  void kill() {
    process().kill();
  }

  /** SIGTERM; the registry must end with 0. */
  void terminate() {
    process().signal("TERM");
    int exit = awaitExit();
    if (exit != 0) {
      throw new AssertionError(replica + " ended with " + exit + ":\n" + process().err());
    }
  }

  int awaitExit() {
    return process().awaitExit(TERMINATION_LIMIT);
  }

  /**
   * What the process printed on its console since it started: standard error, then standard output.
   */
  String console() {
    return process().err() + process().out();
  }

  void awaitConsole(String text) {
    Await.until("console of " + replica + " has \"" + text + "\"", () -> console().contains(text));
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  @Override
  public String toString() {
    return implementation + " " + replica;
  }
}
