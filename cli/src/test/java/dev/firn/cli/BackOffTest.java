package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BackOffTest {
  @Test
  void aServerThatWaitsIsExplained() {
    assertThat(
            BackOff.lines(
                "s",
                Map.of(
                    "s.Failures", "3", "s.RestartMillis", "1001", "s.LastFailure", "exit\ncode 1")))
        .contains(
            "failures in a row: 3, the last: exit code 1\n"
                + "starts again in 2 s; `server start' or `server enable' ends the waiting");
  }

  /** Ids may begin with the id of another, and a dot. */
  @Test
  void whatIsSaidOfOthersIsNotOfThisOne() {
    assertThat(BackOff.lines("s", Map.of())).isEmpty();
    assertThat(BackOff.lines("s", Map.of("s.t.Failures", "3", "s.t.RestartMillis", "1"))).isEmpty();
    assertThat(BackOff.lines("s", Map.of("s.Failures", "3", "s.RestartMillis", "soon"))).isEmpty();
  }
}
