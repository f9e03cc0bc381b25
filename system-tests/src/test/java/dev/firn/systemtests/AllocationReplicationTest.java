package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients' sessions are the master's: what slaves say, and what a new master gives. */
@EachMix
class AllocationReplicationTest {
  private static final String REFUSAL =
      "client session creation is only allowed with the master registry.";

  private Mix mix;

  @Initializer
  void start(Mix mix) {
    this.mix = mix;
  }

  /** With an allocatable object `one'. */
  private static IceClient started(Lab lab, Cluster cluster) {
    cluster
        .all()
        .forEach(
            registry ->
                registry.with("IceGrid.Registry.SessionManager.Endpoints", "tcp -h 127.0.0.1"));
    cluster.start();
    IceClient client = lab.client("Ice.Default.Locator=" + cluster.locator());
    Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
    client
        .adminSession(cluster.master())
        .admin()
        .call(
            "addApplication",
            GridApplication.of(
                    "app", GridServer.exe("shared", "/bin/true").allocatables("A", "::T", "one"))
                .value());
    return client;
  }

  private static Remote session(IceClient client, RegistryProcess master, String user) {
    Remote session =
        client.at("IceGrid.Session", client.registry(master).call("createSession", user, "x"));
    session.call("setAllocationTimeout", 0);
    return session;
  }

  private static void expectRefused(IceClient client, RegistryProcess slave) {
    IceFailure failure = client.registry(slave).failure("createSession", "alice", "x");
    assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
    assertThat(failure.reason()).isEqualTo(REFUSAL);
    assertThat(client.registry(slave).failure("createSessionFromSecureConnection").reason())
        .isEqualTo(REFUSAL);
  }

  /** The routers' door is the master's, whoever is asked. */
  private static void awaitManagerEverywhere(
      IceClient client, RegistryProcess master, RegistryProcess... slaves) {
    Json manager = manager(client, master);
    assertThat(Cluster.ports(manager.proxy())).hasSize(1);
    for (RegistryProcess slave : slaves) {
      Await.asserted(
          () ->
              assertThat(manager(client, slave).proxy())
                  .as(slave.toString())
                  .isEqualTo(manager.proxy()));
    }
  }

  private static Json manager(IceClient client, RegistryProcess registry) {
    return client.query(registry).call("findObjectById", identityOf("IceGrid/SessionManager"));
  }

  private static void promote(IceClient client, Cluster cluster) {
    cluster.master().kill();
    expectRefused(client, cluster.replica1());
    expectRefused(client, cluster.replica2());
    cluster.replica1().terminate();
    cluster.replica1().named("Master").start();
    Cluster.awaitConnected(client, cluster.replica1(), "Replica2");
    awaitManagerEverywhere(client, cluster.replica1(), cluster.replica2());
  }

  @Test
  void aSlaveHasNoSessions() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix);
      IceClient client = started(lab, cluster);
      expectRefused(client, cluster.replica1());
      expectRefused(client, cluster.replica2());
      awaitManagerEverywhere(client, cluster.master(), cluster.replica1(), cluster.replica2());
    }
  }

  @Test
  void aNewMasterGivesWhatTheOldOneHadGiven() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix);
      IceClient client = started(lab, cluster);
      IceClient first = lab.client();
      Remote alice = session(first, cluster.master(), "alice");
      alice.call("allocateObjectById", identityOf("one"));
      Remote waiting = session(lab.client(), cluster.master(), "bob");
      assertThat(waiting.failure("allocateObjectById", identityOf("one")).type())
          .isEqualTo("IceGrid.AllocationTimeoutException");

      promote(client, cluster);
      assertThat(alice.failure("keepAlive").type()).startsWith("Ice.Connection");
      Remote carol = session(lab.client(), cluster.replica1(), "carol");
      assertThat(carol.call("allocateObjectById", identityOf("one")).identity()).isEqualTo("one");
      Remote dave = session(lab.client(), cluster.replica1(), "dave");
      assertThat(dave.failure("allocateObjectById", identityOf("one")).type())
          .isEqualTo("IceGrid.AllocationTimeoutException");
    }
  }

  @Test
  void aRouterFindsTheNewMaster() {
    Peers.require("glacier2router");
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix);
      IceClient client = started(lab, cluster);
      String router =
          SessionRouterTest.router(
              lab, cluster.locator(), "", "--Ice.Default.LocatorCacheTimeout=0");
      IceClient first = lab.client("Ice.Default.Router=" + router);
      Remote alice = SessionRouterTest.logIn(first, "alice");
      alice.call("allocateObjectById", identityOf("one"));

      promote(client, cluster);
      first.ask("lose_router", Map.of());
      IceClient second = lab.client("Ice.Default.Router=" + router);
      Remote bob = SessionRouterTest.logIn(second, "bob");
      bob.call("setAllocationTimeout", 0);
      assertThat(bob.call("allocateObjectById", identityOf("one")).identity()).isEqualTo("one");
      second.close();
    }
  }
}
