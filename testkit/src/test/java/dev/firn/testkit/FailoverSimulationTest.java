package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Ten thousand times the role goes to another, and nothing that was promised is lost. */
class FailoverSimulationTest {
  private static final int FAILOVERS = Integer.getInteger("firn.failovers", 10_000);

  @Test
  void nothingPromisedIsLostOverTenThousandFailovers() {
    int failovers = 0;
    long increments = 0;
    for (long seed = 1; failovers < FAILOVERS; seed++) {
      FailoverSimulation world = life(seed, seed % 2 == 0, 60);
      failovers += world.failovers;
      increments += world.increments;
      assertThat(seed).as("lives for %d failovers", failovers).isLessThan(20_000);
    }
    assertThat(increments).isGreaterThan(FAILOVERS);
  }

  @Test
  void aSeedDecidesEverything() {
    FailoverSimulation one = life(4711, true, 20);
    FailoverSimulation other = life(4711, true, 20);
    assertThat(one.trace).isEqualTo(other.trace).isNotEmpty();
    assertThat(one.increments).isEqualTo(other.increments);
  }

  /** One group for a while, then all is well and one of them has to be active. */
  private static FailoverSimulation life(long seed, boolean managed, int events) {
    FailoverSimulation world =
        new FailoverSimulation(seed, managed, seed % 3 == 0, 2 + (int) (seed % 2));
    try {
      world.run(2_500);
      world.failOver();
      for (int i = 0; i < events; i++) {
        event(world);
        world.run(200 + world.random.nextInt(1_800));
      }
      world.heal();
      world.run(1_000);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + (managed ? " managed" : ""), e);
    }
    return world;
  }

  private static void event(FailoverSimulation world) {
    FailoverInstance one = world.instances.get(world.random.nextInt(world.instances.size()));
    switch (world.random.nextInt(14)) {
      case 0 -> one.kill();
      case 1 -> one.pause();
      case 2 -> one.cut(true);
      case 3 -> world.loss = 0.05;
      case 4 -> world.replicator.kill();
      case 5 -> world.killRegistry();
      case 6, 7 -> one.heal();
      case 8 -> {
        world.loss = 0;
        world.replicator.start();
        if (!world.registryUp()) {
          world.startRegistry();
        }
        world.instances.forEach(FailoverInstance::heal);
      }
      default -> world.failOver();
    }
  }
}
