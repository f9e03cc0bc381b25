package dev.firn.systemtests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A service locator and instances of a component that does nothing, on loopback. */
final class ComponentFixture implements AutoCloseable {
  final Lab lab = new Lab();
  private final int port = Ports.free();
  private final int managementPort = Ports.free();

  /** The locator's data stay over restarts. */
  ChildProcess locator() {
    Path data = lab.directory().resolve("locator");
    try {
      Files.createDirectories(data);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return server(
        "locator",
        "--Firn.Locator.Data=" + data,
        "--Firn.Locator.Endpoints=tcp -h 127.0.0.1 -p " + port,
        "--Firn.Locator.Management.Endpoints=tcp -h 127.0.0.1 -p " + managementPort);
  }

  String locatorProxy() {
    return "LocatorService:tcp -h 127.0.0.1 -p " + port;
  }

  String managementProxy() {
    return "LocatorServiceManagement:tcp -h 127.0.0.1 -p " + managementPort;
  }

  /** One instance, and how it is reached. */
  record Instance(String name, List<String> arguments, String proxy, String health) {}

  Instance instance(String name) {
    int backplane = Ports.free();
    int health = Ports.free();
    List<String> arguments =
        List.of(
            "component",
            "run",
            DoNothing.class.getName(),
            "--name",
            name,
            "--classpath",
            DoNothing.classPath(),
            "--ServiceLocatorProxy=" + locatorProxy(),
            "--ServiceLocatorManagementProxy=" + managementProxy(),
            "--" + name + ".Endpoints=tcp -h 127.0.0.1 -p " + Ports.free(),
            "--" + name + ".Backplane.Endpoints=tcp -h 127.0.0.1 -p " + backplane,
            "--" + name + ".Health.Endpoint=127.0.0.1:" + health);
    return new Instance(
        name, arguments, name + ".Replica:tcp -h 127.0.0.1 -p " + backplane, "127.0.0.1:" + health);
  }

  ChildProcess run(Instance instance) {
    ChildProcess process = lab.firn(instance.arguments().toArray(new String[0]));
    Await.until(instance.name() + " is ready", () -> process.out().contains(" ready"));
    return process;
  }

  /** A command of the tool at its end. */
  ChildProcess tool(String... arguments) {
    List<String> all = new ArrayList<>(List.of("component", "--locator", locatorProxy()));
    all.addAll(List.of(arguments));
    ChildProcess process = lab.firn(all.toArray(new String[0]));
    process.awaitExit(Duration.ofSeconds(90));
    return process;
  }

  /** The exit status of a command of the tool. */
  int status(String... arguments) {
    return tool(arguments).awaitExit(Duration.ofSeconds(1));
  }

  private ChildProcess server(String name, String... arguments) {
    List<String> all = new ArrayList<>(List.of("component", name));
    all.addAll(List.of(arguments));
    ChildProcess process = lab.firn(all.toArray(new String[0]));
    Await.until(name + " is ready", () -> process.out().contains(name + " ready"));
    return process;
  }

  @Override
  public void close() {
    lab.close();
  }
}
