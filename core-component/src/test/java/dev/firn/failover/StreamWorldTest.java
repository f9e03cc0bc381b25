package dev.firn.failover;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Writer, stream and followers together, against naive maps. */
class StreamWorldTest {
  private static final WriterConfig SMALL =
      new WriterConfig(
          new StreamLimits(1 << 10, 4 << 10, 100, 1 << 30),
          500,
          1,
          4,
          3_000,
          40,
          400,
          30,
          400,
          200,
          false);

  @Property(seed = "20261122", tries = 400)
  void everybodyHasTheSameInTheEnd(@ForAll long seed) {
    StreamWorld world = worldWithWriter(seed, AckLevel.MEMORY, true);
    world.lossRate = world.random.nextInt(4) * 0.02;
    boolean durable = world.random.nextBoolean();
    StreamWorld.Follower[] followers = {world.new Follower("a"), world.new Follower("b")};
    for (int i = 0; i < 300; i++) {
      change(world, 60);
      if (world.random.nextInt(40) == 0) {
        world.replicator.restart(durable);
      }
      int f = world.random.nextInt(60);
      if (f < followers.length) {
        followers[f].kill();
        followers[f] = world.new Follower(followers[f].instance);
      }
      world.run(world.nowMillis + world.random.nextInt(30));
    }
    awaitEqual(world, 20_000);
  }

  @Property(seed = "20261122", tries = 100)
  void aFollowerJoinsAtEveryStep(@ForAll long seed) {
    StreamWorld world = worldWithWriter(seed, AckLevel.MEMORY, true);
    StreamWorld.Follower follower = world.new Follower("a");
    for (int i = 0; i < 200; i++) {
      change(world, 30);
      follower.kill();
      follower = world.new Follower("a");
      world.run(world.nowMillis + world.random.nextInt(6));
    }
    awaitEqual(world, 5_000);
  }

  @Test
  void aMillionChanges() {
    StreamWorld world = worldWithWriter(7, AckLevel.STANDBY, false);
    world.new Follower("a");
    world.new Follower("b");
    world.run(world.nowMillis + 100);
    for (int i = 0; i < 1_000_000; i++) {
      change(world, 2_000);
      if (i % 50 == 0) {
        world.run(world.nowMillis + 1);
      }
      if (i % 100_000 == 99_999) {
        awaitEqual(world, 10_000);
      }
    }
    awaitEqual(world, 10_000);
  }

  @Property(seed = "20261122", tries = 100)
  void whatWasFlushedIsAtAStandby(@ForAll long seed) {
    StreamWorld world = worldWithWriter(seed, AckLevel.STANDBY, true);
    StreamWorld.Follower a = world.new Follower("a");
    StreamWorld.Follower b = world.new Follower("b");
    world.run(world.nowMillis + 50);
    for (int i = 1; i < 60; i++) {
      world.set("k", i);
      world.write(new WriterInput.Flush(i));
      long limit = world.nowMillis + 10_000;
      while (!world.flushed.contains((long) i) && world.nowMillis < limit) {
        world.run(world.nowMillis + 1);
      }
      int value = i;
      assertThat(world.flushed).contains((long) i);
      assertThat(
              java.util.stream.Stream.of(a, b)
                  .map(f -> f.applied.get("k"))
                  .anyMatch(item -> item != null && item.version() == value))
          .isTrue();
    }
    assertThat(world.reports).noneMatch(text -> text.startsWith("ERROR"));
  }

  @Test
  void anUpdateWaitsForAStandbyForTwoSecondsAndNoLonger() {
    StreamWorld world = worldWithWriter(3, AckLevel.STANDBY, true);
    StreamWorld.Follower a = world.new Follower("a");
    world.run(world.nowMillis + 50);
    a.kill();
    world.set("k", 1);
    world.write(new WriterInput.Flush(1));
    world.run(world.nowMillis + 300);
    assertThat(world.flushed).isEmpty();
    world.run(world.nowMillis + 5_000);
    assertThat(world.flushed).contains(1L);
    assertThat(world.reports).anyMatch(text -> text.startsWith("ERROR stream s: no standby"));

    StreamWorld.Follower again = world.new Follower("a");
    world.run(world.nowMillis + 1_000);
    world.set("k", 2);
    world.write(new WriterInput.Flush(2));
    world.run(world.nowMillis + 100);
    assertThat(world.flushed).contains(2L);
    assertThat(again.applied.get("k")).isEqualTo(world.model.get("k"));
    assertThat(world.reports).anyMatch(text -> text.contains("a standby acknowledges again"));
  }

  @Test
  void aWriterThatIsNoLongerNewestIsToldAtOnce() {
    StreamWorld world = worldWithWriter(5, AckLevel.MEMORY, true);
    world.replicator.claim(0, "other", 2);
    world.run(world.nowMillis + 1_000);
    assertThat(world.staleEpoch).isEqualTo(2);
    world.write(new WriterInput.Flush(1));
    assertThat(world.flushed).isEmpty();
  }

  @Test
  void aReplicatorThatForgotIsGivenEverythingAndStandbysKeepWhatTheyHaveUntilThen() {
    StreamWorld world = worldWithWriter(11, AckLevel.MEMORY, true);
    for (int i = 0; i < 100; i++) {
      world.set("key" + i, i);
    }
    StreamWorld.Follower a = world.new Follower("a");
    awaitEqual(world, 2_000);
    int snapshots = a.snapshots;
    world.replicator.restart(false);
    for (int i = 0; i < 3_000; i++) {
      world.run(world.nowMillis + 1);
      assertThat(a.applied).hasSize(100);
    }
    awaitEqual(world, 2_000);
    assertThat(a.snapshots).isEqualTo(snapshots + 1);
    assertThat(world.isProtected).isTrue();
  }

  @Test
  void aReplicatorWithAnEmptyDirectoryTakesNothingFromStandbysBeforeItHasEverything() {
    StreamWorld world = new StreamWorld(19, AckLevel.QUORUM, SMALL, true);
    world.replicator.claim(0, "active", 7);
    world.startWriter(7, 0, new TreeMap<>(), 0);
    for (int i = 0; i < 100; i++) {
      world.set("key" + i, i);
    }
    StreamWorld.Follower a = world.new Follower("a");
    awaitEqual(world, 2_000);
    world.replicator.wipe();
    // The writer is slow: everybody but it has come back.
    world.run(world.nowMillis + 100);
    world.replicator.claim(0, "active", 7);
    for (int i = 0; i < 5_000 && a.snapshots == 1; i++) {
      world.run(world.nowMillis + 1);
      assertThat(a.applied).hasSize(100);
    }
    awaitEqual(world, 2_000);
    assertThat(a.applied).hasSize(100);
  }

  @Test
  void anInstanceWithNothingHasAllOfAStreamThatWasClaimedAndNeverWritten() {
    StreamWorld world = new StreamWorld(23, AckLevel.QUORUM, SMALL, true);
    world.replicator.claim(0, "died", 7);
    StreamWorld.Follower a = world.new Follower("a");
    world.run(world.nowMillis + 2_000);
    assertThat(a.core.isWhole()).isTrue();
    assertThat(a.core.appliedSeq()).isZero();
  }

  @Test
  void aComponentThatCannotApplyTheStateIsNotGivenItAgainAllTheTime() {
    StreamWorld world = worldWithWriter(29, AckLevel.QUORUM, true);
    world.set("x", 1);
    StreamWorld.Follower a = world.new Follower("a");
    a.isBroken = true;
    for (int i = 0; i < 10_000; i++) {
      world.set("y", i);
      world.run(world.nowMillis + 1);
    }
    // After 1, 2 and 4 seconds.
    assertThat(a.adds).isEqualTo(4);
    assertThat(a.snapshots).isEqualTo(4);
    assertThat(a.failures)
        .containsExactly(
            "an unknown type, again in 1000",
            "an unknown type, again in 2000",
            "an unknown type, again in 4000",
            "an unknown type, again in 8000");
    a.isBroken = false;
    awaitEqual(world, 10_000);
  }

  @Test
  void aStandbyThatIsALittleBehindASteadyWriterIsWaitedForAgain() {
    StreamWorld world = worldWithWriter(31, AckLevel.STANDBY, true);
    StreamWorld.Follower a = world.new Follower("a");
    world.run(world.nowMillis + 50);
    a.kill();
    world.set("k", 1);
    world.run(world.nowMillis + 3_000);
    assertThat(world.reports).anyMatch(text -> text.startsWith("ERROR stream s: no standby"));

    StreamWorld.Follower again = world.new Follower("a");
    again.applyMillisMax = 6;
    for (int i = 0; i < 4_000; i++) {
      world.set("k", i);
      world.run(world.nowMillis + 1);
    }
    assertThat(world.reports).anyMatch(text -> text.contains("a standby acknowledges again"));
  }

  @Test
  void whatAStaleWriterWasToldIsInItsState() {
    StreamWorld world = worldWithWriter(37, AckLevel.QUORUM, true);
    StreamWriter old = requireNonNull(world.writer);
    world.replicator.claim(0, "active", 2);
    world.set("x", 1);
    world.run(world.nowMillis + 1_000);
    assertThat(world.staleEpoch).isEqualTo(2);
    world.set("y", 2);
    assertThat(old.items().keySet()).containsExactly("x", "y");
  }

  @Test
  void aWriterGoesOnWithoutAReplicatorAndBringsWhatChanged() {
    StreamWorld world = worldWithWriter(13, AckLevel.QUORUM, true);
    StreamWorld.Follower a = world.new Follower("a");
    awaitEqual(world, 1_000);
    world.lossRate = 1;
    world.set("x", 1);
    world.write(new WriterInput.Flush(1));
    world.run(world.nowMillis + 1_000);
    assertThat(world.flushed).contains(1L);
    assertThat(world.isProtected).isFalse();
    for (int i = 0; i < 20; i++) {
      world.set("y" + i, i);
    }
    world.lossRate = 0;
    world.run(world.nowMillis + 1_500);
    assertThat(world.isProtected).isTrue();
    awaitEqual(world, 3_000);
    assertThat(a.applied).containsKey("y19");
  }

  /** With the old state dropped at the first part, what was acknowledged would be nowhere. */
  @Property(seed = "20261122", tries = 200)
  void whatWasAcknowledgedIsThereUntilAllOfTheNextStateIs(@ForAll long seed) {
    StreamWorld world = worldWithWriter(seed, AckLevel.QUORUM, true);
    for (int i = 0; i < 60; i++) {
      world.set("key" + i, i);
    }
    world.write(new WriterInput.Flush(1));
    world.run(world.nowMillis + 200);
    assertThat(world.flushed).contains(1L);
    SortedMap<String, StateItem> before = new TreeMap<>(world.model);

    // The same instance goes on in a new epoch, and says everything again.
    world.killWriter();
    world.replicator.claim(0, "active", 2);
    world.startWriter(2, world.replicator.seq, before, -1);
    while (world.replicator.partsTaken == 0) {
      world.run(world.nowMillis + 1);
    }
    world.run(world.nowMillis + world.random.nextInt(3));
    boolean isOver = world.replicator.partsTaken == 0;
    world.killWriter();
    if (world.random.nextBoolean()) {
      world.replicator.restart(true);
    }

    StreamWorld.Follower late = world.new Follower("late");
    world.run(world.nowMillis + 1_000);
    assertThat(late.applied).isEqualTo(before);
    assertThat(late.core.appliedSeq()).isEqualTo(world.replicator.seq);
    if (!isOver) {
      world.replicator.claim(0, "late", 3);
      world.run(world.nowMillis + 1_000);
    }
    assertThat(world.replicator.stream.view().items()).isEqualTo(before);
  }

  @Test
  void withoutAReplicatorAnActiveRemembersNoMoreKeysThanItsLimit() {
    StreamWorld world = worldWithWriter(17, AckLevel.QUORUM, true);
    StreamWorld.Follower a = world.new Follower("a");
    awaitEqual(world, 1_000);
    int parts = world.replaced;
    world.lossRate = 1;
    StreamWriter writer = requireNonNull(world.writer);
    int most = 0;
    for (int i = 0; i < 5_000; i++) {
      world.set("call" + i, 1);
      world.remove("call" + i);
      if (i % 50 == 0) {
        world.run(world.nowMillis + 20);
      }
      most = Math.max(most, writer.pendingKeys());
    }
    assertThat(most).isLessThanOrEqualTo(SMALL.dirtyKeysMax() + SMALL.limits().updateItemsMax());
    world.set("last", 1);
    awaitEqual(world, 5_000);
    assertThat(a.applied).containsKey("last");
    assertThat(world.replaced).isGreaterThan(parts);
  }

  private static StreamWorld worldWithWriter(long seed, AckLevel ack, boolean remember) {
    StreamWorld world = new StreamWorld(seed, ack, SMALL, remember);
    world.replicator.claim(0, "active", 1);
    world.startWriter(1, 0, new TreeMap<>(), 0);
    return world;
  }

  private static void change(StreamWorld world, int keys) {
    String key = "key" + world.random.nextInt(keys);
    if (world.random.nextInt(3) == 0) {
      world.remove(key);
    } else {
      world.set(key, world.random.nextInt(1_000));
    }
  }

  private static void awaitEqual(StreamWorld world, long limitMillis) {
    world.lossRate = 0;
    long limit = world.nowMillis + limitMillis;
    while (!isEqual(world)) {
      assertThat(world.nowMillis)
          .as(
              "%s, %s model, %s stream, %s",
              world.writer,
              world.model.size(),
              world.replicator.items.size(),
              world.followers.stream().map(f -> f.instance + f.applied.size()).toList())
          .isLessThan(limit);
      world.run(world.nowMillis + 20);
    }
  }

  private static boolean isEqual(StreamWorld world) {
    return world.replicator.items.equals(world.model)
        && world.replicator.stream.view().items().equals(world.model)
        && world.followers.stream().allMatch(f -> f.applied.equals(world.model))
        && world.isProtected;
  }
}
