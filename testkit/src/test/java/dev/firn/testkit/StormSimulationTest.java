package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Random runs of three, five and seven replicas. */
final class StormSimulationTest {
  private static final int SEEDS = 10_000;
  private static final int MIXED_SEEDS = 600;

  @Test
  void tenThousandSeedsHold() {
    long startNanos = System.nanoTime();
    List<StormResult> results =
        LongStream.rangeClosed(1, SEEDS).parallel().mapToObj(StormSimulation::run).toList();
    long acknowledged = results.stream().mapToLong(StormResult::acknowledged).sum();
    long reigns = results.stream().mapToLong(StormResult::reigns).sum();
    System.out.printf(
        "%d seeds in %d s: %d events, %d groups, %d updates acknowledged, %d refused, %d unknown;"
            + " all together again after %d ms (median), %d ms (worst)%n",
        SEEDS,
        (System.nanoTime() - startNanos) / 1_000_000_000,
        results.stream().mapToLong(StormResult::events).sum(),
        reigns,
        acknowledged,
        results.stream().mapToLong(StormResult::rejected).sum(),
        results.stream().mapToLong(StormResult::unknown).sum(),
        results.stream().mapToLong(StormResult::formedMillis).sorted().toArray()[SEEDS / 2],
        results.stream().mapToLong(StormResult::formedMillis).max().orElseThrow());
    // The runs are worth something only while things happen in them.
    assertThat(reigns).isGreaterThan(SEEDS * 3L);
    assertThat(acknowledged).isGreaterThan(SEEDS * 10L);
  }

  @Test
  void groupsWithReplicasOfBothKindsComeToRest() {
    List<StormResult> results =
        LongStream.rangeClosed(1, MIXED_SEEDS)
            .parallel()
            .mapToObj(StormSimulation::runMixed)
            .toList();
    assertThat(results.stream().mapToLong(StormResult::acknowledged).sum())
        .isGreaterThan(MIXED_SEEDS * 5L);
  }

  @Test
  void aSeedReplaysExactly() {
    for (long seed = 1; seed <= 20; seed++) {
      List<String> first = traceOf(seed);

      assertThat(first).hasSizeGreaterThan(100);
      assertThat(traceOf(seed)).isEqualTo(first);
    }
    assertThat(traceOf(1)).isNotEqualTo(traceOf(4));
  }

  private static List<String> traceOf(long seed) {
    StormSimulation simulation = StormSimulation.random(seed).traced().start();
    simulation.runRandomly();
    return simulation.traceLines();
  }
}
