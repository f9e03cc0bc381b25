package dev.firn.testkit;

import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** What goes wrong, and the person who puts it right: kills, cuts, full disks, promotions. */
final class Operator {
  /** How long a disk may take to write. */
  static final int STALL_MILLIS_MAX = 18_000;

  private static final int DATABASE_REFUSALS_MAX = 2;

  private final Simulation simulation;
  private final SplittableRandom random;
  private final int pauseMillis;
  private boolean stopped;

  Operator(Simulation simulation) {
    this.simulation = simulation;
    this.random = simulation.random();
    this.pauseMillis = 200 + random.nextInt(2_500);
  }

  void start() {
    simulation.agenda().after(random.nextInt(2_000), this::act);
  }

  /** No more faults; everything that is down comes up again. */
  void stop() {
    stopped = true;
    simulation.network().heal();
    simulation.network().quality(0, 0, 0);
    for (int i = 0; i < simulation.machineCount(); i++) {
      simulation.machine(i).disk().failing(false);
      simulation.startIfDown(i);
    }
  }

  /** Gives a slave whose database is refused for good an empty one. */
  void lookAfter() {
    for (int i = 0; i < simulation.machineCount(); i++) {
      if (simulation.machine(i).process() instanceof SlaveProcess slave
          && slave.databaseRefusals() >= DATABASE_REFUSALS_MAX) {
        simulation.wipe(i);
      }
    }
  }

  private void act() {
    if (stopped) {
      return;
    }
    lookAfter();
    fault();
    simulation.agenda().after(1 + random.nextInt(2 * pauseMillis), this::act);
  }

  private void fault() {
    Network network = simulation.network();
    int machine = random.nextInt(simulation.machineCount());
    int other = random.nextInt(simulation.machineCount());
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> network.cut(machine, other);
      case 3, 4 -> network.isolate(machine);
      case 5, 6, 7 -> network.heal();
      case 8 -> stall(simulation.machine(other));
      case 9, 10 -> network.quality(0.1, 0.1, 0.1);
      case 11 -> {
        network.heal();
        network.quality(0, 0, 0);
        stall(simulation.machine(other));
      }
      case 12, 13 -> {
        simulation.machine(machine).disk().failing(true);
        simulation
            .agenda()
            .after(random.nextInt(1_500), () -> simulation.machine(machine).disk().failing(false));
      }
      case 14 -> {
        simulation.stop(machine);
        restartLater(machine);
      }
      case 15, 16, 17 -> {
        simulation.kill(machine);
        restartLater(machine);
      }
      default -> killMasterAndPromote();
    }
  }

  /** A slave that lives, answers pings and receives updates, and never gets them written. */
  private void stall(Machine machine) {
    if (!machine.isMaster()) {
      machine.disk().stall(simulation.agenda().nowMillis() + random.nextInt(STALL_MILLIS_MAX));
    }
  }

  private void restartLater(int machine) {
    simulation.agenda().after(random.nextInt(3_000), () -> simulation.startIfDown(machine));
  }

  private void killMasterAndPromote() {
    int old = simulation.masterIndex();
    simulation.kill(old);
    simulation
        .agenda()
        .after(
            random.nextInt(2_000),
            () -> {
              if (!stopped && simulation.masterIndex() == old && simulation.master() == null) {
                simulation.promote(candidate(old));
                restartLater(old);
              } else {
                simulation.startIfDown(old);
              }
            });
  }

  /** Mostly the slave with the newest database, as one should; sometimes just any. */
  private int candidate(int old) {
    List<Machine> slaves = new ArrayList<>();
    for (int i = 0; i < simulation.machineCount(); i++) {
      if (i != old) {
        slaves.add(simulation.machine(i));
      }
    }
    if (random.nextInt(4) == 0) {
      return slaves.get(random.nextInt(slaves.size())).index();
    }
    return slaves.stream()
        .max(Comparator.comparingLong(Operator::age).thenComparingInt(Machine::index))
        .orElseThrow()
        .index();
  }

  private static long age(Machine machine) {
    long sum = machine.disk().load().epoch().number() * 1_000_000;
    for (Topic topic : Topic.values()) {
      sum += machine.disk().load().serials().of(topic);
    }
    return sum;
  }
}
