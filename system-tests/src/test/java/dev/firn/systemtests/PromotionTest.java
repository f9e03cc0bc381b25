package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A slave becomes master by a restart under that name; the old master returns as a slave, or is
 * refused.
 */
@EachMix
class PromotionTest {
  private static final String REFUSAL = "contains earlier updates:";
  private Mix mix;

  @Initializer
  void start(Mix mix) {
    this.mix = mix;
  }

  /** A cluster with an object, whose master was then killed. */
  private static IceClient orphaned(Lab lab, Cluster cluster) {
    cluster.start();
    IceClient client = lab.client("Ice.Default.Locator=" + cluster.locator());
    Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
    AdminSession session = client.adminSession(cluster.master());
    session.addObject("old:tcp -h 127.0.0.1 -p 1", "::Old");
    client
        .locatorRegistry(cluster.master())
        .call(
            "setReplicatedAdapterDirectProxy",
            "OldAdapter",
            "OldGroup",
            proxyOf("d:tcp -h 127.0.0.1 -p 1"));
    cluster.master().kill();
    return client;
  }

  private static void promote(RegistryProcess slave) {
    slave.terminate();
    slave.named("Master").start();
  }

  private static void addOnNewMaster(IceClient client, RegistryProcess master) {
    AdminSession session = client.adminSession(master);
    session.addObject("new:tcp -h 127.0.0.1 -p 1", "::New");
    session.removeObject("old");
    client
        .locatorRegistry(master)
        .call("setAdapterDirectProxy", "NewAdapter", proxyOf("d:tcp -h 127.0.0.1 -p 2"));
    session.destroy();
  }

  private static void expectSameContent(IceClient client, RegistryProcess... registries) {
    Cluster.Content first = Cluster.content(client, registries[0]);
    for (RegistryProcess registry : registries) {
      Await.asserted(
          () ->
              assertThat(Cluster.content(client, registry))
                  .as(registry.toString())
                  .isEqualTo(first));
    }
  }

  @Test
  void theOtherSlaveFollowsAndTheOldMasterReturnsAsSlave() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix);
      IceClient client = orphaned(lab, cluster);
      IceClient busy = lab.client("Ice.Default.Locator=" + cluster.locator());
      busy.startLoop(
          "locates", busy.at("IceGrid.Locator", cluster.locator()), "findAdapterById", "OldGroup");

      promote(cluster.replica1());
      Cluster.awaitConnected(client, cluster.replica1(), "Replica2");
      Cluster.Content before = Cluster.content(client, cluster.replica1());
      assertThat(before.objects()).containsOnlyKeys("old");
      assertThat(before.adapters()).containsOnlyKeys("OldAdapter");
      addOnNewMaster(client, cluster.replica1());
      expectSameContent(client, cluster.replica1(), cluster.replica2());
      assertThat(Cluster.content(client, cluster.replica2()).objects()).containsOnlyKeys("new");

      cluster.master().named("Replica1").start();
      Cluster.awaitConnected(client, cluster.replica1(), "Replica1", "Replica2");
      expectSameContent(client, cluster.replica1(), cluster.replica2(), cluster.master());
      client.adminSession(cluster.replica1()).addObject("last:tcp -h 127.0.0.1 -p 1", "::Last");
      expectSameContent(client, cluster.replica1(), cluster.replica2(), cluster.master());

      long seen = busy.loopState("locates").get("count").number();
      Await.until(
          "locates go on", () -> busy.loopState("locates").get("count").number() > seen + 10);
      assertThat(busy.stopLoop("locates").get("errors").items()).isEmpty();
    }
  }

  @Test
  void anOutOfDateMasterIsRefusedUntilItsDatabaseIsInitialized() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix);
      IceClient client = orphaned(lab, cluster);
      promote(cluster.replica1());
      Cluster.awaitConnected(client, cluster.replica1(), "Replica2");
      addOnNewMaster(client, cluster.replica1());
      // A slave has a session before it has the tables; only then do updates wait for it.
      expectSameContent(client, cluster.replica1(), cluster.replica2());
      Cluster.Content latest = Cluster.content(client, cluster.replica2());
      cluster.replica1().terminate();

      cluster.master().start();
      for (RegistryProcess side : List.of(cluster.master(), cluster.replica2())) {
        side.awaitConsole("database from replica `Replica2' " + REFUSAL);
        side.awaitConsole("database `objects': master serial = " + (latest.objectSerial() - 2));
        side.awaitConsole("replica serial = " + latest.objectSerial());
        side.awaitConsole("database `adapters': master serial = " + (latest.adapterSerial() - 1));
        side.awaitConsole("- restart the slave with --initdb-from-replica=Master");
        side.awaitConsole("- restart the master with --initdb-from-replica=Replica2");
      }
      cluster.replica2().awaitConsole("database synchronization with master failed:");
      assertThat(Cluster.content(client, cluster.replica2())).isEqualTo(latest);

      cluster.master().terminate();
      cluster.master().options("--initdb-from-replica=Replica2").start();
      Cluster.awaitConnected(client, cluster.master(), "Replica2");
      assertThat(Cluster.content(client, cluster.master())).isEqualTo(latest);
      cluster.replica1().named("Replica1").start();
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      expectSameContent(client, cluster.master(), cluster.replica1(), cluster.replica2());
    }
  }

  @Test
  void aSlaveThatIsAheadGivesWayWhenItsDatabaseIsInitialized() throws IOException {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix);
      IceClient client = orphaned(lab, cluster);
      cluster.replica1().terminate();
      // The master lost its disk.
      try (Stream<Path> files = Files.list(cluster.master().database())) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      cluster.master().start();
      AdminSession session = client.adminSession(cluster.master());
      cluster.replica1().start();
      cluster.replica1().awaitConsole("database from replica `Replica1' " + REFUSAL);
      cluster.master().awaitConsole("database from replica `Replica1' " + REFUSAL);
      assertThat(
              client.query(cluster.replica1()).call("findObjectById", identityOf("old")).isNull())
          .isFalse();

      cluster.replica1().terminate();
      cluster.replica1().options("--initdb-from-replica", "Master").start();
      session.addObject("fresh:tcp -h 127.0.0.1 -p 1", "::Fresh");
      expectSameContent(client, cluster.master(), cluster.replica1());
      assertThat(Cluster.content(client, cluster.replica1()).objects()).containsOnlyKeys("fresh");
    }
  }

  @Test
  @Tag("reference-defect")
  void aFormerMasterInitializesItselfFromTheNewOneThatItsLocatorKnows() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix);
      IceClient client = orphaned(lab, cluster);
      promote(cluster.replica1());
      addOnNewMaster(client, cluster.replica1());
      cluster.replica1().terminate();
      cluster.replica2().terminate();
      cluster.master().start();
      cluster.replica1().named("Replica1").options("--initdb-from-replica", "Master");
      if (cluster.replica1().isFirn()) {
        cluster.replica1().start();
        expectSameContent(client, cluster.master(), cluster.replica1());
      } else {
        // It asks only who was master according to its own table: itself.
        cluster.replica1().begin();
        assertThat(cluster.replica1().awaitExit()).isEqualTo(1);
        cluster.replica1().awaitConsole("couldn't initialize database from replica `Master'");
      }
    }
  }

  @Test
  void aReadOnlyMasterShowsEverythingAndChangesNothing() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix);
      IceClient client = orphaned(lab, cluster);
      cluster.replica1().terminate();
      cluster.replica1().named("Master").options("--readonly").start();
      Cluster.awaitConnected(client, cluster.replica1(), "Replica2");
      AdminSession session = client.adminSession(cluster.replica1());
      assertThat(session.session().call("getReplicaName").text()).isEqualTo("Master");
      assertThat(session.objectInfo("old").get("type").text()).isEqualTo("::Old");
      for (IceFailure failure :
          List.of(
              session.admin().failure("removeObject", identityOf("old")),
              session.admin().failure("removeAdapter", "OldAdapter"))) {
        assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
        assertThat(failure.reason())
            .isEqualTo("this operation is not allowed on a slave or read-only master registry.");
      }
      expectSameContent(client, cluster.replica1(), cluster.replica2());
      cluster.replica1().terminate();
      cluster.replica1().options().start();
      Cluster.awaitConnected(client, cluster.replica1(), "Replica2");
      addOnNewMaster(client, cluster.replica1());
      expectSameContent(client, cluster.replica1(), cluster.replica2());
    }
  }
}
