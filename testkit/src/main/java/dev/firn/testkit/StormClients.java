package dev.firn.testkit;

import dev.firn.election.StateCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Clients that want something of any replica. */
final class StormClients {
  private final StormSimulation simulation;
  private final SplittableRandom random;
  private final int pauseMillis;
  private final List<StormUpdate> updates = new ArrayList<>();
  private boolean stopped;

  StormClients(StormSimulation simulation) {
    this.simulation = simulation;
    this.random = simulation.random();
    this.pauseMillis = 20 + random.nextInt(200);
  }

  void start() {
    act();
  }

  void stop() {
    stopped = true;
  }

  /** Whether a replica that lives owes somebody an answer. */
  boolean isWaiting() {
    updates.removeIf(update -> !update.isOwed());
    return !updates.isEmpty();
  }

  List<StormUpdate> waiting() {
    return List.copyOf(updates);
  }

  void submit(StormProcess process, StateCommand command) {
    updates.add(simulation.submit(process, command));
  }

  private void act() {
    if (stopped) {
      return;
    }
    List<StormMachine> machines = simulation.machines();
    StormProcess process = machines.get(random.nextInt(machines.size())).process();
    if (process != null) {
      simulation.service().act(simulation, process);
    }
    simulation.agenda().after(1 + random.nextInt(2 * pauseMillis), this::act);
  }
}
