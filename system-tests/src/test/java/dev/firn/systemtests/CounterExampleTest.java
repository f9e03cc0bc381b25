package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code examples/counter} promises. */
@FirnOnly
class CounterExampleTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final int PORTS = 7;

  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void theCounterCountsOnWhoeverDies() {
    Peers.require("slice2java");
    ChildProcess example =
        lab.process(
            "example",
            List.of(Implementation.HOME.resolve("examples/counter/run").toString()),
            Map.of("PORT", Integer.toString(firstOfFreePorts())));
    int exit = example.awaitExit(LIMIT);
    assertThat(exit).as(example.out() + example.err()).isZero();
    assertThat(example.out())
        .containsSubsequence(
            "counted from 1 to 20\n",
            "counted from 21 to 40\n",
            "counted from 41 to 60\n",
            "counted from 61 to 80\n",
            "--- all of this held\n");
  }

  private static int firstOfFreePorts() {
    while (true) {
      int first = Ports.free();
      if (IntStream.range(first, first + PORTS).allMatch(Ports::isFree)) {
        return first;
      }
    }
  }
}
