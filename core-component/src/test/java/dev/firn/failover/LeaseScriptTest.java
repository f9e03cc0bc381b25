package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lives of a group whose role the registry gives. */
class LeaseScriptTest {
  private static LeaseWorld world(LeaseConfig config) {
    LeaseWorld world = new LeaseWorld(7, 3, config, 0);
    world.run(5_000);
    assertThat(world.active()).hasSize(1);
    return world;
  }

  private static LeaseWorld.Instance active(LeaseWorld world) {
    return world.active().get(0);
  }

  private static LeaseWorld.Instance other(LeaseWorld world) {
    return world.instances.stream().filter(one -> !one.isActive()).findFirst().orElseThrow();
  }

  /** How long until one may answer that is not this one. */
  private static long millisUntilOther(LeaseWorld world, LeaseWorld.Instance old) {
    long start = world.nowMicros;
    while (world.active().stream().allMatch(one -> one == old)) {
      assertThat(world.nowMicros).as("%s", world.trace).isLessThan(start + 20_000_000);
      world.run(1);
    }
    return (world.nowMicros - start) / 1_000;
  }

  @Test
  void aKilledHolderIsReplacedWithinTwoSeconds() {
    for (int seed = 0; seed < 100; seed++) {
      LeaseWorld world = new LeaseWorld(seed, 3, LeaseConfig.defaults(), 0);
      world.run(5_000 + seed * 7);
      LeaseWorld.Instance old = active(world);
      old.kill();
      assertThat(millisUntilOther(world, old)).isLessThan(2_000);
    }
  }

  @Test
  void aTransferTakesLessThanASecondAndIsAnsweredWhenItIsDone() {
    for (int seed = 0; seed < 100; seed++) {
      LeaseWorld world = new LeaseWorld(seed, 3, LeaseConfig.defaults(), 0);
      world.run(5_000 + seed * 7);
      LeaseWorld.Instance old = active(world);
      LeaseWorld.Instance next = other(world);
      List<LeaseAnswer> answers = world.transfer(next.name, false);
      // From the moment in which the old one does not serve any more, it is the new one's time.
      while (old.maySend()) {
        world.run(1);
      }
      long refusedMillis = millisUntilOther(world, old);
      assertThat(world.active()).isEqualTo(List.of(next));
      world.run(5_000);
      assertThat(answers).hasSize(1);
      if (answers.get(0) instanceof LeaseAnswer.Transferred done) {
        assertThat(done.epoch()).isEqualTo(next.machine.view().epoch());
      }
      assertThat(refusedMillis).isLessThan(1_000);
    }
  }

  @Test
  void aTransferToOneThatIsNotThereIsRefused() {
    LeaseWorld world = world(LeaseConfig.defaults());
    LeaseWorld.Instance old = active(world);
    assertThat(world.transfer("R9", false))
        .hasOnlyElementsOfType(LeaseAnswer.TransferRefused.class);
    LeaseWorld.Instance gone = other(world);
    gone.kill();
    world.run(2_000);
    assertThat(world.transfer(gone.name, true)).hasSize(1);
    assertThat(world.active()).isEqualTo(List.of(old));
  }

  @Test
  void aSilentRegistryEndsTheRoleInTimeAndAClosedPortDoesNot() {
    LeaseWorld world = world(LeaseConfig.defaults());
    LeaseWorld.Instance old = active(world);
    world.killRegistry();
    for (int i = 0; i < 50; i++) {
      world.run(100);
      assertThat(world.active()).isEqualTo(List.of(old));
    }
    world.startRegistry();
    world.run(5_000);
    assertThat(world.active()).as("the new master lets it go on").isEqualTo(List.of(old));
    long epoch = old.machine.view().epoch();
    assertThat(world.leases().get(0).epoch()).isEqualTo(epoch);
    old.cut = true;
    long taken = millisUntilOther(world, old);
    assertThat(taken).isLessThan(2_500);
    assertThat(active(world).machine.view().epoch()).isGreaterThan(epoch);
    old.cut = false;
    world.run(3_000);
    assertThat(world.active()).hasSize(1).doesNotContain(old);
    assertThat(old.machine.view().state()).isEqualTo(RoleState.STANDBY);
  }

  /** It listens before it serves, for as long as its machine takes for what is between. */
  @Test
  void theRoleStaysWhereItIsWhileTheOnlyRegistryRestarts() {
    for (int seed = 0; seed < 100; seed++) {
      LeaseWorld world = new LeaseWorld(seed, 3, LeaseConfig.defaults(), 0);
      world.run(5_000 + seed * 7);
      LeaseWorld.Instance old = active(world);
      long epoch = old.machine.view().epoch();
      world.killRegistry();
      world.run(1_000 + seed * 10);
      world.bindRegistry();
      world.run(2_000);
      assertThat(world.active()).isEqualTo(List.of(old));
      world.startRegistry();
      world.run(6_000);
      assertThat(world.active()).isEqualTo(List.of(old));
      assertThat(old.machine.view().epoch()).isEqualTo(epoch);
    }
  }

  /** What the holder may count on, no other may have been promised. */
  @Test
  void aHolderThatARegistryNeverHearsAgainIsGoneBeforeTheNextOne() {
    for (int seed = 0; seed < 100; seed++) {
      LeaseWorld world = new LeaseWorld(seed, 3, LeaseConfig.defaults(), 0);
      world.run(5_000 + seed * 7);
      LeaseWorld.Instance old = active(world);
      world.killRegistry();
      world.run(1_000 + seed * 10);
      old.cut = true;
      world.startRegistry();
      assertThat(millisUntilOther(world, old)).isBetween(3_000L, 5_000L);
      assertThat(world.active()).hasSize(1).doesNotContain(old);
    }
  }

  @Test
  void aStoppedProcessDoesNotAnswerAfterAnotherWasGivenTheRole() {
    LeaseWorld world = world(LeaseConfig.defaults());
    LeaseWorld.Instance old = active(world);
    old.pause();
    millisUntilOther(world, old);
    old.resume();
    assertThat(old.maySend()).isFalse();
    world.run(2_000);
    assertThat(old.machine.view().state()).isEqualTo(RoleState.STANDBY);
    assertThat(world.active()).hasSize(1).doesNotContain(old);
  }
}
