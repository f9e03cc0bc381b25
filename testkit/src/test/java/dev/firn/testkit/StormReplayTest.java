package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs one seed again; {@code -Dfirn.seed=N} chooses it and shows what happens. */
final class StormReplayTest {
  @Test
  void theSeedHolds() {
    Long seed = Long.getLong("firn.seed");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int exit =
        StormSoak.run(
            List.of("--seed=" + (seed == null ? 1 : seed)),
            new PrintStream(bytes, true, StandardCharsets.UTF_8));
    String trace = bytes.toString(StandardCharsets.UTF_8);
    if (seed != null) {
      System.out.println(trace);
    }
    assertThat(exit).as(trace.lines().reduce("", (before, line) -> line)).isZero();
  }

  @Test
  void aSoakEndsInTime() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    assertThat(StormSoak.run(List.of("--from=1", "--seconds=1"), out)).isZero();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("all invariants held");
    assertThat(StormSoak.run(List.of("--speed=1"), out)).isEqualTo(2);
  }
}
