package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Peers that answer slowly or never. */
@EachImplementation
class HangingPeersTest {
  private Implementation implementation;

  @Initializer
  void start(Implementation implementation) {
    this.implementation = implementation;
  }

  @Test
  void aSlaveThatHangsDelaysUpdatesForALimitedTimeAndLocatesNotAtAll() {
    try (Lab lab = new Lab()) {
      RegistryProcess registry = lab.registry(implementation).start();
      IceClient slave = lab.client();
      slave.adapter("Slave", "Endpoints=tcp -h 127.0.0.1");
      Json observer = slave.servant("Slave", "observer", "silent", Map.of());
      slave.activate("Slave");
      Json found =
          slave
              .query(registry)
              .call("findObjectById", identityOf("IceGrid/InternalRegistry-Master"));
      Remote internal = slave.at("IceGrid.InternalRegistry", found);
      Json session =
          internal.call(
              "registerReplica",
              Map.of(
                  "$struct", "IceGrid.InternalReplicaInfo", "name", "Hanging", "hostname", "here"),
              proxyOf(observer.proxy(), "IceGrid.InternalRegistry"));
      Remote replica = slave.at("IceGrid.ReplicaSession", session);
      assertThat(replica.call("getTimeout").number()).isEqualTo(10);
      // Never answered: the observer does not take its initial state.
      replica.begin("setDatabaseObserver", proxyOf(observer.proxy(), "IceGrid.DatabaseObserver"));
      IceClient client = lab.client();
      AdminSession admin = client.adminSession(registry);
      Await.until(
          "the replica is up", () -> Cluster.connected(client, registry).contains("Hanging"));

      CompletableFuture<Json> update =
          admin
              .admin()
              .begin("addObjectWithType", proxyOf("delayed:tcp -h 127.0.0.1 -p 1"), "::Delayed");
      Await.until(
          "the update is visible before it is acknowledged",
          () -> !client.query(registry).call("findObjectById", identityOf("delayed")).isNull());
      assertThat(client.locator(registry).failure("findAdapterById", "nowhere").type())
          .isEqualTo("Ice.AdapterNotFoundException");
      PythonClient.await(update);
      Await.until(
          "the replica is down",
          Cluster.LONG,
          () -> !Cluster.connected(client, registry).contains("Hanging"));
      slave.ask("release", Map.of());
    }
  }

  @Test
  void aVerifierThatHangsHoldsUpOnlyWhoAsksIt() {
    try (Lab lab = new Lab()) {
      IceClient verifiers = lab.client();
      int port = Ports.free();
      RegistryProcess registry =
          lab.registry(implementation)
              .with(
                  "IceGrid.Registry.AdminPermissionsVerifier", "silent:tcp -h 127.0.0.1 -p " + port)
              .with("IceGrid.Registry.AdminPermissionsVerifier.InvocationTimeout", "3000")
              .start();
      verifiers.adapter("Silent", "Endpoints=tcp -h 127.0.0.1 -p " + port);
      verifiers.servant("Silent", "silent", "silent", Map.of());
      verifiers.activate("Silent");
      List<CompletableFuture<Json>> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(lab.client().registry(registry).begin("createAdminSession", "user", "secret"));
      }
      IceClient client = lab.client();
      client
          .locatorRegistry(registry)
          .call("setAdapterDirectProxy", "Other", proxyOf("d:tcp -h 127.0.0.1 -p 1"));
      assertThat(
              client.query(registry).call("findObjectById", identityOf("IceGrid/Query")).isNull())
          .isFalse();
      for (CompletableFuture<Json> denied : waiting) {
        assertThatThrownBy(() -> PythonClient.await(denied))
            .isInstanceOfSatisfying(
                IceFailure.class,
                failure -> assertThat(failure.reason()).isEqualTo("internal server error"));
      }
      verifiers.ask("release", Map.of());
    }
  }
}
