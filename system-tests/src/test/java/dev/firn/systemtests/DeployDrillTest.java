package dev.firn.systemtests;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers, nodes and registries are killed at random while the application is updated: at the end
 * all is as deployed, without orphans, and no acknowledged update is lost.
 *
 * <p>System properties: {@code firn.drill.seed}, {@code firn.drill.seconds} per mix.
 */
@EachGrid
class DeployDrillTest {
  private static final long SEED = Long.getLong("firn.drill.seed", 20261122);
  private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("firn.drill.seconds", 15));

  private GridMix mix;

  @Initializer
  void choose(GridMix mix) {
    this.mix = mix;
  }

  @Test
  // A soak takes long; each wait within it has a limit of its own.
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void allIsAsDeployedAfterRandomKills() {
    System.out.println(
        "drill of "
            + mix
            + ": -Dfirn.drill.seed="
            + SEED
            + " -Dfirn.drill.seconds="
            + LENGTH.toSeconds());
    try (Lab lab = new Lab()) {
      DeployDrill drill = new DeployDrill(lab, mix, new Random(SEED));
      try {
        drill.run(LENGTH);
        drill.expectAllAsDeployed();
      } catch (RuntimeException | AssertionError e) {
        // Before the laboratory is closed, and all output with it.
        System.err.println(drill + "\n" + ChildProcess.evidence());
        throw e;
      }
    }
  }
}
