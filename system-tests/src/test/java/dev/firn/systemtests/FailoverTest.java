package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Replicas come and go; clients with all endpoints in their locator proxy do not notice. */
@EachMix
class FailoverTest {
  /** Who waited for a dead replica's session to time out would wait longer. */
  private static final Duration GAP_MAX = Duration.ofSeconds(9);

  private Mix mix;

  @Initializer
  void start(Mix mix) {
    this.mix = mix;
  }

  @Test
  void clientsGoOnWithoutTheMasterAndItsReturnIsNoticed() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix).start();
      IceClient client = lab.client("Ice.Default.Locator=" + cluster.locator());
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      client.adminSession(cluster.master()).addObject("stable:tcp -h 127.0.0.1 -p 1", "::Stable");
      IceClient service = lab.client("Ice.Default.Locator=" + cluster.locator());
      service.adapter("Echo", "Endpoints=tcp -h 127.0.0.1", "AdapterId=EchoId");
      service.servant("Echo", "echo", "echo", Map.of("types", List.of("::Test::Echo")));
      service.activate("Echo");

      IceClient busy = lab.client("Ice.Default.Locator=" + cluster.locator());
      busy.startLoop(
          "objects",
          busy.at("IceGrid.Locator", cluster.locator()),
          "findObjectById",
          identityOf("stable"));
      busy.startLoop(
          "adapters", busy.at("IceGrid.Locator", cluster.locator()), "findAdapterById", "EchoId");
      // Asks the locator before every call.
      busy.startLoop(
          "calls", busy.object("echo @ EchoId").changed("ice_locatorCacheTimeout", 0), "ice_ping");
      awaitProgress(busy);
      cluster.master().kill();
      awaitProgress(busy);

      for (RegistryProcess slave : List.of(cluster.replica1(), cluster.replica2())) {
        assertThat(client.query(slave).call("findObjectById", identityOf("stable")).isNull())
            .isFalse();
        AdminSession session = client.adminSession(slave);
        assertThat(session.admin().failure("removeObject", identityOf("stable")).type())
            .isEqualTo("IceGrid.DeploymentException");
        assertThat(
                client
                    .locatorRegistry(slave)
                    .failure("setAdapterDirectProxy", "New", proxyOf("d:tcp -p 1"))
                    .type())
            .isEqualTo("Ice.AdapterNotFoundException");
        session.destroy();
      }

      cluster.master().start();
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      client.adminSession(cluster.master()).addObject("later:tcp -h 127.0.0.1 -p 1", "::Stable");
      // A slave has a session before it has the tables; only then do updates wait for it.
      for (RegistryProcess registry : cluster.all()) {
        Await.asserted(
            () ->
                assertThat(
                        client.query(registry).call("findObjectById", identityOf("later")).isNull())
                    .isFalse());
      }
      // The slave counts itself as connected a moment after the master does.
      Await.asserted(
          () ->
              client
                  .locatorRegistry(cluster.replica2())
                  .call("setAdapterDirectProxy", "New", proxyOf("d:tcp -h 127.0.0.1 -p 1")));
      awaitProgress(busy);
      for (String loop : List.of("objects", "adapters", "calls")) {
        Json state = busy.stopLoop(loop);
        assertThat(state.get("errors").items()).as(loop).isEmpty();
        assertThat(state.get("gapMillis").number()).as(loop).isLessThan(GAP_MAX.toMillis());
      }
    }
  }

  private static void awaitProgress(IceClient busy) {
    for (String loop : List.of("objects", "adapters", "calls")) {
      long before = busy.loopState(loop).get("count").number();
      Await.until(
          "loop " + loop + " goes on",
          () -> busy.loopState(loop).get("count").number() > before + 50);
    }
  }

  @Test
  void aSlaveThatWasAwayGetsEverythingWhenItReturns() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix).start();
      IceClient client = lab.client();
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      AdminSession session = client.adminSession(cluster.master());
      session.addObject("before:tcp -h 127.0.0.1 -p 1", "::Before");
      session.addObject("doomed:tcp -h 127.0.0.1 -p 1", "::Before");
      cluster.replica1().terminate();
      // A slave that ends in order is gone at once, and with it its endpoints and objects.
      Cluster.awaitConnected(client, cluster.master(), "Replica2");
      for (RegistryProcess registry : cluster.running()) {
        Await.asserted(
            () ->
                assertThat(
                        Cluster.ports(
                            client
                                .query(registry)
                                .call("findObjectById", identityOf("IceGrid/Query"))
                                .proxy()))
                    .containsExactly(
                        cluster.master().clientPort(), cluster.replica2().clientPort()));
        Await.asserted(
            () ->
                assertThat(
                        client
                            .query(registry)
                            .call("findObjectById", identityOf("IceGrid/Registry-Replica1"))
                            .isNull())
                    .isTrue());
      }
      session.removeObject("doomed");
      session.addObject("after:tcp -h 127.0.0.1 -p 1", "::After");
      client
          .locatorRegistry(cluster.replica2())
          .call("setAdapterDirectProxy", "Late", proxyOf("d:tcp -h 127.0.0.1 -p 1"));
      cluster.replica1().start();
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      assertThat(Cluster.content(client, cluster.replica1()))
          .isEqualTo(Cluster.content(client, cluster.master()));
      assertThat(client.locator(cluster.replica1()).call("findAdapterById", "Late").isNull())
          .isFalse();
    }
  }

  @Test
  void aKilledSlaveHoldsUpUpdatesNoLongerThanItsSession() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix).start();
      IceClient client = lab.client();
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      AdminSession session = client.adminSession(cluster.master());
      cluster.replica2().kill();
      session.addObject("unhindered:tcp -h 127.0.0.1 -p 1", "::A");
      assertThat(
              client
                  .query(cluster.replica1())
                  .call("findObjectById", identityOf("unhindered"))
                  .isNull())
          .isFalse();
      cluster.replica2().start();
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      Await.asserted(
          Cluster.LONG,
          () ->
              assertThat(Cluster.content(client, cluster.replica2()))
                  .isEqualTo(Cluster.content(client, cluster.master())));
    }
  }

  @Test
  void aSlaveServesItsOwnDatabaseWithoutAnyMaster() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix).start();
      IceClient client = lab.client();
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      client.adminSession(cluster.master()).addObject("own:tcp -h 127.0.0.1 -p 1", "::Own");
      cluster.all().forEach(RegistryProcess::kill);
      cluster.replica1().start();
      assertThat(
              client.query(cluster.replica1()).call("findObjectById", identityOf("own")).isNull())
          .isFalse();
      cluster.replica1().awaitConsole("failed to establish session with master replica");
      Await.asserted(
          () ->
              assertThat(
                      Cluster.ports(
                          client
                              .query(cluster.replica1())
                              .call("findObjectById", identityOf("IceGrid/Query"))
                              .proxy()))
                  .containsExactly(cluster.replica1().clientPort()));
      // The master contacts the slaves that it knows and need not be searched.
      cluster.master().start();
      Cluster.awaitConnected(client, cluster.master(), "Replica1");
    }
  }

  @Test
  void aSecondReplicaOfTheSameNameIsRefused() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix).start();
      IceClient client = lab.client();
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      RegistryProcess twin =
          lab.registry(mix.replica1(), "Twin")
              .named("Replica1")
              .with("Ice.Default.Locator", cluster.locator())
              .start();
      twin.awaitConsole("a replica with the same name is already registered and active");
      twin.terminate();
      assertThat(Cluster.connected(client, cluster.master()))
          .containsExactly("Replica1", "Replica2", "Master");
      client.adminSession(cluster.master()).addObject("one:tcp -h 127.0.0.1 -p 1", "::One");
      assertThat(
              client.query(cluster.replica1()).call("findObjectById", identityOf("one")).isNull())
          .isFalse();
    }
  }
}
