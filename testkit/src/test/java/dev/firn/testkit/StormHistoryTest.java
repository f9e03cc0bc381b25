package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.election.LogPosition;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicatedState;
import dev.firn.election.StateChange;
import dev.firn.election.StateCommand;
import dev.firn.election.StateResult;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamTables;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the checks of a simulation take for the work of an acknowledged command. */
final class StormHistoryTest {
  private static final StateCommand CLAIM = new StreamCommand.Claim("s", "a", 0, 0, true);

  private final SimulatedStreams service = new SimulatedStreams();
  private final StormHistory history = new StormHistory(service);
  private final StormMachine machine =
      new StormMachine(0, new ReplicaId(1), false, 1_000, service.empty());
  private ReplicatedState tables = StreamTables.EMPTY;

  @Test
  void aRepeatedCommandIsNotTheWorkOfAnEarlierGroup() {
    generation(1);
    execute(CLAIM); // Nobody was told of it.
    generation(2);
    LogPosition since = history.committed();
    StateResult second = execute(CLAIM);

    LogPosition done = history.acknowledged(CLAIM, second, tables.position(), since);

    assertThat(done).isEqualTo(new LogPosition(2, 1));
    assertThat(history.committed()).isEqualTo(new LogPosition(2, 1));
  }

  @Test
  void whatWasNotDoneIsNoticed() {
    generation(1);
    StateResult imagined = tables.apply(CLAIM);

    assertThatThrownBy(
            () -> history.acknowledged(CLAIM, imagined, tables.position(), history.committed()))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("is not done");
  }

  @Test
  void anotherGroupWithoutWhatWasAcknowledgedIsNoticed() {
    generation(1);
    ReplicatedState before = tables;
    StateResult result = execute(CLAIM);
    LogPosition at = tables.position();
    tables = before;
    generation(2);

    assertThatThrownBy(() -> history.acknowledged(CLAIM, result, at, history.committed()))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("exists without it");
  }

  private void generation(long number) {
    tables = tables.with(List.of(new StateChange.SetPosition(new LogPosition(number, 0))));
    history.durable(machine, tables);
  }

  private StateResult execute(StateCommand command) {
    StateResult result = tables.apply(command);
    tables =
        tables
            .with(result.changes())
            .with(List.of(new StateChange.SetPosition(tables.position().next())));
    history.durable(machine, tables);
    return result;
  }
}
