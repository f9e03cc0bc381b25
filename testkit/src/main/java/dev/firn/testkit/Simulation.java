package dev.firn.testkit;

import dev.firn.model.ApplicationEntry;
import dev.firn.model.Command;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.replication.Master;
import dev.firn.replication.Output;
import dev.firn.replication.ReplicationConfig;
import dev.firn.replication.Slave;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Registries in simulated time on simulated machines: the real cores, around them a network that
 * loses, delays, repeats and cuts, disks that fail and processes that die.
 *
 * <p>The same seed gives the same run, event by event. Invariants are checked after every event; a
 * broken one ends the run with a {@link SimulationFailure}. One thread.
 */
public final class Simulation {
  private static final long FAULTS_MILLIS = 12_000;

  private final long seed;
  private final SplittableRandom random;
  private final Agenda agenda = new Agenda();
  private final Trace trace;
  private final Network network;
  private final Calls calls = new Calls(this);
  private final List<Machine> machines = new ArrayList<>();
  private final Expectations expectations = new Expectations(this);
  private final List<String> reports = new ArrayList<>();
  private final ReplicationConfig config;
  private final Core.Wrapper wrapper;
  private final boolean inputsWaitForTheDisk;
  private final boolean portsAreFixed;
  private final Operator operator;
  private long requests;
  private int lineages;
  private int promotions;
  private int lostByChoice;

  private Simulation(Builder builder) {
    seed = builder.seed;
    random = new SplittableRandom(seed);
    trace = new Trace(agenda, builder.traced);
    wrapper = builder.wrapper;
    network = new Network(builder.machines, agenda, random);
    inputsWaitForTheDisk = random.nextBoolean();
    portsAreFixed = random.nextBoolean();
    config = new ReplicationConfig(3_000, 2_000, random.nextBoolean() ? 6 : 100, 500, 2_000);
    RegistryTables tables = RegistryTables.EMPTY;
    for (String name : Applications.NAMES) {
      ApplicationEntry entry = Applications.entry(name, name, 1, 1);
      tables = tables.with(new RowChange.PutApplication(entry));
    }
    for (int i = 0; i < builder.machines; i++) {
      machines.add(new Machine(i, i == 0, i == 0 ? tables : RegistryTables.EMPTY));
    }
    machines.get(0).lineage(new Lineage(lineages, tables));
    operator = new Operator(this);
  }

  /** A grid of this many registries; the first is the master at first. */
  public static Builder of(int registries) {
    return new Builder(registries);
  }

  /** One random run: some seconds of faults under load, then peace until all agree. */
  public static Result run(long seed) {
    return random(seed).start().runRandomly();
  }

  /** Two to four registries. */
  public static Builder random(long seed) {
    return of(2 + (int) Math.floorMod(seed, 3L)).seed(seed);
  }

  // What scripts do. Registries are numbered from 0, whatever role they have.

  /** A client's command to the master, which must be up. */
  public ClientCommand submit(Command command) {
    MasterProcess master = master();
    if (master == null) {
      throw new IllegalStateException("there is no master");
    }
    return guarded(() -> master.execute(command));
  }

  public void kill(int registry) {
    RegistryProcess process = machine(registry).process();
    if (process != null) {
      process.kill();
      for (Machine peer : machines) {
        if (random.nextInt(10) < 7) {
          agenda.after(1 + random.nextInt(50), () -> tell(peer, process));
        }
      }
    }
  }

  /** Ends a registry as an administrator does. */
  public void stop(int registry) {
    RegistryProcess process = machine(registry).process();
    if (process != null) {
      process.shutDown();
      kill(registry);
    }
  }

  /** Starts a registry in the role it had last. */
  public void startIfDown(int registry) {
    if (machine(registry).process() == null) {
      launch(machine(registry));
    }
  }

  /** Gives a registry an empty database. */
  public void wipe(int registry) {
    trace(() -> "operator wipes " + machine(registry).name());
    kill(registry);
    machine(registry).wipe();
    expectations.wiped(machine(registry));
    startIfDown(registry);
  }

  /** Restarts a slave as the master. The old master must be down, and is a slave from now on. */
  public void promote(int registry) {
    Machine old = machine(masterIndex());
    Machine next = machine(registry);
    if (old.process() != null) {
      throw new IllegalStateException("the old master " + old.process() + " is up");
    }
    kill(registry);
    next.disk().stall(0);
    lostByChoice += expectations.requireWhatItHeld(next);
    Lineage ended = old.lineage();
    if (ended != null) {
      ended.resume(old.disk().load()); // its last write may be durable but unpublished
    }
    promotions++;
    old.role(false);
    next.role(true);
    lineages++;
    next.lineage(new Lineage(lineages, next.disk().load()));
    launch(next);
  }

  public void isolate(int registry) {
    network.isolate(registry);
  }

  public void heal() {
    network.heal();
  }

  /** Lets time pass. */
  public void pass(long millis) {
    guarded(
        () -> {
          long untilMillis = agenda.nowMillis() + millis;
          while (agenda.runNext(untilMillis)) {
            expectations.requireAnswersInTime();
          }
          return null;
        });
  }

  /** Lets time pass until the condition holds, with a limit computed from the time-outs. */
  public void await(String what, BooleanSupplier condition) {
    long limitMillis = agenda.nowMillis() + expectations.convergenceMillisMax();
    while (!condition.getAsBoolean()) {
      if (agenda.nowMillis() >= limitMillis) {
        guarded(
            () -> {
              throw new Violation(
                  "not %s within %d ms".formatted(what, expectations.convergenceMillisMax()));
            });
      }
      pass(RegistryProcess.TICK_MILLIS);
      guarded(
          () -> {
            operator.lookAfter();
            return null;
          });
    }
  }

  /** Lets time pass until every slave follows the master and has the same tables. */
  public void awaitConverged() {
    await("converged", expectations::isConverged);
  }

  /** The tables a registry shows, or has on disk if it is down. */
  public RegistryTables tables(int registry) {
    RegistryProcess process = machine(registry).process();
    return process == null ? machine(registry).disk().load() : process.published();
  }

  /** Errors and warnings so far. */
  public List<String> reports() {
    return List.copyOf(reports);
  }

  /** What happened, if it was asked for; else empty. */
  public List<String> traceLines() {
    return trace.lines();
  }

  /** Faults under load, then peace until all agree. */
  public Result runRandomly() {
    Clients clients = new Clients(this);
    guarded(
        () -> {
          clients.start();
          operator.start();
          return null;
        });
    pass(FAULTS_MILLIS);
    guarded(
        () -> {
          clients.stop();
          operator.stop();
          return null;
        });
    awaitConverged();
    ClientCommand last = submit(new Command.SetAdapter(Values.adapter("last", "last", "")));
    await("answered", last::isDone);
    awaitConverged();
    return new Result(
        seed,
        agenda.scheduled(),
        expectations.acknowledgedCount(),
        expectations.replicatedCount(),
        lostByChoice,
        promotions,
        clients.located());
  }

  // What the parts of a simulation need of each other.

  Agenda agenda() {
    return agenda;
  }

  SplittableRandom random() {
    return random;
  }

  Network network() {
    return network;
  }

  Calls calls() {
    return calls;
  }

  ReplicationConfig config() {
    return config;
  }

  boolean inputsWaitForTheDisk() {
    return inputsWaitForTheDisk;
  }

  boolean portsAreFixed() {
    return portsAreFixed;
  }

  int machineCount() {
    return machines.size();
  }

  Machine machine(int index) {
    return machines.get(index);
  }

  int masterIndex() {
    for (Machine machine : machines) {
      if (machine.isMaster()) {
        return machine.index();
      }
    }
    throw new IllegalStateException("no machine is the master");
  }

  @Nullable MasterProcess master() {
    return machine(masterIndex()).process() instanceof MasterProcess master ? master : null;
  }

  long nextRequest() {
    requests++;
    return requests;
  }

  void trace(Supplier<String> line) {
    trace.add(line);
  }

  void reported(RegistryProcess process, Output.Severity severity, String message) {
    if (severity == Output.Severity.ERROR || severity == Output.Severity.WARNING) {
      reports.add(process + " " + severity + " " + message);
    }
  }

  void acknowledged(ClientCommand command) {
    expectations.acknowledged(command);
  }

  void start() {
    for (Machine machine : machines) {
      agenda.after(random.nextInt(500), () -> startIfDown(machine.index()));
    }
  }

  private void launch(Machine machine) {
    RegistryTables tables = machine.disk().load();
    RegistryProcess process;
    if (machine.isMaster()) {
      Core core = wrapper.wrap(Core.of(new Master(config, tables, false)), true);
      Lineage lineage = machine.lineage();
      if (lineage == null) {
        throw new IllegalStateException("the master " + machine.name() + " has no history");
      }
      process = new MasterProcess(this, machine, core, lineage);
    } else {
      Core core = wrapper.wrap(Core.of(new Slave(config, tables)), false);
      process = new SlaveProcess(this, machine, core);
    }
    machine.process(process);
    process.start();
  }

  private void tell(Machine peer, RegistryProcess dead) {
    RegistryProcess process = peer.process();
    if (process == null || network.isCut(dead.machine().index(), peer.index())) {
      return;
    }
    if (process instanceof MasterProcess master) {
      master.peerDied(dead.machine(), dead.incarnation());
    } else if (process instanceof SlaveProcess slave) {
      slave.peerDied(dead.machine(), dead.incarnation());
    }
  }

  private <T extends @Nullable Object> T guarded(Supplier<T> action) {
    try {
      return action.get();
    } catch (SimulationFailure e) {
      throw e;
    } catch (RuntimeException e) {
      throw new SimulationFailure(seed, "at " + agenda.nowMillis() + " ms: " + e.getMessage(), e);
    }
  }

  /** Settings of a simulation. */
  public static final class Builder {
    private final int machines;
    private long seed;
    private boolean traced;
    private Core.Wrapper wrapper = (core, master) -> core;

    private Builder(int machines) {
      if (machines < 1) {
        throw new IllegalArgumentException("machines must be >= 1: " + machines);
      }
      this.machines = machines;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Keeps a line for everything that happens. */
    public Builder traced() {
      traced = true;
      return this;
    }

    /** Replaces the cores, to see whether the checks notice. */
    public Builder wrapped(Core.Wrapper by) {
      wrapper = by;
      return this;
    }

    /** Starts all registries. */
    public Simulation start() {
      Simulation simulation = new Simulation(this);
      simulation.start();
      return simulation;
    }
  }
}
