package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AllocationException;
import com.zeroc.IceGrid.AllocationTimeoutException;
import com.zeroc.IceGrid.ObjectNotRegisteredException;
import com.zeroc.IceGrid.SessionPrx;
import dev.firn.model.RegistryTables;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that allocate objects, over connections of their own. */
class ClientSessionTest {
  private static final String TYPE = "::Test::Thing";

  private final TestRegistry registry =
      TestRegistry.start("--IceGrid.Registry.PermissionsVerifier=IceGrid/NullPermissionsVerifier");
  private RegistryTables tables = RegistryTables.EMPTY;

  ClientSessionTest() {
    deploy(
        TestAllocatables.with(
            tables,
            "App",
            TestAllocatables.server("shared", "manual", false, TYPE, "a", "b"),
            TestAllocatables.server("own", "session", false, "::Test::Own", "mine")));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private void deploy(RegistryTables next) {
    registry.sessions().allocatables().update(tables, next);
    tables = next;
  }

  private SessionPrx session(String user) throws Exception {
    return session(registry.newClient(), user);
  }

  private SessionPrx session(Communicator client, String user) throws Exception {
    return registry.registry(client).createSession(user, "");
  }

  private static Identity id(String name) {
    return new Identity(name, "test");
  }

  private static void assertRefused(ThrowingCallable call, String reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AllocationException.class, ex -> assertThat(ex.reason).isEqualTo(reason));
  }

  @Test
  void anAllocatedObjectIsReachedThroughItsAdapter() throws Exception {
    SessionPrx alice = session("alice");

    assertThat(alice.allocateObjectById(id("a")).toString())
        .isEqualTo("test/a -t -e 1.1 @ shared.A");
    alice.releaseObject(id("a"));
    assertThat(registry.log())
        .containsSubsequence(
            "Session: client session `alice' created",
            "Object: object `test/a -t -e 1.1 @ shared.A' allocated by `alice' (0)",
            "Object: object `test/a -t -e 1.1 @ shared.A' released by `alice' (0)");
  }

  @Test
  void mistakesAreTold() throws Exception {
    SessionPrx alice = session("alice");
    SessionPrx bob = session("bob");
    bob.setAllocationTimeout(0);
    alice.allocateObjectById(id("a"));

    assertRefused(() -> alice.allocateObjectById(id("a")), "already allocated by the session");
    assertRefused(
        () -> bob.allocateObjectByType("::None"),
        "no allocatable objects with type `::None' registered");
    assertRefused(() -> bob.releaseObject(id("a")), "can't release object which is not allocated");
    assertThatThrownBy(() -> bob.allocateObjectById(id("none")))
        .isInstanceOfSatisfying(
            ObjectNotRegisteredException.class, ex -> assertThat(ex.id).isEqualTo(id("none")));
    assertThatThrownBy(() -> bob.releaseObject(id("none")))
        .isInstanceOf(ObjectNotRegisteredException.class);
    assertThatThrownBy(() -> bob.allocateObjectById(id("a")))
        .isInstanceOfSatisfying(
            AllocationTimeoutException.class, ex -> assertThat(ex.reason).isEmpty());
    registry.nodes().enable("shared", false);
    assertRefused(
        () -> bob.allocateObjectByType(TYPE),
        "no allocatable objects with type `" + TYPE + "' enabled");
    assertThat(bob.allocateObjectById(id("b"))).isNotNull();
  }

  @Test
  void aRequestGivesUpAfterItsTimeout() throws Exception {
    SessionPrx alice = session("alice");
    SessionPrx bob = session("bob");
    alice.allocateObjectById(id("a"));
    bob.setAllocationTimeout(50);

    assertThatThrownBy(() -> bob.allocateObjectById(id("a")))
        .isInstanceOf(AllocationTimeoutException.class);
  }

  @Test
  void aRequestWaitsUntilTheObjectIsReleased() throws Exception {
    SessionPrx alice = session("alice");
    SessionPrx bob = session("bob");
    alice.allocateObjectById(id("a"));
    CompletableFuture<ObjectPrx> waiting = bob.allocateObjectByIdAsync(id("a"));
    bob.keepAlive(); // After the request on the same connection.

    assertThat(waiting).isNotDone();
    alice.releaseObject(id("a"));
    assertThat(waiting.get()).isNotNull();
  }

  @Test
  void everyEndOfASessionFreesWhatItHas() throws Exception {
    SessionPrx destroyed = session("destroyed");
    destroyed.allocateObjectById(id("a"));
    destroyed.destroy();
    assertThatThrownBy(destroyed::destroy).isInstanceOf(ObjectNotExistException.class);
    assertThatThrownBy(() -> destroyed.allocateObjectById(id("a")))
        .isInstanceOf(ObjectNotExistException.class);

    SessionPrx closed = session("closed");
    closed.setAllocationTimeout(0);
    closed.allocateObjectById(id("a"));
    closed.ice_getConnection().close(ConnectionClose.Gracefully);

    SessionPrx next = session("next");
    next.setAllocationTimeout(20_000);
    assertThat(next.allocateObjectById(id("a"))).isNotNull();
  }

  @Test
  void aDestroyedSessionWaitsForNothing() throws Exception {
    session("alice").allocateObjectById(id("a"));
    SessionPrx bob = session("bob");
    CompletableFuture<ObjectPrx> waiting = bob.allocateObjectByIdAsync(id("a"));
    bob.destroy();

    assertRefused(() -> unwrapped(waiting), "session destroyed");
  }

  private static void unwrapped(CompletableFuture<ObjectPrx> answer) throws Throwable {
    try {
      answer.get();
    } catch (ExecutionException ex) {
      throw Objects.requireNonNull(ex.getCause());
    }
  }

  @Test
  void aSessionBelongsToItsConnection() throws Exception {
    SessionPrx alice = session("alice");
    SessionPrx elsewhere = SessionPrx.uncheckedCast(TestRegistry.from(registry.newClient(), alice));

    assertThatThrownBy(elsewhere::keepAlive).isInstanceOf(ObjectNotExistException.class);
    alice.ice_ping();
    assertThat(registry.log()).contains("Session: client session `alice' keep alive");
  }

  @Test
  void aServerIsLoadedForItsSessionAndUnloadedAfterIt() throws Exception {
    SessionPrx alice = session("alice");
    CompletableFuture<ObjectPrx> allocated = alice.allocateObjectByIdAsync(id("mine"));
    TestNodes.Assignment load = registry.nodes().awaitAssignment(0);
    assertThat(load.server()).isEqualTo("own");
    assertThat(load.sessionId()).isEqualTo("alice");
    alice.keepAlive();
    assertThat(allocated).isNotDone();
    load.done().complete(null);
    assertThat(allocated.get()).isNotNull();

    SessionPrx bob = session("bob");
    CompletableFuture<ObjectPrx> next = bob.allocateObjectByTypeAsync("::Test::Own");
    CompletableFuture<Void> released = alice.releaseObjectAsync(id("mine"));
    TestNodes.Assignment unload = registry.nodes().awaitAssignment(1);
    assertThat(unload.sessionId()).isEmpty();
    alice.keepAlive();
    assertThat(released).isNotDone();
    unload.done().completeExceptionally(new IllegalStateException("the node is gone"));
    released.get();
    TestNodes.Assignment second = registry.nodes().awaitAssignment(2);
    assertThat(second.sessionId()).isEqualTo("bob");
    // The node may come back: the object is bob's all the same.
    second.done().completeExceptionally(new IllegalStateException("the node is gone"));
    assertThat(next.get()).isNotNull();
    assertThat(registry.log())
        .containsSubsequence(
            "Server: server `own' allocated by `alice' (0)",
            "Server: server `own' released by `alice' (0)",
            "Server: server `own' allocated by `bob' (0)");
  }

  @Test
  void anAllocationSurvivesUpdatesThatLeaveTheObjectAlone() throws Exception {
    SessionPrx alice = session("alice");
    alice.allocateObjectById(id("a"));
    CompletableFuture<ObjectPrx> gone = session("bob").allocateObjectByIdAsync(id("a"));
    deploy(
        TestAllocatables.with(
            tables, "App", TestAllocatables.server("shared", "manual", true, TYPE, "a", "c")));
    SessionPrx carl = session("carl");
    carl.setAllocationTimeout(0);
    assertThatThrownBy(() -> carl.allocateObjectById(id("a")))
        .isInstanceOf(AllocationTimeoutException.class);
    assertThat(carl.allocateObjectById(id("c"))).isNotNull();
    assertThatThrownBy(() -> carl.allocateObjectById(id("mine")))
        .isInstanceOf(ObjectNotRegisteredException.class);

    deploy(TestAllocatables.without(tables, "App"));
    assertThatThrownBy(() -> alice.releaseObject(id("a")))
        .isInstanceOf(ObjectNotRegisteredException.class);
    assertThatThrownBy(gone::get).hasCauseInstanceOf(ObjectNotRegisteredException.class);
  }

  @Test
  void aServerThatWasDisabledBeforeItCameIsNotGivenByType() throws Exception {
    registry.nodes().enable("late", false);
    deploy(
        TestAllocatables.with(
            tables, "Late", TestAllocatables.server("late", "manual", false, "::Late", "l")));
    SessionPrx alice = session("alice");

    assertRefused(
        () -> alice.allocateObjectByType("::Late"),
        "no allocatable objects with type `::Late' enabled");
    registry.nodes().enable("late", true);
    assertThat(alice.allocateObjectByType("::Late")).isNotNull();
  }

  @Test
  void aServerThatComesBackWithAllocatablesIsNotDisabledForEver() throws Exception {
    deploy(
        TestAllocatables.with(
            tables, "Late", TestAllocatables.server("late", "manual", false, "::Late")));
    registry.nodes().enable("late", false);
    deploy(TestAllocatables.without(tables, "Late"));
    registry.nodes().forget("late");
    deploy(
        TestAllocatables.with(
            tables, "Late", TestAllocatables.server("late", "manual", false, "::Late", "l")));

    assertThat(session("alice").allocateObjectByType("::Late")).isNotNull();
  }

  @Test
  void whoWaitsWhenTheRegistryStopsIsTold() throws Exception {
    session("alice").allocateObjectById(id("a"));
    CompletableFuture<ObjectPrx> waiting = session("bob").allocateObjectByIdAsync(id("a"));
    registry.sessions().deactivate();

    assertThatThrownBy(waiting::get).hasCauseInstanceOf(AllocationException.class);
  }

  @Test
  void oddNamesDoNotLookLikeLinesOfTheLog() throws Exception {
    session("a\nb\u0007 `x' \u00e9" + "y".repeat(300)).destroy();

    assertThat(registry.log())
        .contains("Session: client session `a?b? `x' \u00e9" + "y".repeat(190) + "...' created");
  }
}
