package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamTables;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Three replicators that agree on streams as the replicas of a storm agree on topics. */
final class ReplicatorSimulationTest {
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
  void aPublishIsRepeatedAtTheNextCoordinator() {
    StormSimulation sim = builder(1).calm().start();
    sim.awaitConverged();
    int first = sim.coordinator().orElseThrow();
    StormUpdate claimed = submit(sim, first, new StreamCommand.Claim("s", "a", 0, 0, true));
    assertThat(claimed.isDone()).isTrue();
    StreamCommand.Publish publish = new StreamCommand.Publish("s", 1, 1, List.of(), List.of("key"));
    assertThat(submit(sim, first, publish).isDone()).isTrue();

    sim.kill(first);
    sim.await("another coordinator", () -> sim.coordinator().filter(c -> c != first).isPresent());
    int second = sim.coordinator().orElseThrow();

    assertThat(submit(sim, second, publish).isDone()).isTrue();
    assertThat(((StreamTables) sim.state(second)).stream("s").seq()).isEqualTo(1);
    assertThat(
            submit(sim, second, new StreamCommand.Publish("s", 1, 2, List.of(), List.of()))
                .isDone())
        .isTrue();
    assertThat(((StreamTables) sim.state(second)).stream("s").seq()).isEqualTo(2);
  }

  @Test
  void onlyTheCoordinatorIsAsked() {
    StormSimulation sim = builder(2).calm().start();
    sim.awaitConverged();
    int coordinator = sim.coordinator().orElseThrow();
    int other = coordinator == 1 ? 2 : 1;

    StormUpdate refused = sim.submit(other, new StreamCommand.Claim("s", "a", 0, 0, true));
    sim.await("answered", refused::isAnswered);

    assertThat(refused.isDone()).isFalse();
    assertThat(((StreamTables) sim.state(coordinator)).streams()).isEmpty();
  }

  /** The clock of a slow machine; docs/operations/components.md names the property. */
  @Test
  void whatWasAcknowledgedSurvivesWhereSilentPeersAreWaitedForLonger() {
    LongStream.rangeClosed(1, SEEDS)
        .parallel()
        .forEach(seed -> random(seed).heartbeatTimeout(2_000).start().runRandomly());
  }

  /**
   * A claim that a minority did and nobody was told of; a majority finds it and goes on with it;
   * the same claim again is another epoch, and only that one was acknowledged.
   */
  @Test
  void aRepeatedClaimIsNotTakenForTheFirst() {
    StormResult result = random(1948).heartbeatTimeout(2_000).start().runRandomly();

    assertThat(result.acknowledged()).isPositive();
  }

  @Test
  void aSeedReplaysExactly() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(traceOf(seed)).hasSizeGreaterThan(100).isEqualTo(traceOf(seed));
    }
  }

  private static List<String> traceOf(long seed) {
    StormSimulation simulation = random(seed).traced().start();
    simulation.runRandomly();
    return simulation.traceLines();
  }

  private static StormUpdate submit(StormSimulation sim, int replica, StreamCommand command) {
    StormUpdate update = sim.submit(replica, command);
    sim.await("answered", update::isAnswered);
    return update;
  }

  private static StormBuilder builder(long seed) {
    return StormSimulation.of(3)
        .seed(seed)
        .service(new SimulatedStreams(), UPDATES_PER_CALL)
        .coldStartMajority();
  }

  private static StormBuilder random(long seed) {
    return StormSimulation.random(seed)
        .service(new SimulatedStreams(), UPDATES_PER_CALL)
        .coldStartMajority();
  }
}
