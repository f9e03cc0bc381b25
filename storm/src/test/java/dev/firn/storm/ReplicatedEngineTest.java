package dev.firn.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.election.NodeState;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Subscription;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import dev.firn.storage.InMemoryTopicStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
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

  @Test
  void slavesForwardEveryKindOfUpdate() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      TestReplicas.Replica slave = replicas.slave();
      slave.create("fed1");
      slave.create("fed2");
      ObjectId subscriber = new ObjectId("sub", "");
      EncodedProxy proxy = slave.proxy("sub:tcp -h 127.0.0.1 -p 9");
      SubscriberRecord subscription =
          SubscriberRecord.subscriber(
              "fed1", subscriber, proxy, new TreeMap<>(Map.of("reliability", "ordered")));

      assertApplied(slave.submit(new TopicCommand.AddSubscriber("fed1", subscription)));
      assertThat(replicas.all())
          .allMatch(
              r ->
                  subscription.equals(
                      required(r.tables().find("fed1")).findSubscriber(subscriber)));
      assertRejected(
          slave.submit(new TopicCommand.AddSubscriber("fed1", subscription)),
          TopicCommand.Reason.ALREADY_SUBSCRIBED);
      assertApplied(slave.submit(new TopicCommand.RemoveSubscribers("fed1", List.of(subscriber))));
      assertRejected(
          slave.submit(new TopicCommand.Unlink("fed1", Topic.idOf("IceStorm", "fed2"))),
          TopicCommand.Reason.NO_SUCH_LINK);
      assertApplied(slave.submit(new TopicCommand.DestroyTopic("fed1")));
      assertRejected(
          slave.submit(new TopicCommand.DestroyTopic("fed1")), TopicCommand.Reason.NO_SUCH_TOPIC);
      assertRejected(
          slave.submit(new TopicCommand.CreateTopic(Topic.idOf("IceStorm", "fed2"))),
          TopicCommand.Reason.TOPIC_EXISTS);
      assertThat(replicas.all())
          .allMatch(r -> r.tables().find("fed1") == null && r.tables().topics().size() == 1);
    }
  }

  @Test
  void subscribersGoneForGoodAreRemovedByTheCoordinator() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      TestReplicas.Replica slave = replicas.slave();
      slave.create("fed1");
      ObjectId subscriber = new ObjectId("sub", "");
      SubscriberRecord subscription =
          SubscriberRecord.subscriber(
              "fed1", subscriber, slave.proxy("sub:tcp -h 127.0.0.1 -p 9"), new TreeMap<>());
      assertApplied(slave.submit(new TopicCommand.AddSubscriber("fed1", subscription)));

      Subscription seen = required(required(slave.tables().find("fed1")), subscriber);
      slave.engine().reap("fed1", seen, slave.engine().group());

      Eventually.await(
          "it is gone everywhere",
          () ->
              replicas.all().stream()
                  .allMatch(r -> required(r.tables().find("fed1")).subscribers().isEmpty()));
    }
  }

  private static Subscription required(Topic topic, ObjectId subscriber) {
    return requireNonNull(topic.findSubscription(subscriber));
  }

  private static Topic required(@Nullable Topic topic) {
    return requireNonNull(topic);
  }

  private static void assertApplied(TopicCommand.Result result) {
    assertThat(result).isInstanceOf(TopicCommand.Result.Applied.class);
  }

  private static void assertRejected(TopicCommand.Result result, TopicCommand.Reason reason) {
    assertThat(result)
        .isInstanceOfSatisfying(
            TopicCommand.Result.Rejected.class,
            rejected -> assertThat(rejected.rejection().reason()).isEqualTo(reason));
  }
}
