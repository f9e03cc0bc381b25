package dev.firn.election;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What goes wrong in ZeroC's replicas and must not here; numbers are issues of theirs. */
final class KnownDefectsTest {
  private final Cluster cluster = new Cluster(1, 2, 3);

  @Test
  void positionsSurviveARestartOfAll5845() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.at(3).kill();
    cluster.done(1, Topics.create("new"));
    cluster.at(1).kill();
    cluster.at(2).kill();

    cluster.startAll().awaitGroup(3, 1, 2);

    assertThat(cluster.at(3).disk().find("new")).isNotNull();
  }

  @Test
  void aNewGenerationExceedsTheCoordinatorsOwn5846() {
    give(3, 6, 4, "mine");
    give(2, 5, 9, "older");
    give(1, 5, 9, "older");

    cluster.startAll().awaitGroup(3, 1, 2);

    LogPosition position = cluster.at(2).disk().position();
    assertThat(position.generation()).isGreaterThan(6);
    assertThat(cluster.at(1).disk().find("mine")).isNotNull();
    assertThat(cluster.at(1).disk().find("older")).isNull();
  }

  @Test
  void anInvitedReplicaWhoseInviterDiesIsFreeAgain5848() {
    cluster.startAll();
    cluster.await("reorganization", 1000, () -> cluster.at(1).state() == NodeState.REORGANIZATION);

    cluster.at(3).kill();
    cluster.await("loner", 1000, () -> cluster.at(1).state() == NodeState.INACTIVE);
    cluster.at(3).start();

    cluster.awaitGroup(3, 1, 2);
  }

  @Test
  void aMemberThatCannotStoreTheContentIsLeftOut5849() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.at(1).kill();
    cluster.done(3, Topics.create("a"));
    cluster.at(1).start();
    cluster.await("reorganization", 2000, () -> cluster.at(1).state() == NodeState.REORGANIZATION);
    cluster.at(1).breakDisk(true);

    cluster.awaitGroup(3, 2);

    assertThat(cluster.done(2, Topics.create("b"))).isLessThan(100);
  }

  @Test
  void anEvictedMemberDoesNotStopTheGroupAgainAndAgain6012() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.at(1).breakDisk(true);
    cluster.done(3, Topics.create("a"));
    cluster.awaitGroup(3, 2);
    long before = cluster.at(3).disk().promise();

    cluster.run(60_000);

    assertThat(cluster.isGroup(3, 2)).isTrue();
    assertThat(cluster.at(3).disk().promise() - before).isLessThanOrEqualTo(8);
    cluster.at(1).breakDisk(false);
    cluster.await("whole group", 70_000, () -> cluster.isGroup(3, 1, 2));
  }

  @Test
  void subscribersAreReconciledByTheWholeRecord5852() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.done(3, Topics.create("a"));
    cluster.done(3, Topics.subscribe("a", "s"));
    cluster.at(1).kill();
    cluster.done(3, Topics.unsubscribe("a", "s"));
    TreeMap<String, String> qos = new TreeMap<>();
    qos.put("reliability", "ordered");
    SubscriberRecord changed =
        SubscriberRecord.subscriber("a", new ObjectId("s", ""), EncodedProxy.NULL, qos);
    cluster.done(3, new TopicCommand.AddSubscriber("a", changed));

    cluster.at(1).start();
    cluster.awaitGroup(3, 1, 2);

    assertThat(cluster.at(1).disk().sameTopics(cluster.at(3).disk())).isTrue();
  }

  @Test
  void aRejoiningReplicaResurrectsNothing5814() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.done(3, Topics.create("a"));
    cluster.at(3).kill();
    cluster.done(1, Topics.destroy("a"));

    cluster.at(3).start();
    cluster.awaitGroup(3, 1, 2);

    cluster.machines().values().forEach(machine -> assertThat(machine.disk().find("a")).isNull());
  }

  @Test
  void aTopicIsThereUntilItsEndIsStored5851() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.done(3, Topics.create("a"));
    cluster.at(3).breakDisk(true);

    Cluster.Answered answered = cluster.submit(3, Topics.destroy("a"));

    assertThat(answered.get()).isInstanceOf(Answer.UnknownOutcome.class);
    assertThat(((TopicTables) cluster.at(3).replica().state()).find("a")).isNotNull();
    cluster.awaitGroup(2, 1);
    cluster.done(1, Topics.destroy("a"));
  }

  @Test
  void aForwardedUpdateIsAnsweredWhenTheCoordinatorDies() {
    cluster.startAll().awaitGroup(3, 1, 2);
    Cluster.Answered lost = cluster.submit(1, Topics.create("a"));
    cluster.at(3).kill();

    cluster.await("answer", 1000, lost::isThere);
    assertThat(lost.get()).isInstanceOf(Answer.UnknownOutcome.class);
    cluster.done(1, Topics.create("b"));
  }

  @Test
  void numbersOfReplicasHaveGaps() {
    Cluster wide = new Cluster(7, 100, 2000).startAll();

    assertThat(wide.awaitGroup(2000, 7, 100)).isLessThan(500);
    wide.at(2000).kill();
    assertThat(wide.done(7, Topics.create("a"))).isLessThan(500);
  }

  @Test
  void reapingNeverBlocksAndWorksAloneToo() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.done(3, Topics.create("a"));
    cluster.done(3, Topics.subscribe("a", "s"));
    List<ObjectId> ids = List.of(new ObjectId("s", ""));

    assertThat(cluster.reap(1, "a", ids).get()).isEqualTo(new Answer.ReapWouldBlock());
    gone(1, generation(1));
    cluster.await("reaped", 1000, () -> isReaped(3) && isReaped(1));
    Cluster.Answered nothing = cluster.reap(3, "none", ids);
    cluster.await("answer", 1000, nothing::isThere);
    assertThat(nothing.get()).isEqualTo(new Answer.Done());
  }

  @Test
  void whoIsOutOfReachOfACutOffReplicaStaysSubscribed() {
    subscribed();
    long before = generation(1);
    cluster.isolate(1);
    cluster.awaitGroup(3, 2);
    cluster.await("loner", 2000, () -> cluster.at(1).state() == NodeState.INACTIVE);

    gone(1, before);
    gone(1, generation(1));
    cluster.heal();
    cluster.awaitGroup(3, 1, 2);
    gone(1, before);
    cluster.run(10_000);

    assertThat(isReaped(3)).isFalse();
  }

  @Test
  void whatASlaveFoundBeforeItWasMissedIsForgottenWithItsGroup() {
    subscribed();
    cluster.isolate(1);

    gone(1, generation(1));
    cluster.await("loner", 2000, () -> cluster.at(1).state() == NodeState.INACTIVE);
    cluster.heal();
    cluster.awaitGroup(3, 1, 2);
    cluster.run(10_000);

    assertThat(isReaped(3)).isFalse();
  }

  @Test
  void whatTheFormerCoordinatorFoundAloneIsForgotten() {
    subscribed();
    cluster.isolate(3);
    cluster.awaitGroup(2, 1);
    cluster.await("loner", 2000, () -> cluster.at(3).state() == NodeState.INACTIVE);

    gone(3, generation(3));
    cluster.heal();
    cluster.awaitGroup(3, 1, 2);
    cluster.run(10_000);

    assertThat(isReaped(3)).isFalse();
  }

  @Test
  void whoSubscribesAgainIsNotReapedByAnOldReport() {
    subscribed();
    Subscription slaves = subscription(1);
    Subscription coordinators = subscription(3);
    cluster.done(3, Topics.unsubscribe("a", "s"));
    cluster.done(3, Topics.subscribe("a", "s"));

    cluster.at(1).give(new Input.Gone("a", slaves, generation(1)));
    cluster.at(3).give(new Input.Gone("a", coordinators, generation(3)));
    cluster.run(10_000);

    assertThat(isReaped(3)).isFalse();
  }

  @Test
  void anOldReportIsNotBelievedInTheBatchInWhichItsSubscriberComesAgain() {
    subscribed();
    Cluster.Answered first = cluster.submit(3, Topics.create("b"));
    cluster.submit(3, Topics.unsubscribe("a", "s"));
    Cluster.Answered last = cluster.submit(3, Topics.subscribe("a", "s"));

    gone(3, generation(3));
    cluster.await("answers", 1000, () -> first.isDone() && last.isThere());
    cluster.run(10_000);

    assertThat(last.isDone()).isTrue();
    assertThat(isReaped(3)).isFalse();
  }

  private void subscribed() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.done(3, Topics.create("a"));
    cluster.done(3, Topics.subscribe("a", "s"));
  }

  /** Delivery at this replica, in a group of this generation, did not reach the subscriber. */
  private void gone(int id, long generation) {
    cluster.at(id).give(new Input.Gone("a", subscription(id), generation));
  }

  private long generation(int id) {
    return cluster.at(id).replica().view().generation();
  }

  private Subscription subscription(int id) {
    return requireNonNull(
        requireNonNull(cluster.at(id).disk().find("a")).findSubscription(new ObjectId("s", "")));
  }

  private boolean isReaped(int id) {
    Topic topic = cluster.at(id).disk().find("a");
    return topic != null && topic.subscribers().isEmpty();
  }

  private void give(int id, long generation, long iteration, String topic) {
    cluster
        .at(id)
        .setDisk(
            TopicTables.EMPTY.with(
                List.of(
                    new TopicChange.PutTopic(Topics.id(topic)),
                    new StateChange.SetPosition(new LogPosition(generation, iteration)),
                    new StateChange.SetPromise(generation))));
  }
}
