package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.election.NodeState;
import dev.firn.election.TopicCommand;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Situations worth telling by themselves, with the times that are promised for them. */
final class StormScriptTest {
  private static final long COLD_START_MILLIS = 2_000;
  private static final long FAILOVER_MILLIS = 1_500;
  private static final long TAKEOVER_STOP_MILLIS = 500;

  @Test
  void aColdStartWaitsForEverybodyAndFormsAtOnceThen() {
    StormSimulation sim = StormSimulation.of(3).seed(1).calm().build();
    sim.startIfDown(1);
    sim.startIfDown(2);
    sim.pass(20_000);
    assertThat(sim.coordinator()).isEmpty();
    StormUpdate early = sim.submit(1, create("early"));

    sim.startIfDown(3);
    sim.await("formed", COLD_START_MILLIS, () -> sim.coordinator().isPresent());

    assertThat(sim.coordinator()).hasValue(3);
    sim.await("answered", early::isDone);
    sim.awaitConverged();
    assertThat(sim.tables(3).find("early")).isNotNull();
  }

  @Test
  void allThatStartTogetherServeWithinTwoSeconds() {
    for (int seed = 1; seed <= 50; seed++) {
      for (int replicas : new int[] {3, 5, 7}) {
        StormSimulation sim = StormSimulation.of(replicas).seed(seed).start();

        sim.await("formed", COLD_START_MILLIS, () -> sim.coordinator().isPresent());
      }
    }
  }

  @Test
  void aMajorityMayBeEnoughAfterAFullStop() {
    StormSimulation sim = StormSimulation.of(3).seed(1).calm().coldStartMajority().start();
    sim.awaitConverged();
    done(sim, 1, "a");
    for (int replica = 1; replica <= 3; replica++) {
      sim.kill(replica);
    }

    sim.startIfDown(1);
    sim.startIfDown(2);
    sim.await("formed", COLD_START_MILLIS, () -> sim.coordinator().isPresent());

    assertThat(sim.tables(2).find("a")).isNotNull();
    done(sim, 1, "b");
  }

  @Test
  void theFirstUpdateAfterTheCoordinatorsDeathIsDoneInTime() {
    for (int seed = 1; seed <= 50; seed++) {
      StormSimulation sim = formed(seed);
      sim.kill(3);

      done(sim, 1 + seed % 2, "a", FAILOVER_MILLIS);
    }
  }

  @Test
  void aCoordinatorThatFallsSilentIsMissedByItsHeartbeat() {
    for (int seed = 1; seed <= 50; seed++) {
      StormSimulation sim = formed(seed);
      sim.isolate(3);

      done(sim, 1 + seed % 2, "a", 1_000 + FAILOVER_MILLIS); // noticed within 1 s
    }
  }

  @Test
  void anIsolatedCoordinatorRejoinsAfterHeal() {
    StormSimulation sim = formed(1);
    sim.isolate(3);
    sim.await("another", () -> sim.coordinator().filter(id -> id != 3).isPresent());
    done(sim, 1, "new");
    assertThat(sim.view(3).state()).isNotEqualTo(NodeState.NORMAL);

    sim.heal();
    sim.awaitConverged();

    assertThat(sim.coordinator()).hasValue(3);
    assertThat(sim.tables(3).find("new")).isNotNull();
  }

  @Test
  void anUpdateThatAnIsolatedCoordinatorKeptIsNowhereOrEverywhereAfterHeal() {
    for (int seed = 1; seed <= 50; seed++) {
      StormSimulation sim = formed(seed);
      sim.isolate(3);
      StormUpdate lost = sim.submit(3, create("lost"));
      sim.pass(seed * 40L);
      sim.heal();
      sim.await("answered", lost::isAnswered);
      sim.awaitConverged();

      boolean there = sim.tables(1).find("lost") != null;
      assertThat(sim.tables(2).find("lost") != null).isEqualTo(there);
      assertThat(sim.tables(3).find("lost") != null).isEqualTo(there);
      assertThat(there || !lost.isDone()).isTrue();
    }
  }

  @Test
  void aHigherReplicaTakesOverAndStopsNobodyForLong() {
    for (int seed = 1; seed <= 50; seed++) {
      StormSimulation sim = formed(seed);
      sim.kill(3);
      sim.await("another", () -> sim.coordinator().filter(id -> id != 3).isPresent());
      sim.startIfDown(3);

      List<StormUpdate> updates = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        updates.add(sim.submit(1 + i % 2, create("t" + i)));
        sim.pass(10);
      }
      sim.await("answered", () -> updates.stream().allMatch(StormUpdate::isAnswered));
      sim.awaitConverged();

      assertThat(sim.coordinator()).hasValue(3);
      assertThat(updates).allMatch(StormUpdate::isDone);
      assertThat(updates)
          .allMatch(update -> update.waitedMillis() <= TAKEOVER_STOP_MILLIS, "seed " + seed);
    }
  }

  @Test
  void aMemberWhoseDiskIsFullIsLeftOutAndTheGroupGoesOn() {
    StormSimulation sim = formed(1);
    sim.fillDisk(1, true);
    done(sim, 2, "a");
    sim.kill(3);
    sim.startIfDown(3);

    sim.await("formed again", () -> sim.coordinator().isPresent());
    done(sim, 2, "b");
    assertThat(sim.tables(1).find("b")).isNull();

    sim.fillDisk(1, false);
    sim.awaitConverged();
    assertThat(sim.tables(1).find("b")).isNotNull();
  }

  @Test
  void aMemberThatCannotWriteDoesNotCauseElectionsForEver() {
    for (int broken = 1; broken <= 3; broken++) {
      StormSimulation sim = formed(broken);
      sim.fillDisk(broken, true);
      int other = broken == 1 ? 2 : 1;
      done(sim, other, "a");
      sim.pass(10_000);

      long before = sim.view(sim.coordinator().orElseThrow()).generation();
      sim.pass(60_000);
      long after = sim.view(sim.coordinator().orElseThrow()).generation();

      assertThat(after - before).isLessThanOrEqualTo(6);
      done(sim, other, "b");
    }
  }

  @Test
  void aDestroyedTopicStaysDestroyedWhenAStaleReplicaReturns() {
    StormSimulation sim = formed(1);
    done(sim, 1, "a");
    sim.awaitConverged();
    sim.kill(3);
    StormUpdate destroyed = sim.submit(1, new TopicCommand.DestroyTopic("a"));
    sim.await("answered", destroyed::isDone);
    sim.kill(1);
    sim.kill(2);

    sim.startIfDown(3);
    sim.pass(5_000);
    assertThat(sim.tables(3).find("a")).isNotNull(); // it does not know, and does not serve
    sim.startIfDown(1);
    sim.startIfDown(2);
    sim.awaitConverged();

    for (int replica = 1; replica <= 3; replica++) {
      assertThat(sim.tables(replica).find("a")).isNull();
    }
  }

  @Test
  void nothingIsLostWhenAllDieAtOnce() {
    StormSimulation sim = formed(1);
    sim.kill(1);
    done(sim, 2, "a");
    sim.kill(2);
    sim.kill(3);

    sim.startIfDown(1);
    sim.startIfDown(2);
    sim.startIfDown(3);
    sim.awaitConverged();

    assertThat(sim.tables(1).find("a")).isNotNull();
  }

  @Test
  void aReplicaThatTriedInVainForLongDoesNotImposeItsTopics() {
    StormSimulation sim = formed(1);
    done(sim, 1, "a");
    sim.isolate(3);
    sim.pass(60_000); // it proposes itself again and again
    done(sim, 1, "b");
    StormUpdate destroyed = sim.submit(2, new TopicCommand.DestroyTopic("a"));
    sim.await("answered", destroyed::isDone);

    sim.heal();
    sim.awaitConverged();

    assertThat(sim.tables(3).find("a")).isNull();
    assertThat(sim.tables(3).find("b")).isNotNull();
  }

  @Test
  void aCutInOneDirectionCostsOneReplicaAtMost() {
    for (int seed = 1; seed <= 20; seed++) {
      StormSimulation sim = formed(seed);
      sim.cut(3, 1);
      sim.pass(10_000);
      StormUpdate update = sim.submit(2, create("a"));
      sim.await("answered", update::isAnswered);
      assertThat(update.isDone()).isTrue();

      sim.heal();
      sim.awaitConverged();
    }
  }

  @Test
  void withoutAMajorityUpdatesWaitAndReplicasDoNotServe() {
    StormSimulation sim = StormSimulation.of(5).seed(1).calm().start();
    sim.awaitConverged();
    for (int replica = 3; replica <= 5; replica++) {
      sim.kill(replica);
    }
    sim.pass(5_000);
    StormUpdate waiting = sim.submit(1, create("a"));
    sim.pass(10_000);
    assertThat(waiting.isAnswered()).isFalse();
    assertThat(sim.coordinator()).isEmpty();

    sim.startIfDown(4);
    sim.await("answered", waiting::isDone);
    sim.startIfDown(3);
    sim.startIfDown(5);
    sim.awaitConverged();
  }

  @Test
  void idsNeedNotBeContiguous() {
    StormSimulation sim = StormSimulation.of(3).ids(0, 7, 4711).seed(1).calm().start();

    sim.await("formed", COLD_START_MILLIS, () -> sim.coordinator().isPresent());
    assertThat(sim.coordinator()).hasValue(4711);
    sim.kill(4711);
    StormUpdate update = sim.submit(0, create("a"));
    sim.await("answered", FAILOVER_MILLIS, update::isDone);
    assertThat(sim.coordinator()).hasValue(7);
  }

  @Test
  void twoOfOursAndOneOfZeroc() {
    mixed(1);
    mixed(2);
    mixed(3);
  }

  @Test
  void oneOfOursAndTwoOfZeroc() {
    mixed(1, 2);
    mixed(1, 3);
    mixed(2, 3);
  }

  /** Forms, loses its coordinator, goes on, and takes it back. */
  private static void mixed(Integer... zeroc) {
    StormSimulation sim =
        StormSimulation.of(3)
            .zeroc(zeroc)
            .zerocTimes(2_000, 2_000, 2_000, 2_000)
            .seed(1)
            .calm()
            .start();
    sim.awaitConverged();
    done(sim, 1, "a");
    int coordinator = sim.coordinator().orElseThrow();
    sim.kill(coordinator);
    int other = coordinator == 1 ? 2 : 1;
    done(sim, other, "b");
    sim.startIfDown(coordinator);
    sim.awaitConverged();
    for (int replica = 1; replica <= 3; replica++) {
      assertThat(sim.tables(replica).find("a")).isNotNull();
      assertThat(sim.tables(replica).find("b")).isNotNull();
    }
  }

  private static StormSimulation formed(int seed) {
    StormSimulation sim = StormSimulation.of(3).seed(seed).calm().start();
    sim.awaitConverged();
    assertThat(sim.coordinator()).hasValue(3);
    return sim;
  }

  private static void done(StormSimulation sim, int replica, String topic) {
    done(sim, replica, topic, 60_000);
  }

  /** As a client that asks again when it does not know: perhaps it was done at the first time. */
  private static void done(StormSimulation sim, int replica, String topic, long limitMillis) {
    long endMillis = sim.nowMillis() + limitMillis;
    StormUpdate update = sim.submit(replica, create(topic));
    sim.await("answered", limitMillis, update::isAnswered);
    while (update.isUnknown()) {
      sim.pass(10);
      update = sim.submit(replica, create(topic));
      sim.await("answered", endMillis - sim.nowMillis(), update::isAnswered);
    }
    assertThat(sim.tables(replica).find(topic)).isNotNull();
  }

  private static TopicCommand create(String topic) {
    return SimulatedTopics.create(topic);
  }
}
