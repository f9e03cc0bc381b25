package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RowChange;
import dev.firn.storage.LmdbRegistryStore;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Look-ups are answered while the registry is busy with something that takes long. */
@FirnOnly
class LocatesGoOnTest {
  private static final int OBJECTS = 100_000;
  private static final int LARGE_QUERIES = 4;

  private static void fill(RegistryProcess registry) {
    try (Communicator communicator = Util.initialize();
        LmdbRegistryStore store = LmdbRegistryStore.open(registry.database(), 0)) {
      store.load();
      List<RowChange> rows = new ArrayList<>();
      for (int i = 0; i < OBJECTS; i++) {
        String proxy = "many/object-" + i + ":tcp -h 127.0.0.1 -p 1";
        rows.add(
            new RowChange.PutObject(
                ObjectEntry.of(
                    Mapping.encode(communicator, communicator.stringToProxy(proxy)), "::Many"),
                Optional.empty()));
      }
      store.commit(rows);
    }
  }

  private static void locate(IceClient client, RegistryProcess registry) {
    for (int i = 0; i < 50; i++) {
      assertThat(client.locator(registry).failure("findAdapterById", "nowhere").type())
          .isEqualTo("Ice.AdapterNotFoundException");
      assertThat(
              client.locator(registry).call("findObjectById", identityOf("IceGrid/Query")).isNull())
          .isFalse();
    }
  }

  @Test
  void whileHugeAnswersAreNotTaken() {
    try (Lab lab = new Lab()) {
      RegistryProcess registry = lab.registry(Implementation.FIRN);
      fill(registry);
      registry.start();
      IceClient client = lab.client();
      try (RawConnection one = new RawConnection(registry.clientPort());
          RawConnection other = new RawConnection(registry.clientPort())) {
        for (RawConnection slow : List.of(one, other)) {
          slow.awaitValidation();
          for (int id = 1; id <= LARGE_QUERIES; id++) {
            slow.send(
                RawConnection.request(id, "IceGrid", "Query", "findAllObjectsByType", "::Many"));
          }
        }
        locate(client, registry);
        // No more than what fits into buffers has been sent by now, and all of it comes.
        for (RawConnection slow : List.of(one, other)) {
          for (int id = 1; id <= LARGE_QUERIES; id++) {
            assertThat(slow.readResult()).isGreaterThan(OBJECTS * 30);
          }
        }
      }
      locate(client, registry);
      registry.terminate();
    }
  }

  @Test
  void whileAStoppedSlaveHoldsUpAnUpdate() {
    try (Lab lab = new Lab()) {
      // The slave is not to be given up before it goes on.
      RegistryProcess master =
          lab.registry(Implementation.FIRN)
              .with("Firn.Registry.AckTimeout", "120")
              .with("IceGrid.Registry.ReplicaSessionTimeout", "120")
              .start();
      RegistryProcess slave =
          lab.registry(Implementation.FIRN, "Slave")
              .with("Ice.Default.Locator", master.locatorProxy())
              .start();
      IceClient client = lab.client();
      Cluster.awaitConnected(client, master, "Slave");
      slave.process().pause();
      AdminSession session = client.adminSession(master);
      CompletableFuture<Json> update =
          session
              .admin()
              .begin("addObjectWithType", proxyOf("late:tcp -h 127.0.0.1 -p 1"), "::Late");
      Await.until(
          "the update is visible",
          () -> !client.query(master).call("findObjectById", identityOf("late")).isNull());
      locate(client, master);
      assertThat(update).isNotDone();
      slave.process().signal("CONT");
      PythonClient.await(update);
      Await.asserted(
          Cluster.LONG,
          () ->
              assertThat(Cluster.content(client, slave))
                  .isEqualTo(Cluster.content(client, master)));
      session.destroy();
      slave.terminate();
      master.terminate();
    }
  }
}
