package dev.firn.systemtests;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Replicas are killed and promoted at random while clients change things: at the end every replica
 * has exactly what was acknowledged, and locates went on whenever a replica was up.
 *
 * <p>System properties: {@code firn.drill.seed} (default: from the clock, printed), {@code
 * firn.drill.seconds} per mix.
 */
@EachMix
class DrillTest {
  private static final long SEED = Long.getLong("firn.drill.seed", 20261122);
  private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("firn.drill.seconds", 15));

  private Mix mix;

  @Initializer
  void start(Mix mix) {
    this.mix = mix;
  }

  @Test
  void acknowledgedUpdatesSurviveRandomKillsAndPromotions() {
    System.out.println(
        "drill of "
            + mix
            + ": -Dfirn.drill.seed="
            + SEED
            + " -Dfirn.drill.seconds="
            + LENGTH.toSeconds());
    try (Lab lab = new Lab()) {
      Drill drill = new Drill(lab, Cluster.of(lab, mix), new Random(SEED));
      drill.run(LENGTH);
      drill.expectEverythingAcknowledgedEverywhere();
    }
  }
}
