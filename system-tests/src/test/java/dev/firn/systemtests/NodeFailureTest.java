package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Registries and nodes are killed, stopped and started again: servers that are well are left alone,
 * and all find each other again.
 */
@EachGrid
class NodeFailureTest {
  private Grid grid;
  private GridMix mix;

  @Initializer
  void start(Lab lab, GridMix mix) {
    this.mix = mix;
    grid = Grid.of(lab, mix, 1, "node", "second").start();
  }

  @AfterEach
  void restore() {
    grid.restore();
  }

  private void deploy(GridServer... servers) {
    grid.add(GridApplication.of("app", servers));
  }

  private static void expectAlive(long pid) {
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive))
        .as("process " + pid)
        .isPresent();
  }

  /** Whether the registries tell that a node is gone; without its farewell they wait for it. */
  private void awaitDown(String node) {
    for (RegistryProcess registry : grid.registries()) {
      Await.until(node + " is down", Grid.LONG, () -> !grid.isUp(registry, node));
    }
  }

  @Test
  void aMasterThatIsKilledAndRestartedFindsItsNodesAndServersAgain() {
    deploy(GridServer.python("running"), GridServer.python("idle"));
    String pid = grid.ask("running", "pid");
    grid.master().kill();
    expectAlive(Long.parseLong(pid));
    grid.master().start();
    // The restarted master knows its nodes by name and asks them to come.
    assertThat(grid.askThrough(grid.master(), "running.Server", "pid")).isEqualTo(pid);
    assertThat(grid.askThrough(grid.master(), "idle.Server", "id")).isEqualTo("idle");
    assertThat(grid.state("running")).isEqualTo("Active");
    assertThat(grid.pid("running")).isEqualTo(Long.parseLong(pid));
    grid.stop("running");
    assertThat(grid.state("running")).isEqualTo("Inactive");
  }

  @Test
  void aSlaveActivatesServersWhileTheMasterIsDown() {
    deploy(GridServer.python("running"), GridServer.python("cold"), GridServer.python("stopped"));
    String pid = grid.ask("running", "pid");
    grid.ask("stopped", "pid");
    grid.stop("stopped");
    grid.master().kill();
    RegistryProcess slave = grid.slave(1);
    assertThat(grid.askThrough(slave, "running.Server", "pid")).isEqualTo(pid);
    assertThat(grid.askThrough(slave, "cold.Server", "id")).isEqualTo("cold");
    assertThat(grid.askThrough(slave, "stopped.Server", "id")).isEqualTo("stopped");
    // Ordinary clients have both endpoints.
    Await.asserted(() -> assertThat(grid.ask("cold", "id")).isEqualTo("cold"));
    AdminSession session = grid.client().adminSession(slave);
    assertThat(session.admin().call("getServerState", "cold").text()).isEqualTo("Active");
    session.admin().call("stopServer", "cold");
    assertThat(session.admin().call("getServerState", "cold").text()).isEqualTo("Inactive");
    assertThat(grid.askThrough(slave, "cold.Server", "id")).isEqualTo("cold");
    session.destroy();
    grid.master().start();
    grid.awaitNode("node");
    assertThat(grid.pid("running")).isEqualTo(Long.parseLong(pid));
    assertThat(grid.state("cold")).isEqualTo("Active");
  }

  @Test
  void aNodeThatStartsWithoutAMasterServesThroughASlave() {
    deploy(GridServer.python("one"));
    assertThat(grid.ask("one", "id")).isEqualTo("one");
    grid.node("node").terminate();
    grid.master().kill();
    grid.node("node").begin();
    grid.awaitNode("node");
    assertThat(grid.askThrough(grid.slave(1), "one.Server", "id")).isEqualTo("one");
  }

  @Test
  void aNodeThatStartsWithoutAMasterStartsWhatIsAlwaysToRun() {
    assumeTrue(
        mix.node() == Implementation.FIRN, "the reference's nodes wait for the master to say so");
    deploy(GridServer.python("always").activation("always"));
    grid.awaitState("always", "Active");
    grid.node("node").terminate();
    grid.master().kill();
    grid.node("node").begin();
    grid.awaitNode("node");
    Await.until(
        "the server runs", Grid.LONG, () -> grid.lab().leftovers().ofServer("always").size() == 1);
  }

  @Test
  void nothingHappensToServersWhileNoRegistryIsThere() {
    deploy(GridServer.python("on-demand"), GridServer.python("always").activation("always"));
    String pid = grid.ask("on-demand", "pid");
    grid.awaitState("always", "Active");
    long always = grid.pid("always");
    grid.master().kill();
    grid.slave(1).kill();
    grid.node("second").terminate();
    expectAlive(Long.parseLong(pid));
    expectAlive(always);
    boolean comesBack = mix.node() == Implementation.FIRN;
    if (comesBack) {
      // It needs no registry to come back; but where it cannot register it ends, and is tried
      // again.
      Grid.killProcess(always);
      Await.until(
          "the server comes back",
          Grid.LONG,
          () -> grid.lab().leftovers().ofServer("always").stream().anyMatch(now -> now != always));
    }
    grid.master().start();
    grid.slave(1).start();
    grid.awaitNode("node");
    assertThat(grid.ask("on-demand", "pid")).isEqualTo(pid);
    if (comesBack) {
      grid.awaitState("always", "Active");
      assertThat(grid.pid("always")).isPositive().isNotEqualTo(always);
    } else {
      assertThat(grid.pid("always")).isEqualTo(always);
    }
  }

  @Test
  void aNodeThatIsShutDownStopsItsServersAndStartsThemAsDeployed() {
    deploy(GridServer.python("on-demand"), GridServer.python("always").activation("always"));
    grid.ask("on-demand", "pid");
    grid.awaitState("always", "Active");
    grid.admin().call("shutdownNode", "node");
    assertThat(grid.node("node").awaitExit()).isZero();
    assertThat(grid.lab().leftovers().ofServer("on-demand")).isEmpty();
    assertThat(grid.lab().leftovers().ofServer("always")).isEmpty();
    awaitDown("node");
    assertThat(grid.locate("on-demand.Server").isNull()).isTrue();
    IceFailure unreachable = grid.admin().failure("startServer", "on-demand");
    assertThat(unreachable.type()).isEqualTo("IceGrid.NodeUnreachableException");
    assertThat(unreachable.field("name").text()).isEqualTo("node");
    grid.node("node").start();
    grid.awaitState("always", "Active");
    assertThat(grid.state("on-demand")).isEqualTo("Inactive");
    assertThat(grid.ask("on-demand", "id")).isEqualTo("on-demand");
  }

  @Test
  void serversOfAKilledNodeGoOnAndAreAdopted() {
    deploy(GridServer.python("one"), GridServer.python("always").activation("always"));
    String pid = grid.ask("one", "pid");
    grid.awaitState("always", "Active");
    long always = grid.pid("always");
    int port = grid.ports("one.Server").get(0);
    grid.node("node").kill();
    awaitDown("node");
    assertThat(grid.server("any:tcp -h 127.0.0.1 -p " + port).call("ask", "pid").text())
        .isEqualTo(pid);
    assumeTrue(
        mix.node() == Implementation.FIRN, "the reference's nodes start a second one beside it");
    grid.node("node").start();
    grid.awaitNode("node");
    assertThat(grid.ask("one", "pid")).isEqualTo(pid);
    assertThat(grid.state("one")).isEqualTo("Active");
    assertThat(grid.pid("one")).isEqualTo(Long.parseLong(pid));
    assertThat(grid.state("always")).isEqualTo("Active");
    assertThat(grid.pid("always")).isEqualTo(always);
    assertThat(grid.lab().leftovers().ofServer("always")).hasSize(1);
    // They are as good as its own: their end is noticed, and they are stopped with the node.
    Grid.killProcess(Long.parseLong(pid));
    grid.awaitState("one", "Inactive");
    grid.stop("always");
    Await.until(
        "a new process",
        () -> grid.state("always").equals("Active") && grid.pid("always") != always);
    grid.node("node").terminate();
    assertThat(grid.lab().leftovers().ofServer("always")).isEmpty();
  }

  @Test
  void serversThatEndedWithoutTheirNodeAreStartedAgain() {
    deploy(GridServer.python("one"), GridServer.python("always").activation("always"));
    String pid = grid.ask("one", "pid");
    grid.awaitState("always", "Active");
    long always = grid.pid("always");
    grid.node("node").kill();
    Grid.killProcess(Long.parseLong(pid));
    Grid.killProcess(always);
    grid.node("node").start();
    grid.awaitNode("node");
    grid.awaitState("always", "Active");
    assertThat(grid.pid("always")).isNotEqualTo(always);
    assertThat(grid.state("one")).isEqualTo("Inactive");
    assertThat(grid.ask("one", "pid")).isNotEqualTo(pid);
  }

  @Test
  void aNodeLearnsWhatChangedWhileItWasAway() {
    deploy(GridServer.python("kept").with("A", "1"), GridServer.python("gone"));
    grid.node("node").terminate();
    awaitDown("node");
    grid.sync(GridApplication.of("app", GridServer.python("kept").with("A", "2")));
    grid.node("node").start();
    grid.awaitNode("node");
    assertThat(grid.ask("kept", "property A")).isEqualTo("2");
    Await.until(
        "what is not deployed any more is removed",
        () -> !grid.node("node").servers().resolve("gone").toFile().exists());
  }

  @Test
  void aSlaveWithAnOldRevisionCannotStartServersUntilItHasTheNewOne() {
    deploy(GridServer.python("one").with("A", "1"));
    RegistryProcess slave = grid.slave(1);
    slave.terminate();
    grid.sync(GridApplication.of("app", GridServer.python("one").with("A", "2")));
    grid.master().terminate();
    slave.start();
    Await.until("the node knows the slave", Grid.LONG, () -> grid.isUp(slave, "node"));
    AdminSession session = grid.client().adminSession(slave);
    IceFailure refused = session.admin().failure("startServer", "one");
    assertThat(refused.type()).isEqualTo("IceGrid.DeploymentException");
    assertThat(refused.reason()).contains("has a different version");
    assertThat(grid.client().locator(slave).call("findAdapterById", "one.Server").isNull())
        .isTrue();
    session.destroy();
    grid.master().start();
    grid.restoreConnections();
    // A slave has a session with the master before it has the master's tables.
    Await.until(
        "the slave has the new revision",
        () -> !grid.client().locator(slave).call("findAdapterById", "one.Server").isNull());
    assertThat(grid.askThrough(slave, "one.Server", "property A")).isEqualTo("2");
  }

  @Test
  void oneNameIsForOneNode() {
    NodeProcess twin =
        grid.lab().node(mix.node(), "node").with("Ice.Default.Locator", grid.locator()).begin();
    twin.awaitConsole("a node with the same name is already active");
    deploy(GridServer.python("one"));
    assertThat(grid.ask("one", "id")).isEqualTo("one");
    assertThat(grid.node("node").configuration("one", "config")).exists();
    twin.process().signal("TERM");
    assertThat(twin.awaitExit()).isZero();
    assertThat(grid.ask("one", "id")).isEqualTo("one");
  }

  @Test
  void allNodesAreListedWithTheirFacts() {
    assertThat(grid.admin().call("getAllNodeNames").texts()).containsExactly("node", "second");
    Json info = grid.admin().call("getNodeInfo", "node");
    assertThat(info.get("name").text()).isEqualTo("node");
    assertThat(info.get("hostname").text())
        .isEqualTo(grid.admin().call("getNodeHostname", "node").text());
    assertThat(info.get("machine").text())
        .isEqualTo(grid.lab().succeeding("/usr/bin/uname", "-m").trim());
    assertThat(info.get("release").text())
        .isEqualTo(grid.lab().succeeding("/usr/bin/uname", "-r").trim());
    assertThat(info.get("nProcessors").number()).isPositive();
    Json load = grid.admin().call("getNodeLoad", "node");
    for (String average : List.of("avg1", "avg5", "avg15")) {
      assertThat(load.get(average).toString()).isNotEqualTo("-1");
    }
    assertThat(grid.admin().call("getNodeProcessorSocketCount", "node").number()).isPositive();
  }
}
