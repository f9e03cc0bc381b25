package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.election.NodeState;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.storage.InMemoryTopicStore;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReplicatedEngineTest {
  @Test
  void updateIsOnAllReplicasWhenAcknowledged() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      replicas.coordinator().create("fed1");

      assertThat(replicas.all()).allMatch(r -> r.tables().find("fed1") != null);
    }
  }

  @Test
  void highestIdLeadsAfterColdStart() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      assertThat(replicas.coordinator().id()).isEqualTo(3);
    }
  }

  @Test
  void groupGoesOnWithoutItsCoordinator() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      replicas.coordinator().create("before");
      replicas.replica(3).stop();
      replicas.awaitGroup();

      replicas.coordinator().create("after");

      assertThat(replicas.coordinator().id()).isEqualTo(2);
      assertThat(replicas.replica(1).tables().topics())
          .extracting(Topic::name)
          .containsExactly("after", "before");
    }
  }

  @Test
  void returningReplicaGetsWhatItMissed() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      replicas.replica(3).stop();
      replicas.awaitGroup();
      replicas.coordinator().create("missed");

      replicas.replica(3).start();
      replicas.awaitGroup();

      assertThat(replicas.replica(3).tables().find("missed")).isNotNull();
      assertThat(replicas.coordinator().id()).isEqualTo(3);
    }
  }

  @Test
  void updateWaitsForMajority() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      replicas.replica(1).stop();
      replicas.replica(2).stop();
      TestReplicas.Replica alone = replicas.replica(3);
      Eventually.await("it is alone", () -> alone.engine().view().state() != NodeState.NORMAL);
      CompletableFuture<TopicCommand.Result> waiting =
          alone.engine().submit(new TopicCommand.CreateTopic(Topic.idOf("IceStorm", "late")));
      assertThat(alone.engine().readGate().isOpen()).isFalse();
      assertThat(alone.engine().publishGate().isOpen()).isTrue();

      replicas.replica(1).start();
      replicas.awaitGroup();

      assertThat(waiting.join()).isInstanceOf(TopicCommand.Result.Applied.class);
      assertThat(replicas.replica(1).tables().find("late")).isNotNull();
    }
  }

  @Test
  void replicaThatCannotWriteIsLeftOut() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      replicas.replica(1).disk().failNext(InMemoryTopicStore.Fault.FAIL);

      replicas.coordinator().create("fed1");

      replicas.awaitGroup();
      assertThat(replicas.replica(1).tables().find("fed1")).isNotNull();
    }
  }

  @Test
  void fullStopKeepsEverything() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      replicas.coordinator().create("kept");
      replicas.all().forEach(TestReplicas.Replica::stop);

      replicas.all().forEach(TestReplicas.Replica::start);
      replicas.awaitGroup();

      assertThat(replicas.all()).allMatch(r -> r.tables().find("kept") != null);
    }
  }

  @Test
  void requestsThatWaitAreRefusedAtTheEnd() {
    try (TestReplicas replicas = new TestReplicas(3)) {
      TestReplicas.Replica alone = replicas.replica(1);
      alone.start();
      CompletableFuture<Void> reading = alone.engine().readGate().whenOpen();
      CompletableFuture<TopicCommand.Result> update =
          alone.engine().submit(new TopicCommand.DestroyTopic("fed1"));

      alone.stop();

      assertThat(reading).isCompletedExceptionally();
      assertThat(update).isCompletedExceptionally();
    }
  }
}
