package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts what components need.
 *
 * @param directory where each has a directory of its own, and its log
 * @param port the first of 12
 * @param communicator of the benchmark
 */
record ComponentPrograms(Path firn, Path directory, int port, Communicator communicator) {

  /** An endpoint on the n-th port. */
  String endpoint(int n) {
    return "tcp -h 127.0.0.1 -p " + (port + n);
  }

  /** What leads an instance or a replicator to the locator. */
  List<String> locating() {
    return List.of(
        "--ServiceLocatorProxy=LocatorService:" + endpoint(1),
        "--ServiceLocatorManagementProxy=LocatorServiceManagement:" + endpoint(2));
  }

  ServerProcess locator() throws IOException, InterruptedException {
    return server(
        "locator",
        "locator ready",
        List.of(
            "component",
            "locator",
            "--Firn.Locator.Data=" + fresh("locator"),
            "--Firn.Locator.Endpoints=" + endpoint(1),
            "--Firn.Locator.Management.Endpoints=" + endpoint(2)));
  }

  /** With an empty database. */
  ServerProcess replicator(String name, String level, List<String> more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "component",
                "replicator",
                "--Firn.Replicator.Data=" + fresh(name),
                "--Firn.Replicator.Endpoints=" + endpoint(3),
                "--Replicator.Ack=" + level));
    arguments.addAll(more);
    return server(name, "StateReplicator ready", arguments);
  }

  ServerProcess registry() throws IOException, InterruptedException {
    return server(
        "registry",
        "IceGrid.Registry.Client ready",
        List.of(
            "registry",
            "--IceGrid.Registry.Client.Endpoints=" + endpoint(4),
            "--IceGrid.Registry.Server.Endpoints=tcp -h 127.0.0.1",
            "--IceGrid.Registry.Internal.Endpoints=tcp -h 127.0.0.1",
            "--IceGrid.Registry.Discovery.Enabled=0",
            "--IceGrid.Registry.LMDB.Path=" + fresh("registry"),
            "--Ice.PrintAdapterReady=1"));
  }

  String registryLocator() {
    return "IceGrid/Locator:" + endpoint(4);
  }

  /** Instance 1 or 2 of the demo's counter, whose role the registry gives. */
  ServerProcess instance(int number) throws IOException, InterruptedException {
    String name = "Counter-" + number;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "component",
                "run",
                "dev.firn.cli.DemoCounter",
                "--name",
                name,
                "--" + name + ".Endpoints=" + endpoint(4 + 2 * number),
                "--" + name + ".Backplane.Endpoints=" + endpoint(5 + 2 * number),
                "--" + name + ".StateReplicatorName=Counter",
                "--" + name + ".Manager=firn",
                "--Ice.Default.Locator=" + registryLocator()));
    arguments.addAll(locating());
    return server(name, name + " ready", arguments);
  }

  private Path fresh(String name) throws IOException {
    return Files.createTempDirectory(directory, name);
  }

  private ServerProcess server(String name, String ready, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(firn.toString()));
    command.addAll(arguments);
    Path log = Files.createTempFile(directory, name, ".log");
    var process = new ServerProcess(ServerKind.FIRN, command, port, ready, log);
    try {
      return process.awaitReady();
    } catch (RuntimeException | InterruptedException e) {
      process.close();
      throw e;
    }
  }
}
