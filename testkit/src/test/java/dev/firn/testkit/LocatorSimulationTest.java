package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceTable;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Service locators that agree on services as the replicas of a storm agree on topics. */
final class LocatorSimulationTest {
  private static final int SEEDS = Integer.getInteger("seeds", 2_000);
  private static final int UPDATES_PER_CALL = 256;

  @Test
  void whatWasAcknowledgedSurvives() {
    List<StormResult> results =
        LongStream.rangeClosed(1, SEEDS)
            .parallel()
            .mapToObj(seed -> random(seed).start().runRandomly())
            .toList();

    assertThat(results.stream().mapToLong(StormResult::reigns).sum()).isGreaterThan(SEEDS * 3L);
    assertThat(results.stream().mapToLong(StormResult::acknowledged).sum())
        .isGreaterThan(SEEDS * 10L);
  }

  @Test
  void anyIsAskedAndTheNextCoordinatorKnowsTheEpoch() {
    StormSimulation sim =
        StormSimulation.of(3)
            .seed(1)
            .service(new SimulatedLocators(), UPDATES_PER_CALL)
            .coldStartMajority()
            .calm()
            .start();
    sim.awaitConverged();
    int first = sim.coordinator().orElseThrow();
    int other = first == 1 ? 2 : 1;
    assertThat(submit(sim, other, claim("a", 2)).isDone()).isTrue();

    sim.kill(first);
    sim.await("another coordinator", () -> sim.coordinator().filter(c -> c != first).isPresent());
    int second = sim.coordinator().orElseThrow();

    assertThat(submit(sim, second, claim("b", 2)).isDone()).isFalse();
    assertThat(submit(sim, second, claim("a", 2)).isDone()).isTrue();
    assertThat(submit(sim, second, claim("b", 1)).isDone()).isFalse();
    assertThat(submit(sim, second, claim("b", 3)).isDone()).isTrue();
    assertThat(((ServiceTable) sim.state(second)).newestEpoch("g")).isEqualTo(3);
  }

  private static ServiceCommand claim(String instance, long epoch) {
    return new ServiceCommand.AddService(
        "g" + ServiceTable.EPOCH, instance, Optional.of(new GroupEpoch("g", epoch)));
  }

  private static StormUpdate submit(StormSimulation sim, int replica, ServiceCommand command) {
    StormUpdate update = sim.submit(replica, command);
    sim.await("answered", update::isAnswered);
    return update;
  }

  private static StormBuilder random(long seed) {
    return StormSimulation.random(seed)
        .service(new SimulatedLocators(), UPDATES_PER_CALL)
        .coldStartMajority();
  }
}
