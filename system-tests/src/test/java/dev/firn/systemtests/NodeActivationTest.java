package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers start on demand, always or by hand, stop, are disabled and enabled. */
@EachGrid
class NodeActivationTest {
  private Lab lab;
  private Grid grid;
  private int gates;

  @Initializer
  void start(Lab lab, GridMix mix) {
    this.lab = lab;
    grid = Grid.of(lab, mix, "node").start();
  }

  @AfterEach
  void removeAll() {
    grid.removeAll();
  }

  private void deploy(GridServer... servers) {
    grid.add(GridApplication.of("app", servers));
  }

  /** A file that is not there yet. */
  private Path gate() {
    return lab.directory().resolve("gate" + ++gates);
  }

  private void open(Path gate) {
    lab.write(gate.getFileName().toString(), "");
  }

  private CompletableFuture<Json> beginAsk(String identity, String question) {
    return grid.server(identity).begin("ask", question);
  }

  private void awaitGone(long pid) {
    Await.until(
        "process " + pid + " is gone",
        () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  private static void expect(IceFailure failure, String type, String reason) {
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.reason()).isEqualTo(reason);
  }

  @Test
  void aRequestStartsAServer() {
    deploy(GridServer.python("one"));
    assertThat(grid.state("one")).isEqualTo("Inactive");
    assertThat(grid.ask("one", "id")).isEqualTo("one");
    assertThat(grid.state("one")).isEqualTo("Active");
    long pid = grid.pid("one");
    assertThat(grid.ask("one", "pid")).isEqualTo(Long.toString(pid));
    assertThat(grid.lab().leftovers().ofServer("one")).containsExactly(pid);
    // A group of its own: signals for the node's do not reach it.
    assertThat(grid.ask("one", "pgid")).isEqualTo(Long.toString(pid));
  }

  @Test
  void manyRequestsStartItOnce() {
    deploy(GridServer.python("one"));
    List<CompletableFuture<Json>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(beginAsk("one", "pid"));
    }
    assertThat(answers.stream().map(PythonClient::await).map(Json::text).distinct()).hasSize(1);
  }

  @Test
  void aServerInJavaIsStartedToo() {
    deploy(GridServer.java("java").with("A", "from the descriptor"));
    assertThat(grid.ask("java", "id")).isEqualTo("java");
    assertThat(grid.ask("java", "property A")).isEqualTo("from the descriptor");
    grid.stop("java");
    assertThat(grid.state("java")).isEqualTo("Inactive");
    assertThat(grid.isEnabled("java")).isTrue();
  }

  @Test
  void aServerThatShutItselfDownIsStartedAgain() {
    deploy(GridServer.python("one"));
    String first = grid.ask("one", "pid");
    grid.ask("one", "shutdown");
    grid.awaitState("one", "Inactive");
    assertThat(grid.ask("one", "pid")).isNotEqualTo(first);
  }

  @Test
  void aRequestWaitsForTheEndOfTheServerBefore() {
    Path gate = gate();
    deploy(GridServer.python("one").with("Test.Shutdown", gate.toString()));
    String first = grid.ask("one", "pid");
    grid.ask("one", "shutdown");
    grid.awaitState("one", "Deactivating");
    CompletableFuture<Json> next = beginAsk("one", "pid");
    assertThat(grid.state("one")).isEqualTo("Deactivating");
    open(gate);
    assertThat(PythonClient.await(next).text()).isNotEqualTo(first);
  }

  @Test
  void startReturnsWhenTheServerIsActive() {
    Path gate = gate();
    deploy(GridServer.python("one").with("Test.Gate", gate.toString()));
    CompletableFuture<Json> start = grid.admin().begin("startServer", "one");
    grid.awaitState("one", "Activating");
    assertThat(start).isNotDone();
    assertThat(grid.pid("one")).isPositive();
    open(gate);
    PythonClient.await(start);
    assertThat(grid.state("one")).isEqualTo("Active");
    expect(
        grid.admin().failure("startServer", "one"),
        "IceGrid.ServerStartException",
        "The server is already active.");
  }

  @Test
  void stopReturnsWhenTheServerIsGone() {
    Path gate = gate();
    deploy(GridServer.python("one").with("Test.Shutdown", gate.toString()));
    grid.start("one");
    long pid = grid.pid("one");
    CompletableFuture<Json> stop = grid.admin().begin("stopServer", "one");
    grid.awaitState("one", "Deactivating");
    assertThat(stop).isNotDone();
    open(gate);
    PythonClient.await(stop);
    assertThat(grid.state("one")).isEqualTo("Inactive");
    assertThat(grid.pid("one")).isZero();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    expect(
        grid.admin().failure("stopServer", "one"),
        "IceGrid.ServerStopException",
        "The server is already inactive.");
  }

  @Test
  void aServerThatDoesNotStopIsKilled() {
    deploy(
        GridServer.python("hangs").with("Test.Shutdown", "hang").timeouts(20, 1),
        GridServer.shell("deaf", "trap '' TERM INT; while :; do sleep 1; done").timeouts(20, 1));
    for (String id : List.of("hangs", "deaf")) {
      grid.start(id);
      long pid = grid.pid(id);
      grid.stop(id);
      assertThat(grid.state(id)).isEqualTo("Inactive");
      awaitGone(pid);
      assertThat(grid.isEnabled(id)).isTrue();
    }
  }

  @Test
  void aManualServerIsStartedByHandOnly() {
    deploy(GridServer.python("one").activation("manual"));
    assertThat(grid.locate("one.Server").isNull()).isTrue();
    assertThat(grid.server("one").failure("ask", "id").type()).isEqualTo("Ice.NoEndpointException");
    grid.start("one");
    assertThat(grid.ask("one", "id")).isEqualTo("one");
    grid.stop("one");
    assertThat(grid.locate("one.Server").isNull()).isTrue();
  }

  @Test
  void anAlwaysServerComesBackHoweverItEnded() {
    deploy(GridServer.python("one").activation("always"));
    grid.awaitState("one", "Active");
    long first = grid.pid("one");
    grid.stop("one");
    long second = awaitOther("one", first);
    Grid.killProcess(second);
    long third = awaitOther("one", second);
    assertThat(grid.server("one").failure("ask", "exit 0").type()).startsWith("Ice.");
    long fourth = awaitOther("one", third);
    grid.enable("one", false);
    grid.stop("one");
    assertThat(grid.locate("one.Server").isNull()).isTrue();
    assertThat(grid.state("one")).isEqualTo("Inactive");
    grid.enable("one", true);
    awaitOther("one", fourth);
  }

  private long awaitOther(String server, long before) {
    Await.until(
        () -> server + " is active again, but " + grid.state(server),
        Await.LIMIT,
        () ->
            grid.pid(server) > 0
                && grid.pid(server) != before
                && grid.state(server).equals("Active"));
    return grid.pid(server);
  }

  @Test
  void whatCannotStartHasNoEndpointsForAnybody() {
    GridServer[] servers = {
      GridServer.exe("missing", "/no/such/program").activation("on-demand").adapter("S", "missing"),
      GridServer.python("directory").set("pwd", "/no/such/directory"),
      GridServer.python("exits").with("Test.Start", "exit 3"),
      GridServer.python("ends").with("Test.Start", "exit 0"),
      GridServer.exe("text", "/etc/passwd").activation("on-demand").adapter("S", "text")
    };
    deploy(servers);
    for (GridServer server : servers) {
      List<CompletableFuture<Json>> answers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        answers.add(beginAsk(server.id(), "id"));
      }
      for (CompletableFuture<Json> answer : answers) {
        try {
          throw new AssertionError(server.id() + " answered " + PythonClient.await(answer));
        } catch (IceFailure failure) {
          assertThat(failure.type()).isEqualTo("Ice.NoEndpointException");
        }
      }
      grid.awaitState(server.id(), "Inactive");
      IceFailure start = grid.admin().failure("startServer", server.id());
      assertThat(start.type()).isEqualTo("IceGrid.ServerStartException");
      assertThat(start.field("id").text()).isEqualTo(server.id());
      assertThat(start.reason()).as(server.id()).isNotEmpty();
      grid.awaitState(server.id(), "Inactive");
      assertThat(grid.isEnabled(server.id())).isTrue();
    }
    assertThat(grid.admin().failure("startServer", "missing").reason())
        .contains("/no/such/program");
    assertThat(grid.admin().failure("startServer", "directory").reason())
        .contains("/no/such/directory");
    assertThat(grid.admin().failure("startServer", "exits").reason()).contains("3");
  }

  @Test
  void aServerThatTakesTooLongToStartIsLeftRunning() {
    Path gate = gate();
    deploy(GridServer.python("late").timeouts(1, 20).with("Test.Gate", gate.toString()));
    assertThat(grid.server("late").failure("ask", "id").type())
        .isEqualTo("Ice.NoEndpointException");
    assertThat(grid.state("late")).isEqualTo("ActivationTimedOut");
    assertThat(grid.locate("late.Server").isNull()).isTrue();
    expect(
        grid.admin().failure("startServer", "late"),
        "IceGrid.ServerStartException",
        "The server activation timed out.");
    open(gate);
    grid.awaitState("late", "Active");
    assertThat(grid.ask("late", "id")).isEqualTo("late");
  }

  @Test
  void aServerThatTookTooLongCanBeStopped() {
    deploy(GridServer.python("late").timeouts(1, 1).with("Test.Start", "hang"));
    expect(
        grid.admin().failure("startServer", "late"),
        "IceGrid.ServerStartException",
        "The server activation timed out.");
    assertThat(grid.state("late")).isEqualTo("ActivationTimedOut");
    grid.stop("late");
    assertThat(grid.state("late")).isEqualTo("Inactive");
    assertThat(lab.leftovers().ofServer("late")).isEmpty();
  }

  @Test
  void aDisabledServerIsInvisibleButRuns() {
    deploy(GridServer.python("one"), GridServer.python("two"));
    grid.start("one");
    long pid = grid.pid("one");
    grid.enable("one", false);
    assertThat(grid.isEnabled("one")).isFalse();
    assertThat(grid.state("one")).isEqualTo("Active");
    assertThat(grid.locate("one.Server").isNull()).isTrue();
    awaitObjects("two");
    grid.enable("one", true);
    assertThat(grid.pid("one")).isEqualTo(pid);
    assertThat(grid.ask("one", "pid")).isEqualTo(Long.toString(pid));
    awaitObjects("one", "two");
    grid.enable("one", false);
    grid.stop("one");
    assertThat(grid.server("one").failure("ask", "id").type()).isEqualTo("Ice.NoEndpointException");
    expect(
        grid.admin().failure("startServer", "one"),
        "IceGrid.ServerStartException",
        "The server is disabled.");
    grid.enable("one", true);
    assertThat(grid.ask("one", "id")).isEqualTo("one");
  }

  /** The node tells the registry whether a server is enabled, so a query hears of it later. */
  private void awaitObjects(String... identities) {
    Await.asserted(
        () ->
            assertThat(
                    grid.client()
                        .query(grid.master())
                        .call("findAllObjectsByType", "::Deployed::Server")
                        .items())
                .extracting(Json::identity)
                .containsExactly(identities));
  }

  @Test
  void signalsReachTheProcess() {
    deploy(
        GridServer.python("one"),
        GridServer.shell("shell", "trap 'exit 7' USR1; while :; do sleep 0.05; done"));
    grid.start("one");
    grid.admin().call("sendSignal", "one", "SIGTERM");
    grid.awaitState("one", "Inactive");
    grid.admin().call("sendSignal", "one", "SIGTERM");
    grid.start("one");
    grid.admin().call("sendSignal", "one", "9");
    grid.awaitState("one", "Inactive");
    grid.start("shell");
    grid.admin().call("sendSignal", "shell", "SIGUSR1");
    grid.awaitState("shell", "Inactive");
    expect(
        grid.admin().failure("sendSignal", "one", "SIGNOT"),
        "IceGrid.BadSignalException",
        "unknown signal `SIGNOT'");
  }

  @Test
  void aKilledServerIsNoticedAndStartedAgain() {
    deploy(GridServer.python("one"));
    String first = grid.ask("one", "pid");
    Grid.killProcess(Long.parseLong(first));
    grid.awaitState("one", "Inactive");
    assertThat(grid.ask("one", "pid")).isNotEqualTo(first);
    assertThat(lab.leftovers().ofServer("one")).hasSize(1);
  }

  @Test
  void aServerGetsWhatItsDescriptorSays() {
    Path directory = lab.subdirectory("working directory");
    deploy(
        GridServer.python("one")
            .set("pwd", directory.toString())
            .option("--plain")
            .option("with blanks and \"quotes\"")
            .env("SIMPLE=value")
            .env("COMPOSED=$${HOME}/and/$SIMPLE")
            .env("HÄLLO=wörld")
            .env("FIRN_UNSET")
            .with("Text", "text with # and = in it")
            .with("Path", "back\\slash"));
    assertThat(grid.ask("one", "pwd")).isEqualTo(directory.toString());
    assertThat(grid.ask("one", "args").lines())
        .startsWith("--plain", "with blanks and \"quotes\"")
        .last()
        .asString()
        .startsWith("--Ice.Config=");
    assertThat(grid.ask("one", "env SIMPLE")).isEqualTo("value");
    assertThat(grid.ask("one", "env COMPOSED")).isEqualTo(System.getenv("HOME") + "/and/");
    assertThat(grid.ask("one", "env HÄLLO")).isEqualTo("wörld");
    assertThat(grid.ask("one", "env TZ")).isEqualTo("UTC");
    assertThat(grid.ask("one", "property Text")).isEqualTo("text with # and = in it");
    assertThat(grid.ask("one", "property Path")).isEqualTo("back\\slash");
    assertThat(grid.ask("one", "property Ice.ProgramName")).isEqualTo("one");
    assertThat(grid.ask("one", "property Ice.Default.Locator")).isEqualTo(grid.locator());
    assertThat(grid.ask("one", "inherited")).isEmpty();
  }

  @Test
  void manyServersOneAfterAnother() {
    GridServer[] servers = new GridServer[75];
    for (int i = 0; i < servers.length; i++) {
      servers[i] = GridServer.shell("s" + i, "exec sleep 600").timeouts(20, 20);
    }
    deploy(servers);
    for (GridServer server : servers) {
      grid.start(server.id());
      assertThat(grid.state(server.id())).isEqualTo("Active");
    }
    for (GridServer server : servers) {
      grid.stop(server.id());
    }
    assertThat(lab.leftovers().pids("sleep")).isEmpty();
  }

  @Test
  void aNodeCanBeAServerOfANode() {
    Implementation implementation = grid.node("node").implementation();
    for (String admin : List.of("1", "0")) {
      GridServer inner =
          GridServer.exe("inner", implementation.node())
              .with("Ice.Admin.Enabled", admin)
              .with("IceGrid.Node.Name", "inner")
              .with("IceGrid.Node.Data", "${server.data}")
              .with("IceGrid.Node.Endpoints", "tcp -h 127.0.0.1");
      if (admin.equals("1")) {
        inner.with("Ice.Admin.Endpoints", "tcp -h 127.0.0.1");
      }
      deploy(inner);
      grid.start("inner");
      assertThat(grid.state("inner")).isEqualTo("Active");
      grid.awaitNode("inner");
      grid.stop("inner");
      // Orderly: a failure would be no reason to disable it, but would be told.
      assertThat(grid.state("inner")).isEqualTo("Inactive");
      grid.node("node").awaitConsole("detected termination of server `inner'");
      assertThat(grid.node("node").console())
          .doesNotContain("detected termination of server `inner'\n   signal")
          .doesNotContain("detected termination of server `inner'\n   exit code");
      grid.remove("app");
    }
  }

  @Test
  void serversThatPrintALotHoldUpNobody() {
    deploy(
        GridServer.python("flood")
            .with("Test.Flood", "3000000")
            .with("Ice.StdOut", lab.directory().resolve("flood.out").toString()),
        GridServer.python("brisk"));
    assertThat(grid.ask("flood", "id")).isEqualTo("flood");
    assertThat(grid.ask("brisk", "id")).isEqualTo("brisk");
  }

  @Test
  void processesThatAServerLeavesBehindAreNotTheServer() {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        grid.node("node").implementation() == Implementation.FIRN,
        "the reference waits until the last holder of an inherited pipe is gone");
    deploy(GridServer.python("parent").with("Test.Fork", "1"));
    String first = grid.ask("parent", "pid");
    Grid.killProcess(Long.parseLong(first));
    grid.awaitState("parent", "Inactive");
    assertThat(grid.ask("parent", "pid")).isNotEqualTo(first);
  }
}
