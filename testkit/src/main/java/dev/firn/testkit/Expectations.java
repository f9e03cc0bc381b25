package dev.firn.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * What must hold for the grid as a whole: nothing acknowledged is lost, everything comes to rest.
 */
final class Expectations {
  private final Simulation simulation;
  private final List<ClientCommand> acknowledged = new ArrayList<>();
  private int acknowledgedCount;
  private int replicatedCount;

  Expectations(Simulation simulation) {
    this.simulation = simulation;
  }

  void acknowledged(ClientCommand command) {
    if (command.isPublished()) {
      acknowledged.add(command);
      acknowledgedCount++;
      if (!command.holders().isEmpty()) {
        replicatedCount++;
      }
    }
  }

  /** Updates that clients were told to be done. */
  int acknowledgedCount() {
    return acknowledgedCount;
  }

  /** Of these, the ones that a slave acknowledged. */
  int replicatedCount() {
    return replicatedCount;
  }

  /** The operator gave a machine an empty disk. */
  void wiped(Machine machine) {
    acknowledged.forEach(command -> command.holders().remove(machine.index()));
  }

  /**
   * A slave that becomes master has everything that a master waited for it to have.
   *
   * @return how many updates it lacks nevertheless, because no master could wait for it
   */
  int requireWhatItHeld(Machine next) {
    int lost = 0;
    for (ClientCommand command : acknowledged) {
      boolean has =
          command.lineage() == next.lineage()
              && next.disk().load().serials().of(command.topic()) >= command.serial();
      Violation.unless(
          has || !command.holders().contains(next.index()),
          "%s becomes master without %s",
          next.name(),
          command);
      if (!has) {
        lost++;
      }
    }
    // What it has is the beginning of the new history; the rest was given up by choosing it.
    acknowledged.clear();
    return lost;
  }

  /** Whether every slave follows the master and has the same tables, and no client waits. */
  boolean isConverged() {
    MasterProcess master = simulation.master();
    if (master == null || master.owesAnswers()) {
      return false;
    }
    for (int i = 0; i < simulation.machineCount(); i++) {
      RegistryProcess process = simulation.machine(i).process();
      if (process instanceof SlaveProcess slave && !isCopy(slave, master)) {
        return false;
      }
    }
    return true;
  }

  void requireAnswersInTime() {
    MasterProcess master = simulation.master();
    // A synchronisation may extend the time six times: three deliveries, three acknowledgements.
    long limitMillis = 7 * simulation.config().ackTimeoutMillis() + 1_000;
    Violation.unless(
        master == null || master.waitedMillis() <= limitMillis,
        "a client waits for more than %d ms at %s",
        limitMillis,
        master);
  }

  /** How long the grid may take to come to rest when nothing fails any more. */
  long convergenceMillisMax() {
    return Operator.STALL_MILLIS_MAX
        + 2 * simulation.config().sessionTimeoutMillis()
        + 7 * simulation.config().ackTimeoutMillis()
        + 4
            * (simulation.config().connectPeriodMillis()
                + simulation.config().refusedPeriodMillis());
  }

  private static boolean isCopy(SlaveProcess slave, MasterProcess master) {
    return slave.follows(master)
        && slave.published().sameReplicatedContent(master.published())
        && slave.published().epoch().number() == master.published().epoch().number();
  }
}
