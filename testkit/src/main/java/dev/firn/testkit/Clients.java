package dev.firn.testkit;

import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.Command;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Administrators and servers that change things, and clients that locate all the time. */
final class Clients {
  private final Simulation simulation;
  private final SplittableRandom random;
  private final int pauseMillis;
  private final Map<Integer, RegistryTables> checked = new TreeMap<>();
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
      if (random.nextInt(8) == 0) {
        changeApplication(master);
      } else {
        master.execute(command());
      }
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
        if (tables != checked.put(i, tables)) {
          Applications.requireDeployed(tables, process);
        }
        located++;
      }
    }
  }

  /** Adds, updates or removes an application, as far as the administrator knows what is there. */
  private void changeApplication(MasterProcess master) {
    values++;
    String name = Applications.NAMES.get(random.nextInt(Applications.NAMES.size()));
    ApplicationEntry known = master.published().findApplication(name);
    boolean mistaken = random.nextInt(10) == 0;
    if (known == null || mistaken) {
      ApplicationEntry added = Applications.added(name, "uuid" + values, random);
      execute(master, new Command.AddApplication(added), new Command.RemoveApplication(name));
    } else if (random.nextInt(3) == 0) {
      master.execute(new Command.RemoveApplication(name));
    } else {
      ApplicationEntry changed = Applications.changed(known, random);
      execute(
          master, update(known, changed), update(changed, Applications.takenBack(known, changed)));
    }
  }

  /** Sometimes a node refuses what is done already: then it is taken back. */
  private void execute(MasterProcess master, Command command, Command takenBack) {
    boolean refused = random.nextInt(4) == 0;
    ClientCommand done = master.execute(command);
    if (refused) {
      done.whenDone(() -> master.execute(takenBack));
    }
  }

  private static Command update(ApplicationEntry base, ApplicationEntry changed) {
    return new Command.UpdateApplication(changed, base, Applications.difference(base, changed));
  }

  private Command command() {
    values++;
    String value = "v" + values;
    ObjectId id = Values.id("o" + random.nextInt(6));
    return switch (random.nextInt(19)) {
      case 0, 1, 2, 3, 4 -> new Command.AddObject(Values.object(id, value));
      case 5, 6, 7 -> new Command.UpdateObject(id, Values.proxy(id, value));
      case 8, 9, 10 -> new Command.RemoveObject(id);
      case 11, 12, 13, 14, 15 ->
          new Command.SetAdapter(Values.adapter(adapterId(), value, group()));
      case 16 -> new Command.ClearAdapter(adapterId());
      case 17 -> new Command.RemoveAdapter(random.nextBoolean() ? adapterId() : "g0");
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
