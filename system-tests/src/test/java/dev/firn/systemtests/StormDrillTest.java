package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Replicas are killed at random while clients change topics: at the end every replica has exactly
 * what was acknowledged.
 *
 * <p>System properties: {@code firn.drill.seed}, {@code firn.drill.seconds}, {@code
 * firn.drill.replicas} (3 or 5), {@code firn.drill.implementation} (for ZEROC: to see that it finds
 * the reference's losses).
 */
class StormDrillTest {
  private static final long SEED = Long.getLong("firn.drill.seed", 20261122);
  private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("firn.drill.seconds", 15));
  private static final int REPLICAS = Integer.getInteger("firn.drill.replicas", 3);
  private static final Implementation IMPLEMENTATION =
      Implementation.valueOf(System.getProperty("firn.drill.implementation", "FIRN"));

  @Test
  @FirnOnly
  // A soak takes hours; each wait within it has a limit of its own.
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void acknowledgedUpdatesSurviveRandomKills() {
    System.out.println(
        "storm drill of "
            + REPLICAS
            + " replicas of "
            + IMPLEMENTATION
            + ": -Dfirn.drill.seed="
            + SEED
            + " -Dfirn.drill.seconds="
            + LENGTH.toSeconds());
    try (Lab lab = new Lab()) {
      StormMix mix = new StormMix(Collections.nCopies(REPLICAS, IMPLEMENTATION));
      StormDrill drill = new StormDrill(lab, Storm.replicated(lab, mix), new Random(SEED));
      drill.run(LENGTH);
      assertThat(drill.violations()).as(drill.toString()).isEmpty();
    }
  }
}
