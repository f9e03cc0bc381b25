package dev.firn.testkit;

import dev.firn.model.AdapterEntry;
import dev.firn.model.Command;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import java.util.List;
import java.util.SplittableRandom;

/** Administrators and servers that change things, and clients that locate all the time. */
final class Clients {
  static final List<String> APPLICATIONS = List.of("app0", "app1", "app2", "app3");

  private final Simulation simulation;
  private final SplittableRandom random;
  private final int pauseMillis;
  private boolean stopped;
  private long values;
  private long located;

  Clients(Simulation simulation) {
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

  /** How many look-ups were answered. */
  long located() {
    return located;
  }

  private void act() {
    if (stopped) {
      return;
    }
    MasterProcess master = simulation.master();
    if (master != null) {
      master.execute(command());
    }
    locate();
    simulation.agenda().after(1 + random.nextInt(2 * pauseMillis), this::act);
  }

  /** Every registry that runs answers, from complete tables of one moment. */
  private void locate() {
    for (int i = 0; i < simulation.machineCount(); i++) {
      RegistryProcess process = simulation.machine(i).process();
      if (process != null) {
        RegistryTables tables = process.published();
        AdapterEntry adapter = tables.findAdapter(adapterId());
        Violation.unless(
            adapter == null
                || adapter.replicaGroupId().isEmpty()
                || tables.adaptersOfReplicaGroup(adapter.replicaGroupId()).contains(adapter),
            "%s answers %s but not as a member of its group",
            process,
            adapter);
        located++;
      }
    }
  }

  private Command command() {
    values++;
    String value = "v" + values;
    ObjectId id = Values.id("o" + random.nextInt(6));
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> new Command.AddObject(Values.object(id, value));
      case 5, 6, 7 -> new Command.UpdateObject(id, Values.proxy(id, value));
      case 8, 9, 10 -> new Command.RemoveObject(id);
      case 11, 12, 13, 14, 15 ->
          new Command.SetAdapter(Values.adapter(adapterId(), value, group()));
      case 16 -> new Command.ClearAdapter(adapterId());
      case 17 -> new Command.RemoveAdapter(random.nextBoolean() ? adapterId() : "g0");
      case 18 ->
          new Command.RemoveApplication(APPLICATIONS.get(random.nextInt(APPLICATIONS.size())));
      default -> new Command.SaveNode(Values.object(id, value));
    };
  }

  private String adapterId() {
    return "a" + random.nextInt(5);
  }

  private String group() {
    return random.nextBoolean() ? "" : "g" + random.nextInt(2);
  }
}
