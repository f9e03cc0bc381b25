package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions of clients allocate deployed objects, and with them servers. */
@EachGrid
class NodeSessionTest {
  private static final String TYPE = "::Deployed::Server";

  private Grid grid;

  @Initializer
  void start(Lab lab, GridMix mix) {
    grid = Grid.of(lab, mix, "node").start();
  }

  @AfterEach
  void removeAll() {
    grid.removeAll();
  }

  private void deploy(GridServer... servers) {
    grid.add(GridApplication.of("app", servers));
  }

  private static GridServer ofSession(String id, String... objects) {
    return GridServer.pythonWithoutAdapters(id)
        .activation("session")
        .with("Owner", "${session.id}")
        .allocatable("Server", objects);
  }

  private Remote session(String user) {
    IceClient client = grid.newClient();
    return client.at(
        "IceGrid.Session", client.registry(grid.master()).call("createSession", user, "secret"));
  }

  private String ask(Json proxy, String question) {
    return grid.client().at("Deployed.Server", proxy).call("ask", question).text();
  }

  private static void expectAllocationFailure(IceFailure failure, String reason) {
    assertThat(failure.type()).isEqualTo("IceGrid.AllocationException");
    assertThat(failure.reason()).isEqualTo(reason);
  }

  @Test
  void aServerOfASessionRunsForItsOwnerOnly() {
    deploy(ofSession("private", "object"));
    IceFailure unowned = grid.admin().failure("startServer", "private");
    assertThat(unowned.type()).isEqualTo("IceGrid.ServerStartException");
    assertThat(unowned.reason()).isEqualTo("The server is not owned by a session.");
    assertThat(grid.locate("private.Server").isNull()).isTrue();
    // Allocatable objects are no well-known ones.
    assertThat(grid.findObject("object").isNull()).isTrue();

    Remote alice = session("alice");
    Json proxy = alice.call("allocateObjectById", identityOf("object"));
    assertThat(ask(proxy, "property Owner")).isEqualTo("alice");
    assertThat(grid.state("private")).isEqualTo("Active");
    assertThat(grid.admin().call("getServerInfo", "private").get("sessionId").text())
        .isEqualTo("alice");
    long pid = grid.pid("private");
    alice.call("releaseObject", identityOf("object"));
    Await.until(
        "the server is stopped",
        () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    grid.awaitState("private", "Inactive");
    assertThat(grid.locate("private.Server").isNull()).isTrue();
    alice.call("destroy");
  }

  @Test
  void theEndOfASessionReleasesItsServers() {
    deploy(ofSession("private", "object"));
    Remote alice = session("alice");
    Remote bob = session("bob");
    Json first = alice.call("allocateObjectById", identityOf("object"));
    String pid = ask(first, "pid");
    CompletableFuture<Json> waiting = bob.begin("allocateObjectById", identityOf("object"));
    bob.client().registry(grid.master()).call("ice_ping");
    assertThat(waiting).isNotDone();
    alice.call("destroy");
    Json second = PythonClient.await(waiting);
    assertThat(ask(second, "property Owner")).isEqualTo("bob");
    assertThat(ask(second, "pid")).isNotEqualTo(pid);
    bob.call("destroy");
    grid.awaitState("private", "Inactive");
  }

  @Test
  void anObjectIsAllocatedOnce() {
    deploy(
        GridServer.pythonWithoutAdapters("shared")
            .activation("on-demand")
            .allocatable("Server", "first", "second"));
    Remote alice = session("alice");
    Remote bob = session("bob");
    bob.call("setAllocationTimeout", 0);
    Json proxy = alice.call("allocateObjectById", identityOf("first"));
    assertThat(ask(proxy, "id")).isEqualTo("shared");
    expectAllocationFailure(
        alice.failure("allocateObjectById", identityOf("first")),
        "already allocated by the session");
    assertThat(bob.failure("allocateObjectById", identityOf("first")).type())
        .isEqualTo("IceGrid.AllocationTimeoutException");
    assertThat(bob.call("allocateObjectById", identityOf("second")).isNull()).isFalse();
    expectAllocationFailure(
        bob.failure("releaseObject", identityOf("first")),
        "can't release object which is not allocated");
    assertThat(bob.failure("allocateObjectById", identityOf("nix")).type())
        .isEqualTo("IceGrid.ObjectNotRegisteredException");
    alice.call("destroy");
    assertThat(bob.call("allocateObjectById", identityOf("first")).isNull()).isFalse();
    // The server is nobody's: it stays.
    assertThat(grid.state("shared")).isEqualTo("Active");
    bob.call("destroy");
  }

  @Test
  void objectsAreAllocatedByType() {
    deploy(
        GridServer.pythonWithoutAdapters("one")
            .activation("on-demand")
            .allocatable("Server", "object-1"),
        GridServer.pythonWithoutAdapters("two")
            .activation("on-demand")
            .allocatable("Server", "object-2"));
    Remote alice = session("alice");
    Remote bob = session("bob");
    bob.call("setAllocationTimeout", 0);
    assertThat(alice.call("allocateObjectByType", TYPE).identity()).isIn("object-1", "object-2");
    Json other = alice.call("allocateObjectByType", TYPE);
    assertThat(other.isNull()).isFalse();
    assertThat(bob.failure("allocateObjectByType", TYPE).type())
        .isEqualTo("IceGrid.AllocationTimeoutException");
    expectAllocationFailure(
        bob.failure("allocateObjectByType", "::Nix"),
        "no allocatable objects with type `::Nix' registered");
    alice.call("releaseObject", identityOf(other.identity()));
    assertThat(bob.call("allocateObjectByType", TYPE).identity()).isEqualTo(other.identity());
    bob.call("destroy");
    alice.call("destroy");
  }

  @Test
  void anAllocationOutlivesAnUpdateThatDoesNotTouchIt() {
    deploy(ofSession("private", "object"));
    Remote alice = session("alice");
    Json proxy = alice.call("allocateObjectById", identityOf("object"));
    String pid = ask(proxy, "pid");
    grid.sync(GridApplication.of("app", ofSession("private", "object"), GridServer.python("more")));
    assertThat(ask(proxy, "pid")).isEqualTo(pid);
    assertThat(ask(proxy, "property Owner")).isEqualTo("alice");
    Remote bob = session("bob");
    bob.call("setAllocationTimeout", 0);
    assertThat(bob.failure("allocateObjectById", identityOf("object")).type())
        .isEqualTo("IceGrid.AllocationTimeoutException");
    alice.call("destroy");
    bob.call("destroy");
    grid.awaitState("private", "Inactive");
  }
}
