package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firn up}: a small grid and a storm on loopback for development. */
@Command(
    name = "firn up",
    mixinStandardHelpOptions = true,
    description =
        "Starts three registry replicas, two nodes and three storm replicas on loopback, prints the"
            + " proxies that Ice clients need, and a line for each change of state. Ctrl-C stops"
            + " all.")
public final class UpMain implements Callable<Integer> {
  private static final int PORT_STEP = 10;
  private static final long START_LIMIT_MILLIS = 120_000;

  @Option(
      names = "--dir",
      description = "where the databases are; kept (default: temporary, deleted at the end)")
  private @Nullable Path directory;

  @Option(
      names = "--port",
      defaultValue = "4061",
      description =
          "client port of Master; Replica1 and Replica2 use the next ones in steps of 10; 0 takes"
              + " free ports (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--storm-port",
      defaultValue = "10000",
      description =
          "topic manager's port of Storm1, its publishers' is the next, its node's the one after;"
              + " Storm2 and Storm3 follow in steps of 10; with --port 0 all are free ports"
              + " (default: ${DEFAULT-VALUE})")
  private int stormPort;

  /** A signal is ending all of it: what fails now is its doing. */
  private volatile boolean ending;

  /** How the process ends. A signal is how this command is meant to end, so that is success. */
  private volatile int status;

  private UpMain() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new UpMain()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    boolean temporary = directory == null;
    Path base = directory == null ? Files.createTempDirectory("firn-up-") : directory;
    Grid grid = new Grid(Directories.home(), base, ports(), UpMain::print);
    GridNodes nodes = new GridNodes(Directories.home(), base, grid.locator(), UpMain::print);
    StormGroup storms = new StormGroup(Directories.home(), base, stormPorts(), UpMain::print);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(grid, nodes, storms, base, temporary), "firn-end"));
    grid.start();
    storms.start();
    try (Communicator communicator = Util.initialize()) {
      if (!Grid.awaitComplete(communicator, grid.replicas(), START_LIMIT_MILLIS)) {
        return failed("the replicas did not find each other");
      }
      nodes.start();
      if (!nodes.awaitUp(communicator, grid, START_LIMIT_MILLIS)) {
        return failed("the nodes have no session with the master");
      }
      if (StormGroup.awaitGroup(communicator, storms.replicas(), START_LIMIT_MILLIS).isEmpty()) {
        return failed("the storm's replicas did not form a group");
      }
    }
    print("databases in " + base + (temporary ? ", deleted at the end" : ""));
    print("nodes: " + String.join(", ", GridNodes.NAMES));
    print("all replicas are in step. Give these to any Ice client:");
    print("");
    print("Ice.Default.Locator=" + grid.locator());
    print("IceStormAdmin.TopicManager.Default=" + storms.manager());
    print("");
    new CountDownLatch(1).await();
    return 0;
  }

  private int failed(String what) {
    if (!ending) {
      System.err.println("firn up: " + what + "; see above");
      status = 1;
    }
    return status;
  }

  private List<Integer> ports() throws java.io.IOException {
    if (port == 0) {
      return Grid.freePorts();
    }
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < Grid.NAMES.size(); i++) {
      ports.add(port + i * PORT_STEP);
    }
    return ports;
  }

  private List<StormPorts> stormPorts() throws java.io.IOException {
    if (port == 0) {
      return StormPorts.free(StormGroup.SIZE);
    }
    List<StormPorts> ports = new ArrayList<>();
    for (int i = 0; i < StormGroup.SIZE; i++) {
      ports.add(StormPorts.from(stormPort + i * PORT_STEP));
    }
    return ports;
  }

  private void end(Grid grid, GridNodes nodes, StormGroup storms, Path base, boolean temporary) {
    ending = true;
    // Servers leave first, while there is still a registry to tell.
    nodes.close();
    storms.close();
    grid.close();
    if (temporary) {
      try {
        Directories.delete(base);
      } catch (java.io.IOException e) {
        System.err.println("firn up: " + base + " was not deleted: " + e);
      }
    }
    Runtime.getRuntime().halt(status);
  }

  private static synchronized void print(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
