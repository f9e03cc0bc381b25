package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Client sessions that allocate objects of servers which do not run. */
@EachImplementation
class AllocationTest {
  private static final String APPLICATION = "app";
  private static final String SHARED = "::Test::Shared";
  private static final String WHOLE = "::Test::Whole";

  private Lab lab;
  private RegistryProcess registry;
  private Remote admin;
  private final List<IceClient> clients = new ArrayList<>();
  private final List<Remote> sessions = new ArrayList<>();

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry = lab.registry(implementation).with("IceGrid.Registry.SessionTimeout", "3600").start();
    admin = lab.client().adminSession(registry).admin();
    admin.call("addApplication", application().value());
  }

  @AfterEach
  void endSessions() {
    // The end of a connection is noticed later, and the next test wants the same objects.
    for (Remote session : sessions) {
      if (clients.contains(session.client())) {
        try {
          session.call("destroy");
        } catch (IceFailure gone) {
          // With its connection, or by the test.
        }
      }
    }
    sessions.clear();
    clients.forEach(IceClient::close);
    clients.clear();
  }

  private static GridApplication application(GridServer... more) {
    GridApplication application =
        GridApplication.of(
            APPLICATION,
            GridServer.exe("shared", "/bin/true").allocatables("A", SHARED, "one", "two"),
            GridServer.exe("whole", "/bin/true")
                .set("allocatable", true)
                .allocatables("A", WHOLE, "left", "right"));
    for (GridServer server : more) {
      application.server("node", server);
    }
    return application;
  }

  /** On a connection of its own. */
  private Remote session(String user, int timeoutMillis) {
    IceClient client = lab.client();
    clients.add(client);
    Remote session =
        client.at("IceGrid.Session", client.registry(registry).call("createSession", user, "x"));
    sessions.add(session);
    session.call("setAllocationTimeout", timeoutMillis);
    return session;
  }

  private static Json allocate(Remote session, String identity) {
    return session.call("allocateObjectById", identityOf(identity));
  }

  private static void release(Remote session, String identity) {
    session.call("releaseObject", identityOf(identity));
  }

  private static CompletableFuture<Json> begin(Remote session, String identity) {
    return session.begin("allocateObjectById", identityOf(identity));
  }

  private static void expectTimeout(Remote session, String identity) {
    assertThat(session.failure("allocateObjectById", identityOf(identity)).type())
        .isEqualTo("IceGrid.AllocationTimeoutException");
  }

  private static void expectRefusal(IceFailure failure, String reason) {
    assertThat(failure.type()).isEqualTo("IceGrid.AllocationException");
    assertThat(failure.reason()).isEqualTo(reason);
  }

  @Test
  void anObjectIsGivenToOneSession() {
    Remote alice = session("alice", 0);
    Remote bob = session("bob", 0);

    assertThat(allocate(alice, "one").proxy()).isEqualTo("one -t -e 1.1 @ shared.A");
    expectTimeout(bob, "one");
    assertThat(bob.call("allocateObjectByType", SHARED).identity()).isEqualTo("two");
    assertThat(bob.failure("allocateObjectByType", SHARED).type())
        .isEqualTo("IceGrid.AllocationTimeoutException");
    release(alice, "one");
    assertThat(bob.call("allocateObjectByType", SHARED).identity()).isEqualTo("one");
  }

  @Test
  void mistakesAreTold() {
    Remote alice = session("alice", -1);
    allocate(alice, "one");

    expectRefusal(
        alice.failure("allocateObjectById", identityOf("one")), "already allocated by the session");
    expectRefusal(
        alice.failure("releaseObject", identityOf("two")),
        "can't release object which is not allocated");
    expectRefusal(
        alice.failure("allocateObjectByType", "::None"),
        "no allocatable objects with type `::None' registered");
    for (String operation : List.of("allocateObjectById", "releaseObject")) {
      IceFailure unknown = alice.failure(operation, identityOf("none"));
      assertThat(unknown.type()).isEqualTo("IceGrid.ObjectNotRegisteredException");
      assertThat(unknown.field("id").identity()).isEqualTo("none");
    }
    alice.call("destroy");
    assertThat(alice.failure("destroy").type()).isEqualTo("Ice.ObjectNotExistException");
    assertThat(alice.failure("allocateObjectById", identityOf("two")).type())
        .isEqualTo("Ice.ObjectNotExistException");
  }

  @Test
  void anAllocatableIsNoWellKnownObject() {
    IceClient client = lab.client();
    clients.add(client);
    assertThat(client.query(registry).call("findObjectById", identityOf("one")).isNull()).isTrue();
    assertThat(client.locator(registry).failure("findObjectById", identityOf("one")).type())
        .isEqualTo("Ice.ObjectNotFoundException");
  }

  @Test
  void aServerIsGivenToOneSessionAsAWhole() {
    Remote alice = session("alice", 0);
    Remote bob = session("bob", 0);

    allocate(alice, "left");
    expectTimeout(bob, "right");
    allocate(alice, "right");
    release(alice, "left");
    expectTimeout(bob, "left");
    release(alice, "right");
    allocate(bob, "right");
    expectTimeout(alice, "left");
  }

  @Test
  void aRequestWaitsForAnyEndOfTheOther() {
    Remote released = session("released", -1);
    allocate(released, "one");
    Remote destroyed = session("destroyed", -1);
    CompletableFuture<Json> second = begin(destroyed, "one");
    release(released, "one");
    PythonClient.await(second);

    Remote aborted = session("aborted", -1);
    CompletableFuture<Json> third = begin(aborted, "one");
    destroyed.call("destroy");
    PythonClient.await(third);

    Remote closed = session("closed", -1);
    CompletableFuture<Json> fourth = begin(closed, "one");
    aborted.connection("abort");
    PythonClient.await(fourth);

    Remote last = session("last", -1);
    CompletableFuture<Json> fifth = begin(last, "one");
    closed.client().close();
    clients.remove(closed.client());
    PythonClient.await(fifth);
  }

  @Test
  void aDestroyedSessionsRequestIsRefused() {
    allocate(session("alice", 0), "one");
    Remote bob = session("bob", -1);
    CompletableFuture<Json> waiting = begin(bob, "one");
    bob.call("destroy");
    try {
      PythonClient.await(waiting);
      throw new AssertionError("allocated after all");
    } catch (IceFailure refused) {
      // The end of the session may overtake the request.
      assertThat(refused.type()).isIn("IceGrid.AllocationException", "Ice.ObjectNotExistException");
    }
  }

  @Test
  void anAllocationSurvivesAnUpdateElsewhere() {
    Remote alice = session("alice", 0);
    Remote bob = session("bob", 0);
    allocate(alice, "one");
    allocate(alice, "left");
    try {
      admin.call(
          "syncApplication",
          application(GridServer.exe("new", "/bin/true").allocatables("A", SHARED, "three"))
              .value());
      expectTimeout(bob, "one");
      expectTimeout(bob, "right");
      allocate(bob, "three");
    } finally {
      admin.call("syncApplication", application().value());
    }
    IceFailure gone = bob.failure("releaseObject", identityOf("three"));
    assertThat(gone.type()).isEqualTo("IceGrid.ObjectNotRegisteredException");
    release(alice, "one");
    allocate(bob, "one");
  }

  @Test
  void aNewObjectIsGivenToWhoWaitsForItsType() {
    allocate(session("first", 0), "one");
    allocate(session("second", 0), "two");
    Remote bob = session("bob", -1);
    CompletableFuture<Json> waiting = bob.begin("allocateObjectByType", SHARED);
    try {
      admin.call(
          "syncApplication",
          application(GridServer.exe("new", "/bin/true").allocatables("A", SHARED, "three"))
              .value());
      assertThat(PythonClient.await(waiting).identity()).isEqualTo("three");
    } finally {
      admin.call("syncApplication", application().value());
    }
  }

  @Test
  void aSessionIsBoundToItsConnection() {
    Remote alice = session("alice", 0);
    IceClient other = lab.client();
    clients.add(other);
    assertThat(other.at("IceGrid.Session", alice.proxy()).failure("keepAlive").type())
        .isEqualTo("Ice.ObjectNotExistException");
    alice.call("keepAlive");
  }
}
