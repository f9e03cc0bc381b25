package dev.firn.testkit;

import dev.firn.election.LogPosition;
import dev.firn.election.Message;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.model.EncodedProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What goes wrong: deaths, cuts, lost connections, slow and full disks. */
final class StormFaults {
  private static final int STALL_MILLIS_MAX = 6_000;

  private final StormSimulation simulation;
  private final SplittableRandom random;
  private final int pauseMillis;
  private final List<StormMachine> broken = new ArrayList<>();
  private boolean stopped;

  StormFaults(StormSimulation simulation) {
    this.simulation = simulation;
    this.random = simulation.random();
    this.pauseMillis = 100 + random.nextInt(1_500);
  }

  void start() {
    simulation.network().holding(random.nextInt(3) == 0 ? 0.5 : 0);
    simulation.agenda().after(random.nextInt(3_000), this::act);
  }

  /** No more faults; everything that is down comes up again. */
  void stop() {
    stopped = true;
    simulation.network().quality(0, 0, 0);
    simulation.network().holding(0);
    simulation.network().heal();
    broken.clear();
    for (StormMachine machine : simulation.machines()) {
      machine.disk().failing(false);
      machine.disk().stall(0);
      simulation.startIfDown(machine.id().value());
    }
  }

  /** No more faults, but a minority stays as it is: down, cut off, or with a full disk. */
  void stopButForMinority() {
    stop();
    int count = 1 + random.nextInt(simulation.machines().size() / 2);
    for (int i = 0; i < count; i++) {
      StormMachine machine = any();
      broken.add(machine);
      switch (random.nextInt(3)) {
        case 0 -> simulation.kill(machine.id().value());
        case 1 -> simulation.network().isolate(machine.index());
        default -> machine.disk().failing(true);
      }
    }
    simulation.trace(() -> "broken from now on: " + broken);
  }

  /** What the last call left broken. */
  List<StormMachine> broken() {
    return broken;
  }

  private void act() {
    if (stopped) {
      return;
    }
    fault();
    simulation.agenda().after(1 + random.nextInt(2 * pauseMillis), this::act);
  }

  private void fault() {
    Network network = simulation.network();
    StormMachine machine = any();
    StormMachine other = any();
    switch (random.nextInt(28)) {
      case 0, 1 -> network.cut(machine.index(), other.index());
      case 2, 3 -> network.isolate(machine.index());
      case 4, 5 -> split();
      case 6, 7, 8, 9 -> network.heal();
      case 10 -> network.quality(0.1, 0.1, 0.1);
      case 11 -> network.quality(0, 0.1, 0.3);
      case 12, 13 -> {
        network.heal();
        network.quality(0, 0, 0);
      }
      case 14 -> fill(machine);
      case 15 -> stall(machine);
      case 16 -> simulation.disconnect(machine, other);
      case 17, 18, 19 -> {
        StormMachine coordinator = coordinator(machine);
        simulation.kill(coordinator.id().value());
        restartLater(coordinator);
      }
      case 20 -> {
        simulation.stop(machine.id().value());
        restartLater(machine);
      }
      case 21 -> killMany(2);
      case 22 -> killMany(simulation.machines().size());
      case 23, 24 -> nonsense(machine, other);
      default -> {
        simulation.kill(machine.id().value());
        restartLater(machine);
      }
    }
  }

  private StormMachine any() {
    return simulation.machines().get(random.nextInt(simulation.machines().size()));
  }

  /** The coordinator of a serving group, if there is one. */
  private StormMachine coordinator(StormMachine otherwise) {
    for (StormMachine machine : simulation.machines()) {
      if (simulation.isCoordinator(machine)) {
        return machine;
      }
    }
    return otherwise;
  }

  private void split() {
    List<StormMachine> one = new ArrayList<>();
    List<StormMachine> two = new ArrayList<>();
    for (StormMachine machine : simulation.machines()) {
      (random.nextBoolean() ? one : two).add(machine);
    }
    for (StormMachine left : one) {
      for (StormMachine right : two) {
        simulation.network().cut(left.index(), right.index());
        simulation.network().cut(right.index(), left.index());
      }
    }
  }

  private void fill(StormMachine machine) {
    machine.disk().failing(true);
    simulation
        .agenda()
        .after(
            random.nextInt(4_000),
            () -> {
              if (!broken.contains(machine)) {
                machine.disk().failing(false);
              }
            });
  }

  private void stall(StormMachine machine) {
    machine.disk().stall(simulation.agenda().nowMillis() + random.nextInt(STALL_MILLIS_MAX));
  }

  private void killMany(int count) {
    for (int i = 0; i < count; i++) {
      StormMachine machine =
          count == simulation.machines().size() ? simulation.machines().get(i) : any();
      simulation.kill(machine.id().value());
      restartLater(machine);
    }
  }

  /** What only a confused or hostile peer would say. */
  private void nonsense(StormMachine to, StormMachine from) {
    if (to.process() instanceof FirnNode node) {
      ReplicaView view = node.view();
      ReplicaId nobody = new ReplicaId(999);
      LogPosition far = new LogPosition(1_000_000, 0);
      node.handle(
          new StormRequest.OfReplica(
              switch (random.nextInt(5)) {
                case 0 -> new Message.Invitation(nobody, "999:x");
                case 1 ->
                    new Message.Accept(
                        nobody, view.group(), List.of(), Values.observer(nobody), far, 9);
                case 2 ->
                    new Message.Accept(
                        from.id(), view.group(), List.of(), EncodedProxy.NULL, far, 9);
                case 3 ->
                    new Message.Ready(from.id(), view.group() + "x", Values.manager(nobody), 9, 9);
                default -> new Message.Update(far, simulation.service().certain("nonsense"));
              }),
          end -> {});
    }
  }

  private void restartLater(StormMachine machine) {
    simulation
        .agenda()
        .after(
            random.nextInt(3_000),
            () -> {
              if (!broken.contains(machine)) {
                simulation.startIfDown(machine.id().value());
              }
            });
  }
}
