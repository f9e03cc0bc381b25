package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulator finds what it is there to find. */
final class MutantTest {
  private static final int SEEDS_MAX = 2_000;

  @ParameterizedTest
  @EnumSource(Mutant.class)
  void theSimulatorFindsEveryMutant(Mutant mutant) {
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      Simulation simulation = Simulation.random(seed).wrapped(mutant::wrap).start();
      try {
        simulation.runRandomly();
      } catch (SimulationFailure e) {
        String message = String.valueOf(e.getMessage());
        System.out.println("mutant " + mutant + ": " + message.lines().findFirst().orElse(""));
        assertThat(message).containsPattern(mutant.symptom()).contains("-Dfirn.seed=" + seed);
        assertThat(e.seed()).isEqualTo(seed);
        return;
      }
    }
    fail("no seed up to " + SEEDS_MAX + " finds " + mutant);
  }
}
