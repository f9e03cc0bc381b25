package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import com.zeroc.Ice.Util;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firn demo}: shows failovers with real processes, and checks them. */
@Command(
    name = "firn demo",
    mixinStandardHelpOptions = true,
    description =
        "Starts three registry replicas, a server and a client, kills the master, and promotes a"
            + " slave; then deploys an application on two nodes and kills a host, a node and the"
            + " master; then kills a client that has what another waits for; then three storm"
            + " replicas with a publisher and subscribers, and kills the coordinator. Prints what"
            + " happened. Ends with status 0 only if no call failed, nothing acknowledged was lost,"
            + " and every step did what it should.")
public final class DemoMain implements Callable<Integer> {
  private static final long LIMIT_MILLIS = 120_000;

  @Option(names = "--verbose", description = "show what the replicas print")
  private boolean verbose;

  /** What is shown, in this order. */
  private enum Chapter {
    REGISTRY,
    DEPLOYMENT,
    SESSIONS,
    STORM,
    COMPONENT
  }

  @Option(
      names = "--chapter",
      description = "shows only one: ${COMPLETION-CANDIDATES} (default: all)")
  private @Nullable Chapter chapter;

  @Option(
      names = "--gap-limit",
      paramLabel = "MILLIS",
      description =
          "the longest time without an answer from the registry that is in order, on a slow machine"
              + " more (default: ${DEFAULT-VALUE})")
  private long gapLimitMillis = 500;

  private final long startNanos = System.nanoTime();
  private boolean held = true;

  private DemoMain() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new DemoMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("firn-demo-");
    try {
      for (Chapter each : Chapter.values()) {
        if (chapter == null || chapter == each) {
          play(each, directory);
        }
      }
    } finally {
      Directories.delete(directory);
    }
    System.out.println(held ? "all of this held" : "NOT all of this held");
    return held ? 0 : 1;
  }

  private void play(Chapter which, Path directory) throws Exception {
    switch (which) {
      case REGISTRY -> {
        try (Grid grid = grid(directory.resolve("registry"))) {
          grid.start();
          play(grid);
        }
      }
      case DEPLOYMENT -> {
        try (Grid grid = grid(directory.resolve("deployment"))) {
          deploy(grid, directory);
        }
      }
      case SESSIONS -> {
        try (Grid grid = grid(directory.resolve("sessions"))) {
          share(grid, directory.resolve("sessions"));
        }
      }
      case STORM -> {
        try (StormGroup storms =
            new StormGroup(
                Directories.home(),
                directory,
                StormPorts.free(StormGroup.SIZE),
                this::replicaLine)) {
          new StormDemo(storms, this::check, this::say).play();
        }
      }
      case COMPONENT -> {
        try (Grid grid = grid(directory.resolve("component"))) {
          takeOver(grid, directory.resolve("component"));
        }
      }
    }
  }

  private void takeOver(Grid grid, Path directory) throws Exception {
    ComponentDemo demo =
        new ComponentDemo(
            grid, Directories.home(), directory, this::replicaLine, this::check, this::say);
    Thread abandon = new Thread(demo::stop, "firn-abandon");
    Runtime.getRuntime().addShutdownHook(abandon);
    demo.play();
    Runtime.getRuntime().removeShutdownHook(abandon);
  }

  private Grid grid(Path directory) throws IOException {
    return new Grid(Directories.home(), directory, Grid.freePorts(), this::replicaLine);
  }

  private void deploy(Grid grid, Path directory) throws Exception {
    DeployDemo demo =
        new DeployDemo(
            grid, Directories.home(), directory, this::replicaLine, this::check, this::say);
    Thread abandon = new Thread(demo::abandon, "firn-abandon");
    Runtime.getRuntime().addShutdownHook(abandon);
    demo.play();
    Runtime.getRuntime().removeShutdownHook(abandon);
  }

  private void share(Grid grid, Path directory) throws Exception {
    SessionDemo demo =
        new SessionDemo(
            grid, Directories.home(), directory, this::replicaLine, this::check, this::say);
    Thread abandon = new Thread(demo::abandon, "firn-abandon");
    Runtime.getRuntime().addShutdownHook(abandon);
    demo.play();
    Runtime.getRuntime().removeShutdownHook(abandon);
  }

  private void play(Grid grid) throws Exception {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    data.properties.setProperty("Ice.Default.Locator", grid.locator());
    data.properties.setProperty("Ice.RetryIntervals", "0 50 100 200");
    Process server = null;
    try (Communicator communicator = Util.initialize(data)) {
      check(
          "three replicas are up and in step: Master, Replica1, Replica2",
          Grid.awaitComplete(communicator, grid.replicas(), LIMIT_MILLIS));
      server = startServer(grid);
      say("a server registered its adapter `Echo' and its object `echo'");
      playWithClient(communicator, grid);
    } finally {
      if (server != null) {
        server.destroy();
        server.waitFor(5, TimeUnit.SECONDS);
      }
    }
  }

  private void playWithClient(Communicator communicator, Grid grid) throws InterruptedException {
    DemoClient client = new DemoClient(communicator, false);
    client.start();
    try {
      check("a client calls `echo', looking it up for every call", called(client, 500));
      failOver(communicator, grid, client);
      promote(communicator, grid, client);
      check("calls go on: " + client.calls() + " so far", called(client, 500));
    } finally {
      client.stop();
    }
    summary(client);
  }

  private void failOver(Communicator communicator, Grid grid, DemoClient client)
      throws InterruptedException {
    long before = client.calls();
    GridReplica master = grid.replica("Master");
    master.kill();
    say("the master (pid " + master.pid() + ") was killed with kill -9");
    check("calls go on through the slaves", called(client, 1_000));
    say((client.calls() - before) + " calls without a master, " + client.errors() + " errors");
    for (String slave : List.of("Replica1", "Replica2")) {
      String answer = addObject(communicator, grid.replica(slave), "refused");
      check(
          slave + " refuses an update: " + answer,
          answer.contains("not allowed on a slave or read-only master"));
    }
  }

  private void promote(Communicator communicator, Grid grid, DemoClient client)
      throws InterruptedException {
    GridReplica promoted = grid.replica("Replica1");
    GridReplica follower = grid.replica("Replica2");
    long before = client.calls();
    promoted.stop();
    promoted.restart("Master");
    say("Replica1 was stopped and started again as Master");
    check(
        "Replica2 follows the new master",
        Grid.awaitComplete(communicator, List.of(promoted, follower), LIMIT_MILLIS));
    String answer = addObject(communicator, promoted, "after-promotion");
    check("an update goes through: object `after-promotion' " + answer, answer.equals("added"));
    check(
        "Replica2 has it too",
        Grid.query(communicator, follower).findObjectById(new Identity("after-promotion", ""))
            != null);
    say((client.calls() - before) + " calls during the promotion");
  }

  private void summary(DemoClient client) {
    check(
        client.calls()
            + " calls, "
            + client.errors()
            + " errors"
            + (client.errors() == 0 ? "" : " (last: " + client.lastError() + ")"),
        client.errors() == 0);
    check(
        "longest gap between answers: "
            + client.longestGapMillis()
            + " ms (limit "
            + gapLimitMillis
            + " ms)",
        client.longestGapMillis() < gapLimitMillis);
  }

  private static boolean called(DemoClient client, long calls) throws InterruptedException {
    long goal = client.calls() + calls;
    return Grid.await(LIMIT_MILLIS, () -> client.calls() >= goal);
  }

  /** Tries to add an object; says what came of it. */
  private static String addObject(Communicator communicator, GridReplica replica, String name) {
    try (Administrator administrator = Administrator.at(communicator, replica)) {
      administrator
          .admin()
          .addObjectWithType(
              communicator.stringToProxy(name + "@" + DemoServerMain.ADAPTER), "::Demo");
      return "added";
    } catch (UserException | LocalException e) {
      return Administrator.reason(e);
    }
  }

  private static Process startServer(Grid grid) throws IOException {
    Process server =
        new ProcessBuilder(
                Directories.home().resolve("bin/firn").toString(),
                "demo-server",
                "--Ice.Default.Locator=" + grid.locator())
            .redirectErrorStream(true)
            .start();
    BufferedReader output = server.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (!"serving".equals(line)) {
      throw new IOException("the demo's server did not start: " + line);
    }
    return server;
  }

  private void check(String what, boolean condition) {
    held &= condition;
    say(condition ? what : "FAILED: " + what);
  }

  private void replicaLine(String line) {
    if (verbose) {
      say(line);
    }
  }

  private void say(String line) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    System.out.println(String.format(Locale.ROOT, "%7.3f s  %s", seconds, line));
    System.out.flush();
  }
}
