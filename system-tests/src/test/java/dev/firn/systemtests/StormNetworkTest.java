package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Replicas as separate hosts: {@code system-tests/netns-storm}, where this machine lets it run. In
 * full with {@code -Dfirn.netns.steps=all}.
 */
@FirnOnly
class StormNetworkTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final int CANNOT_RUN = 2;
  private static final String STEPS =
      System.getProperty(
          "firn.netns.steps", "cold_start,coordinator_cut_off,coordinator_heard_by_nobody");

  @Test
  void replicasOnHostsOfTheirOwnSurvivePartitions() {
    try (Lab lab = new Lab()) {
      String script = Implementation.HOME.resolve("system-tests/netns-storm").toString();
      List<String> command =
          STEPS.equals("all") ? List.of(script) : List.of(script, "--steps", STEPS);
      ChildProcess process = lab.process("netns", command);
      int exit = process.awaitExit(LIMIT);
      if (exit == CANNOT_RUN) {
        abort(process.err());
      }
      assertThat(exit).as(process.err()).isZero();
      System.out.print(process.out());
    }
  }
}
