package dev.firn.cli;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdminPrx;
import dev.firn.model.SortedNames;
import dev.firn.wire.DescriptorWriter;
import dev.firn.wire.Firn.Demo.EchoPrx;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The chapter of {@code firn demo} about deployment: servers start because somebody calls them; a
 * host, a node and the master are lost meanwhile.
 */
final class DeployDemo {
  private static final String APPLICATION = "demo-application.xml";
  private static final long LIMIT_MILLIS = 120_000;
  private static final long CALLS = 500;

  private final Grid grid;
  private final Path home;
  private final Path directory;
  private final GridNodes nodes;
  private final StormDemo.Check check;
  private final Consumer<String> say;
  // Those that a killed node leaves behind, should this chapter not come to its end.
  private final Set<Long> servers = ConcurrentHashMap.newKeySet();

  DeployDemo(
      Grid grid,
      Path home,
      Path directory,
      Consumer<String> lines,
      StormDemo.Check check,
      Consumer<String> say) {
    this.grid = grid;
    this.home = home;
    this.directory = directory;
    this.check = check;
    this.say = say;
    nodes = new GridNodes(home, directory, grid.locator(), lines);
  }

  void play() throws Exception {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    data.properties.setProperty("Ice.Default.Locator", grid.locator());
    data.properties.setProperty("Ice.RetryIntervals", "0 50 100 200 500");
    try (Communicator communicator = Util.initialize(data)) {
      grid.start();
      check.check(
          "three registry replicas are up and in step",
          Grid.awaitComplete(communicator, grid.replicas(), LIMIT_MILLIS));
      nodes.start();
      boolean up = nodes.awaitUp(communicator, grid, LIMIT_MILLIS);
      check.check("two nodes have sessions with the master: node1, node2", up);
      if (!up) {
        return;
      }
      try (Administrator master = Administrator.at(communicator, grid.replica("Master"))) {
        deploy(master.admin());
        DemoClient client = new DemoClient(communicator, true);
        try {
          activate(master, client);
          loseHost(communicator, master, client);
          loseNode(master, client);
          loseMaster(communicator, client);
        } finally {
          client.stop();
        }
        check.check(
            client.calls() + " calls, " + client.errors() + " errors" + lastError(client),
            client.errors() == 0);
        say.accept("longest gap between answers: " + client.longestGapMillis() + " ms");
      }
    } finally {
      nodes.close();
    }
    check.check(
        "no server is left",
        Grid.await(LIMIT_MILLIS, () -> servers.stream().noneMatch(DeployDemo::isAlive)));
  }

  private static String lastError(DemoClient client) {
    return client.errors() == 0 ? "" : " (last: " + client.lastError() + ")";
  }

  private void deploy(AdminPrx admin) throws Exception {
    Path file = directory.resolve(APPLICATION);
    try (InputStream xml = DeployDemo.class.getResourceAsStream(APPLICATION)) {
      Files.copy(requireNonNull(xml, APPLICATION), file);
    }
    admin.addApplication(
        DescriptorWriter.application(
            new ApplicationFiles(admin)
                .parse(
                    file.toString(),
                    List.of(),
                    SortedNames.copyOf(
                        Map.of("firn", home.resolve("bin/firn").toString(), "user", user())))));
    say.accept("the application `Demo' was added: echo1 on node1, echo2 and late on node2");
  }

  /** A node of root's would start servers as nobody, who may not read what is needed. */
  static String user() {
    return System.getProperty("user.name", "").replace("?", "");
  }

  private void activate(Administrator master, DemoClient client) throws InterruptedException {
    check.check(
        "none of its servers runs",
        List.of("echo1", "echo2", "late").stream().allMatch(server -> master.pid(server) == 0));
    long started = System.nanoTime();
    client.start();
    check.check("a client calls `echo': servers start on demand", called(client, 1));
    say.accept("the first answer came after " + millisSince(started) + " ms");
    check.check(
        "echo1 and echo2 are active",
        Grid.await(LIMIT_MILLIS, () -> master.isActive("echo1") && master.isActive("echo2")));
    remember(master);
    check.check("calls go on", called(client, CALLS));
  }

  /** As if node1's host had lost its power. */
  private void loseHost(Communicator communicator, Administrator master, DemoClient client)
      throws InterruptedException {
    long server = master.pid("echo1");
    GridNode node = nodes.node("node1");
    node.kill();
    kill(server);
    say.accept("node1 (pid " + node.pid() + ") and its server echo1 were killed with kill -9");
    check.check("calls go on through node2", called(client, CALLS));
    node.start();
    check.check(
        "node1 was started again; echo1 starts on demand",
        Grid.await(LIMIT_MILLIS, () -> master.isNodeUp("node1"))
            && answers(communicator, "echo1")
            && master.isActive("echo1"));
    remember(master);
    check.check("echo1 is a new process", master.pid("echo1") != server);
  }

  /** The node alone: what it started does not need it to serve. */
  private void loseNode(Administrator master, DemoClient client) throws InterruptedException {
    long server = master.pid("echo2");
    GridNode node = nodes.node("node2");
    node.kill();
    say.accept("node2 (pid " + node.pid() + ") was killed with kill -9; its servers go on");
    check.check("calls go on", called(client, CALLS));
    check.check("echo2 (pid " + server + ") still runs", isAlive(server));
    node.start();
    check.check(
        "node2 was started again; echo2 is active",
        Grid.await(LIMIT_MILLIS, () -> master.isActive("echo2")));
    check.check("echo2 is still the same process", master.pid("echo2") == server);
    remember(master);
  }

  private void loseMaster(Communicator communicator, DemoClient client) throws Exception {
    GridReplica master = grid.replica("Master");
    master.kill();
    say.accept("the master (pid " + master.pid() + ") was killed with kill -9");
    check.check("calls go on", called(client, CALLS));
    try (Administrator slave = Administrator.at(communicator, grid.replica("Replica1"))) {
      check.check(
          "late does not run",
          Grid.await(LIMIT_MILLIS, () -> slave.isNodeUp("node2")) && slave.pid("late") == 0);
      long started = System.nanoTime();
      check.check("a client calls `late': a slave has it started", answers(communicator, "late"));
      say.accept("the answer came after " + millisSince(started) + " ms");
      check.check("late is active", slave.isActive("late"));
      servers.add(slave.pid("late"));
    }
  }

  /** A replica that has no session with the node yet knows no endpoints: asked again. */
  private static boolean answers(Communicator communicator, String object)
      throws InterruptedException {
    EchoPrx echo = EchoPrx.uncheckedCast(communicator.stringToProxy(object));
    return Grid.await(LIMIT_MILLIS, () -> answers(echo));
  }

  private static boolean answers(EchoPrx echo) {
    try {
      return echo.next(1) == 2;
    } catch (LocalException e) {
      return false;
    }
  }

  private void remember(Administrator master) {
    for (String server : List.of("echo1", "echo2")) {
      long pid = master.pid(server);
      if (pid > 0) {
        servers.add(pid);
      }
    }
  }

  /** Ends all in disorder: for an end before the chapter's own. */
  void abandon() {
    nodes.close();
    servers.forEach(DeployDemo::kill);
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static boolean called(DemoClient client, long calls) throws InterruptedException {
    long goal = client.calls() + calls;
    return Grid.await(LIMIT_MILLIS, () -> client.calls() >= goal);
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
