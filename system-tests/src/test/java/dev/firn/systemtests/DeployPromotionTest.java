package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A slave becomes master; applications, nodes and servers go on under it. */
@EachGrid
class DeployPromotionTest {
  private Grid grid;

  @Initializer
  void start(Lab lab, GridMix mix) {
    grid = Grid.of(lab, mix, 2, "node").start();
  }

  @Test
  void thePromotedSlaveUpdatesApplicationsAndTheOldMasterFollows() {
    grid.add(GridApplication.of("app", GridServer.python("one").with("A", "1")));
    String pid = grid.ask("one", "pid");
    RegistryProcess old = grid.master();
    RegistryProcess promoted = grid.slave(1);
    RegistryProcess other = grid.slave(2);
    old.terminate();
    promoted.terminate();
    promoted.named("Master").start();
    Cluster.awaitConnected(grid.client(), promoted, other.replica());
    Await.until("the node follows", Grid.LONG, () -> grid.isUp(promoted, "node"));
    assertThat(grid.askThrough(promoted, "one.Server", "pid")).isEqualTo(pid);
    AdminSession session = grid.client().adminSession(promoted);
    session
        .admin()
        .call(
            "syncApplicationWithoutRestart",
            GridApplication.of("app", GridServer.python("one").with("A", "2")).value());
    session.destroy();
    assertThat(grid.revision(promoted, "app")).isEqualTo(2);
    // It has a session before it has the tables, and only then updates wait for it.
    Await.asserted(() -> assertThat(grid.revision(other, "app")).isEqualTo(2));
    assertThat(grid.askThrough(promoted, "one.Server", "property A")).isEqualTo("2");
    assertThat(grid.askThrough(promoted, "one.Server", "pid")).isEqualTo(pid);

    old.named("Replica1").options("--initdb-from-replica=Replica2").start();
    old.options();
    Cluster.awaitConnected(grid.client(), promoted, "Replica1", "Replica2");
    assertThat(grid.revision(old, "app")).isEqualTo(2);
    Await.until("the node knows it", Grid.LONG, () -> grid.isUp(old, "node"));
    Await.asserted(() -> assertThat(grid.askThrough(old, "one.Server", "pid")).isEqualTo(pid));
  }
}
