package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulator finds what it is there to find, with the seeds that the document names. */
final class StormMutantTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "simulation-storm.md");
  private static final int SEEDS_MAX = 4_000;
  private static final int SEEDS_NAMED = 3;

  @ParameterizedTest
  @EnumSource(StormMutant.class)
  void aSeedThatTheDocumentNamesFindsTheMutant(StormMutant mutant) throws IOException {
    String start = "| `" + mutant + "` | " + mutant.defect() + " | ";
    List<Long> named =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith(start))
            .map(line -> line.substring(start.length(), line.length() - " |".length()))
            .flatMap(seeds -> Arrays.stream(seeds.split(", ")))
            .map(Long::valueOf)
            .toList();

    boolean found = named.stream().anyMatch(seed -> isFound(mutant, seed));

    assertThat(found).as(() -> "the row must be\n" + start + findingSeeds(mutant) + " |").isTrue();
  }

  private static boolean isFound(StormMutant mutant, long seed) {
    try {
      StormSimulation.random(seed).altered(mutant).start().runRandomly();
      return false;
    } catch (SimulationFailure e) {
      assertThat(e.seed()).isEqualTo(seed);
      assertThat(e).hasMessageContaining("-Dfirn.seed=" + seed);
      return true;
    }
  }

  private static String findingSeeds(StormMutant mutant) {
    List<String> seeds = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS_MAX && seeds.size() < SEEDS_NAMED; seed++) {
      if (isFound(mutant, seed)) {
        seeds.add(Long.toString(seed));
      }
    }
    return String.join(", ", seeds);
  }
}
