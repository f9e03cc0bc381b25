package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import dev.firn.election.StateCommand;
import java.util.function.Consumer;

/** A running replica, of either kind. */
abstract class StormProcess {
  private final StormSimulation simulation;
  private final StormMachine machine;
  private final long incarnation;
  private boolean alive = true;

  StormProcess(StormSimulation simulation, StormMachine machine) {
    this.simulation = simulation;
    this.machine = machine;
    this.incarnation = machine.nextIncarnation();
  }

  abstract void start();

  /** Serves another replica's call; of a oneway call nobody hears the answer. */
  abstract void handle(StormRequest request, Consumer<StormRequest.End> respond);

  /**
   * Serves a client; may answer later, or never.
   *
   * @param respond is given an {@link Answer.Outcome}, {@link Answer.UnknownOutcome} or {@link
   *     Answer.NotCoordinator}
   */
  abstract void submit(StateCommand command, Consumer<Answer> respond);

  /** The connections with a peer closed. */
  abstract void peerClosed(ReplicaId peer);

  /** What an administrator would see now. */
  abstract ReplicaView view();

  /** The state that readers see. */
  abstract ReplicatedState published();

  /** Whether no update is under way here. */
  abstract boolean isIdle();

  final StormSimulation simulation() {
    return simulation;
  }

  final StormMachine machine() {
    return machine;
  }

  final ReplicaId id() {
    return machine.id();
  }

  final boolean isAlive() {
    return alive;
  }

  /** Ends at once; what was not synced is lost. */
  void kill() {
    simulation.trace(() -> this + " dies");
    alive = false;
    machine.process(null);
  }

  final long localMillis() {
    return machine.localMillis(simulation.agenda().nowMillis());
  }

  /** Does something later, by the clock of this machine, if the process still lives. */
  final void after(long delayLocalMillis, Runnable action) {
    simulation
        .agenda()
        .after(
            machine.realMillis(delayLocalMillis),
            () -> {
              if (alive) {
                action.run();
              }
            });
  }

  @Override
  public String toString() {
    return machine + "." + incarnation;
  }
}
