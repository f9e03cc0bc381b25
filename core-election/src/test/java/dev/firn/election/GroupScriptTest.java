package dev.firn.election;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Groups that lose and regain members, lines and votes. */
final class GroupScriptTest {
  private final Cluster cluster = new Cluster(1, 2, 3);

  @Test
  void anIsolatedCoordinatorStepsDownAndRejoins() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.isolate(3);

    long took = cluster.await("step down", 5000, () -> cluster.at(3).state() == NodeState.INACTIVE);
    assertThat(took).isLessThan(1500);
    cluster.awaitGroup(2, 1);
    cluster.done(1, Topics.create("a"));
    cluster.heal();

    cluster.awaitGroup(3, 1, 2);
    assertThat(cluster.at(3).disk().find("a")).isNotNull();
  }

  @Test
  void aSilentCoordinatorIsReplacedSoon() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.isolate(3);

    assertThat(cluster.awaitGroup(2, 1)).isLessThan(1500);
  }

  @Test
  void anUpdateForwardedToASilentCoordinatorIsAnsweredWhenItIsGivenUp() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.isolate(3);

    Cluster.Answered answered = cluster.submit(1, Topics.create("a"));

    assertThat(cluster.await("answer", 5000, answered::isThere)).isLessThan(1500);
    assertThat(answered.get()).isInstanceOf(Answer.UnknownOutcome.class);
  }

  @Test
  void withoutAMajorityUpdatesWaitAndEventsFlow() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.at(1).kill();
    cluster.at(2).kill();
    cluster.await("step down", 5000, () -> cluster.at(3).state() == NodeState.INACTIVE);

    Cluster.Answered waits = cluster.submit(3, Topics.create("a"));
    cluster.run(5000);

    assertThat(waits.isThere()).isFalse();
    assertThat(cluster.at(3).isReadOpen()).isFalse();
    assertThat(cluster.at(3).isPublishOpen()).isTrue();
    cluster.at(1).start();
    cluster.await("answer", 2000, waits::isThere);
    assertThat(waits.isDone()).isTrue();
  }

  @Test
  void anUpdateWithoutMajorityHasAnUnknownOutcome() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.isolate(3);

    Cluster.Answered answered = cluster.submit(3, Topics.create("a"));

    cluster.await("answer", 5000, answered::isThere);
    assertThat(answered.get()).isInstanceOf(Answer.UnknownOutcome.class);
  }

  @Test
  void twoOfThreeDoNotStartColdUnlessTheyMay() {
    cluster.at(1).start();
    cluster.at(2).start();
    cluster.run(10_000);
    assertThat(cluster.at(2).state()).isEqualTo(NodeState.INACTIVE);

    Cluster relaxed =
        new Cluster(
            c -> new ElectionConfig(c.self(), c.nodes(), true, true, 511, 10, 0, c.timing()),
            1,
            2,
            3);
    relaxed.at(1).start();
    relaxed.at(2).start();
    assertThat(relaxed.awaitGroup(2, 1)).isLessThan(1000);
  }

  @Test
  void theLastReplicaToStartCompletesAColdStartAtOnce() {
    cluster.at(2).start();
    cluster.at(3).start();
    cluster.run(20_000);

    cluster.at(1).start();

    assertThat(cluster.awaitGroup(3, 1, 2)).isLessThan(500);
  }

  @Test
  void aOneWayCutDoesNotDisturbTheOthersForEver() {
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.cut(3, 1);
    cluster.cut(2, 1);
    cluster.awaitGroup(3, 2);
    long before = cluster.at(3).disk().promise();

    cluster.run(30_000);

    assertThat(cluster.at(3).disk().promise()).isEqualTo(before);
    assertThat(cluster.isGroup(3, 2)).isTrue();
  }

  @Test
  void replicasOfZerocAreFollowedAndLed() {
    cluster.at(2).pretendToBeZeroc();
    cluster.startAll().awaitGroup(3, 1, 2);
    cluster.done(2, Topics.create("a"));
    cluster.at(3).kill();
    cluster.done(1, Topics.create("b"));
    cluster.at(3).start();
    cluster.awaitGroup(3, 1, 2);

    assertThat(cluster.at(3).disk().find("b")).isNotNull();
  }

  @Test
  void whoWaitsTooLongIsTold() {
    Cluster impatient =
        new Cluster(
            c -> new ElectionConfig(c.self(), c.nodes(), false, true, 511, 1, 500, c.timing()),
            1,
            2,
            3);
    impatient.at(1).start();

    Cluster.Answered waits = impatient.submit(1, Topics.create("a"));
    Cluster.Answered tooMany = impatient.submit(1, Topics.create("b"));

    assertThat(tooMany.get()).isInstanceOf(Answer.UnknownOutcome.class);
    long took = impatient.await("answer", 1000, waits::isThere);
    assertThat(took).isBetween(500L, 510L);
  }
}
