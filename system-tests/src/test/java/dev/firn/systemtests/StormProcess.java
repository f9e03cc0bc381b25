package dev.firn.systemtests;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The installation of one storm service: database directory, ports, configuration, and the IceBox
 * while it runs. The configuration is the reference's for both implementations, unchanged. May be
 * started many times; the ports stay.
 */
final class StormProcess implements AutoCloseable {
  private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(90);

  private final Implementation implementation;
  private final String name;
  private final Path directory;
  private final Path database;
  private final int managerPort = Ports.free();
  private final int publishPort = Ports.free();
  private final int nodePort = Ports.free();
  private final int adminPort = Ports.free();
  private final Map<String, String> service = new TreeMap<>();
  private final Map<String, String> iceBox = new TreeMap<>();
  private @Nullable ChildProcess process;
  private String ready;
  private int starts;

  StormProcess(Implementation implementation, String name, Path directory) {
    this.implementation = implementation;
    this.name = name;
    this.directory = directory;
    this.database = directory.resolve("db");
    this.ready = name + " ready";
    try {
      Files.createDirectories(database);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    with("TopicManager.Endpoints", "tcp -h 127.0.0.1 -p " + managerPort);
    with(
        "Publish.Endpoints",
        "tcp -h 127.0.0.1 -p " + publishPort + ":udp -h 127.0.0.1 -p " + publishPort);
    with("LMDB.Path", database.toString());
    with("Trace.TopicManager", "2");
    with("Trace.Topic", "2");
    with("Trace.Subscriber", "2");
    with("Trace.Election", "1");
    with("Flush.Timeout", "100");
    // The machine is busier with all this than one that serves.
    withGlobal("Firn.Storm.HeartbeatTimeout", "2000");
    iceBox.put("IceBox.PrintServicesReady", name);
    iceBox.put("IceBox.Service." + name, entryPoint());
    iceBox.put("Ice.Admin.Endpoints", "tcp -h 127.0.0.1 -p " + adminPort);
    iceBox.put("Ice.Admin.InstanceName", "IceBox");
  }

  /** The value of an IceBox's property for this service. */
  String entryPoint() {
    return "IceStormService,37:createIceStorm --Ice.Config=" + serviceConfig();
  }

  private Path serviceConfig() {
    return directory.resolve("service.cfg");
  }

  /** A property of the service, without the service's name. */
  StormProcess with(String suffix, String value) {
    return withGlobal(name + "." + suffix, value);
  }

  /** A property of the service's communicator, with its full name. */
  StormProcess withGlobal(String property, String value) {
    service.put(property, value);
    return this;
  }

  StormProcess without(String suffix) {
    service.remove(name + "." + suffix);
    return this;
  }

  /** A property of the IceBox. */
  StormProcess withIceBox(String property, String value) {
    iceBox.put(property, value);
    return this;
  }

  Implementation implementation() {
    return implementation;
  }

  boolean isFirn() {
    return implementation == Implementation.FIRN;
  }

  String name() {
    return name;
  }

  String instance() {
    return service.getOrDefault(name + ".InstanceName", "IceStorm");
  }

  Path directory() {
    return directory;
  }

  Path database() {
    return database;
  }

  int managerPort() {
    return managerPort;
  }

  int publishPort() {
    return publishPort;
  }

  int nodePort() {
    return nodePort;
  }

  int adminPort() {
    return adminPort;
  }

  String managerEndpoint() {
    return "tcp -h 127.0.0.1 -p " + managerPort;
  }

  String publishEndpoint() {
    return "tcp -h 127.0.0.1 -p " + publishPort;
  }

  /** The manager at this replica only. */
  String manager() {
    return instance() + "/TopicManager:" + managerEndpoint();
  }

  /** Starts and waits until its adapters are active; replicas may not have formed a group yet. */
  StormProcess start() {
    begin();
    awaitReady();
    return this;
  }

  StormProcess begin() {
    if (process != null) {
      if (process.isAlive()) {
        throw new IllegalStateException(name + " runs already");
      }
      process.close();
    }
    Path config = writeConfiguration();
    process =
        ChildProcess.start(
            implementation + "-" + directory.getFileName() + "-" + ++starts,
            directory,
            List.of(implementation.iceBox(), "--Ice.Config=" + config),
            Map.of());
    return this;
  }

  /** Starts without an IceBox, where the implementation can. */
  StormProcess beginAlone() {
    write(serviceConfig(), service);
    process =
        ChildProcess.start(
            implementation + "-" + directory.getFileName() + "-" + ++starts,
            directory,
            List.of(
                Implementation.HOME.resolve("bin/firn").toString(),
                "storm",
                "--name",
                name,
                "--Ice.Config=" + serviceConfig()),
            Map.of());
    return this;
  }

  /** For an IceBox that is not this one's own; returns the configuration of its own. */
  Path writeConfiguration() {
    write(serviceConfig(), service);
    Path config = directory.resolve("icebox.cfg");
    write(config, iceBox);
    return config;
  }

  private static void write(Path file, Map<String, String> properties) {
    StringBuilder text = new StringBuilder();
    properties.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    try {
      Files.writeString(file, text);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  void awaitReady() {
    ChildProcess started = process();
    Await.until(
        this + " is ready",
        Cluster.LONG,
        () -> {
          if (!started.isAlive()) {
            throw new AssertionError(
                this + " ended during its start:\n" + started.err() + started.out());
          }
          return started.out().contains(ready);
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

  /** SIGTERM; must end with 0. */
  void terminate() {
    process().signal("TERM");
    int exit = awaitExit();
    if (exit != 0) {
      throw new AssertionError(this + " ended with " + exit + ":\n" + process().err());
    }
  }

  int awaitExit() {
    return process().awaitExit(TERMINATION_LIMIT);
  }

  /** What it printed since its last start. */
  String console() {
    return process().err() + process().out();
  }

  void awaitConsole(String text) {
    Await.until("console of " + this + " has \"" + text + "\"", () -> console().contains(text));
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  @Override
  public String toString() {
    return implementation + " " + directory.getFileName();
  }
}
