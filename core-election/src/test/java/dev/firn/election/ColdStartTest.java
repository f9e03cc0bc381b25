package dev.firn.election;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The first group after a full stop. */
final class ColdStartTest {
  @Test
  void theHighestLeadsAGroupOfAll() {
    Cluster cluster = new Cluster(1, 2, 3).startAll();

    long took = cluster.awaitGroup(3, 1, 2);

    assertThat(took).isLessThan(500);
  }

  @Test
  void anUpdateIsOnEveryReplicaWhenItIsAnswered() {
    Cluster cluster = new Cluster(1, 2, 3).startAll();
    cluster.awaitGroup(3, 1, 2);

    cluster.done(1, Topics.create("a"));

    for (Machine machine : cluster.machines().values()) {
      assertThat(machine.disk().find("a")).isNotNull();
    }
  }

  @Test
  void survivorsOfAKilledCoordinatorTakeUpdatesSoon() {
    Cluster cluster = new Cluster(1, 2, 3).startAll();
    cluster.awaitGroup(3, 1, 2);
    cluster.run(5000);

    cluster.at(3).kill();
    long took = cluster.done(1, Topics.create("a"));

    assertThat(took).isLessThan(500);
    assertThat(cluster.isGroup(2, 1)).isTrue();
  }

  @Test
  void theHighestTakesOverWhenItReturns() {
    Cluster cluster = new Cluster(1, 2, 3).startAll();
    cluster.awaitGroup(3, 1, 2);
    cluster.run(5000);
    cluster.at(3).kill();
    cluster.done(1, Topics.create("a"));

    cluster.at(3).start();
    long took = cluster.awaitGroup(3, 1, 2);

    assertThat(took).isLessThan(500);
    assertThat(cluster.at(3).disk().find("a")).isNotNull();
  }
}
