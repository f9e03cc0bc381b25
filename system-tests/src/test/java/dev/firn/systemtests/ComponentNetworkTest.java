package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A group on hosts of its own: {@code system-tests/netns-split}, where this machine lets it run.
 */
@FirnOnly
class ComponentNetworkTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int CANNOT_RUN = 2;

  @ParameterizedTest
  @ValueSource(strings = {"movable_address", "split_epoch", "split_lease", "split_standby"})
  void itHolds(String step) {
    try (Lab lab = new Lab()) {
      ChildProcess process =
          lab.process(
              "netns",
              List.of(
                  Implementation.HOME.resolve("system-tests/netns-split").toString(),
                  ComponentGroup.classes().toString(),
                  CountingComponent.class.getName(),
                  "--steps",
                  step));
      int exit = process.awaitExit(LIMIT);
      if (exit == CANNOT_RUN) {
        abort(process.err());
      }
      assertThat(exit).as(process.err()).isZero();
      System.out.print(process.out());
    }
  }
}
