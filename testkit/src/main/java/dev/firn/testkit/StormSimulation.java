package dev.firn.testkit;

import dev.firn.election.ElectionConfig;
import dev.firn.election.NodeState;
import dev.firn.election.Output;
import dev.firn.election.Replica;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import dev.firn.election.StateCommand;
import dev.firn.election.TopicTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The replicas of a storm in simulated time on simulated machines: the real core, around it a
 * network that loses, delays and cuts, disks that fail, processes that die and clocks that differ.
 * ZeroC's replicas can take part, as a model of their behaviour.
 *
 * <p>The same seed gives the same run, event by event. Invariants are checked after every event; a
 * broken one ends the run with a {@link SimulationFailure}. Replicas are named by their ids. One
 * thread.
 */
public final class StormSimulation {
  private static final long FAULTS_MILLIS = 6_000;
  private static final long SERVICE_MILLIS = 3_000;
  private static final long STEP_MILLIS = 20;
  private static final int CALM_DELAY_MILLIS = 2;
  private static final int WAITING_SHOWN_MAX = 5;
  private static final int SEARCH_MILLIS = 500;
  private static final int ATTEMPTS_MAX = 5;

  private final long seed;
  private final SplittableRandom random;
  private final Agenda agenda = new Agenda();
  private final Trace trace;
  private final Network network;
  private final StormCalls calls;
  private final List<StormMachine> machines = new ArrayList<>();
  private final List<ReplicaId> ids;
  private final SimulatedService service;
  private final StormHistory history;
  private final StormExpectations expectations;
  private final StormClients clients;
  private final List<String> reports = new ArrayList<>();
  private final StormBuilder settings;
  private long requests;

  StormSimulation(StormBuilder settings) {
    this.settings = settings;
    service = settings.service();
    history = new StormHistory(service);
    seed = settings.seed();
    random = new SplittableRandom(seed);
    trace = new Trace(agenda, settings.isTraced());
    ids = settings.ids().stream().map(ReplicaId::new).toList();
    network = new Network(ids.size(), agenda, random);
    calls = new StormCalls(this);
    if (settings.isCalm()) {
      network.usualDelay(CALM_DELAY_MILLIS);
    }
    for (int i = 0; i < ids.size(); i++) {
      boolean zeroc = settings.zeroc().contains(ids.get(i).value());
      int perMille = settings.isCalm() ? 1_000 : 950 + random.nextInt(101);
      machines.add(new StormMachine(i, ids.get(i), zeroc, perMille, service.empty()));
    }
    expectations = new StormExpectations(this, history, !settings.zeroc().isEmpty());
    clients = new StormClients(this);
  }

  /** A storm of this many replicas with the ids 1, 2, and so on. */
  public static StormBuilder of(int replicas) {
    return new StormBuilder(replicas);
  }

  /** Three, five or seven replicas with ids, times and settings from the seed. */
  public static StormBuilder random(long seed) {
    return StormBuilder.random(seed);
  }

  /** One random run: some seconds of faults under load, then peace until all agree. */
  public static StormResult run(long seed) {
    return random(seed).start().runRandomly();
  }

  /** As {@link #run}, in a group of three with one or two of ZeroC's replicas. */
  public static StormResult runMixed(long seed) {
    return StormBuilder.randomMixed(seed).start().runRandomly();
  }

  // What scripts do.

  /** A client's update through a replica, which must be up. */
  public StormUpdate submit(int replica, StateCommand command) {
    StormProcess process = machine(replica).process();
    if (process == null) {
      throw new IllegalStateException("replica " + replica + " is down");
    }
    return guarded(() -> submit(process, command));
  }

  /** A process ends without a word; those it had connections with learn it at once, or later. */
  public void kill(int replica) {
    StormMachine machine = machine(replica);
    StormProcess process = machine.process();
    if (process != null) {
      process.kill();
      for (StormMachine peer : machines) {
        int kind = settings.isCalm() ? 0 : random.nextInt(10);
        if (peer != machine && kind < 9) {
          agenda.after(
              kind < 7 ? 1 + random.nextInt(50) : 500 + random.nextInt(5_000),
              () -> calls.disconnect(peer, machine));
        }
      }
    }
  }

  /** Ends a replica as an administrator does. */
  public void stop(int replica) {
    if (machine(replica).process() instanceof FirnNode node) {
      node.shutDown();
    }
    kill(replica);
  }

  public void startIfDown(int replica) {
    StormMachine machine = machine(replica);
    if (machine.process() == null) {
      StormProcess process =
          machine.isZeroc() ? new ZerocNode(this, machine, settings.zerocTimes()) : firn(machine);
      machine.process(process);
      process.start();
    }
  }

  private FirnNode firn(StormMachine machine) {
    StormCore.Alteration alteration = settings.alteration();
    ReplicatedState state = alteration.loaded(machine.disk().load());
    ElectionConfig config = alteration.config(settings.config(machine.id(), ids));
    Replica replica = service.replica(config, state, random.split());
    return new FirnNode(this, machine, alteration.core(StormCore.of(replica), config));
  }

  /** Commits of this replica fail from now on, or succeed again. */
  public void fillDisk(int replica, boolean full) {
    machine(replica).disk().failing(full);
  }

  public void isolate(int replica) {
    network.isolate(machine(replica).index());
  }

  /** Cuts one direction. */
  public void cut(int from, int to) {
    network.cut(machine(from).index(), machine(to).index());
  }

  public void heal() {
    network.heal();
  }

  /** Lets time pass. */
  public void pass(long millis) {
    long untilMillis = agenda.nowMillis() + millis;
    guarded(
        () -> {
          while (agenda.runNext(untilMillis)) {
            // Each event checks what it may have broken.
          }
        });
  }

  /**
   * Lets time pass until the condition holds, with a limit computed from the time-outs.
   *
   * @return how long it took, milliseconds
   */
  public long await(String what, BooleanSupplier condition) {
    return await(what, settings.formationMillisMax(), condition);
  }

  /** As above, with a limit of one's own. */
  public long await(String what, long limitMillis, BooleanSupplier condition) {
    long startMillis = agenda.nowMillis();
    while (!condition.getAsBoolean()) {
      long passedMillis = agenda.nowMillis() - startMillis;
      if (passedMillis >= limitMillis) {
        guarded(
            () ->
                Violation.unless(false, "not %s within %d ms: %s", what, limitMillis, describe()));
      }
      pass(Math.min(STEP_MILLIS, limitMillis - passedMillis));
      restartStuck();
    }
    return agenda.nowMillis() - startMillis;
  }

  /** A replica of ZeroC's can get stuck for good; somebody notices and starts it again. */
  private void restartStuck() {
    for (StormMachine machine : machines) {
      if (machine.process() instanceof ZerocNode node && node.isStuck()) {
        trace(() -> node + " is stuck");
        kill(machine.id().value());
        guarded(() -> startIfDown(machine.id().value()));
      }
    }
  }

  /** Lets time pass until all replicas are in one group, with the same topics, and no one waits. */
  public long awaitConverged() {
    return await("converged", this::isConverged);
  }

  private boolean isConverged() {
    Optional<Integer> coordinator = coordinator();
    return coordinator.isPresent() && isComplete(machine(coordinator.get()));
  }

  private boolean isComplete(StormMachine coordinator) {
    StormProcess process = coordinator.process();
    if (process == null || clients.isWaiting()) {
      return false;
    }
    ReplicaView view = process.view();
    for (StormMachine machine : machines) {
      StormProcess member = machine.process();
      if (member == null
          || !member.isIdle()
          || member.view().state() != NodeState.NORMAL
          || !member.view().group().equals(view.group())
          || !service.isSame(machine.disk().load(), coordinator.disk().load())) {
        return false;
      }
    }
    return view.members().size() + 1 == machines.size();
  }

  /** The replica that serves as coordinator, if there is just one. */
  public Optional<Integer> coordinator() {
    Optional<Integer> found = Optional.empty();
    for (StormMachine machine : machines) {
      if (isCoordinator(machine)) {
        if (found.isPresent()) {
          return Optional.empty();
        }
        found = Optional.of(machine.id().value());
      }
    }
    return found;
  }

  /** What an administrator sees of a replica, which must be up. */
  public ReplicaView view(int replica) {
    StormProcess process = machine(replica).process();
    if (process == null) {
      throw new IllegalStateException("replica " + replica + " is down");
    }
    return process.view();
  }

  /** The topics a replica shows, or has on disk if it is down. */
  public TopicTables tables(int replica) {
    return (TopicTables) state(replica);
  }

  /** As {@link #tables}, for any service. */
  public ReplicatedState state(int replica) {
    StormProcess process = machine(replica).process();
    return process == null ? machine(replica).disk().load() : process.published();
  }

  public long nowMillis() {
    return agenda.nowMillis();
  }

  /** Errors and warnings so far. */
  public List<String> reports() {
    return List.copyOf(reports);
  }

  /** What happened, if it was asked for; else empty. */
  public List<String> traceLines() {
    return trace.lines();
  }

  /** Faults under load; perhaps a minority stays broken; then peace until all agree. */
  public StormResult runRandomly() {
    StormFaults faults = new StormFaults(this);
    guarded(clients::start);
    guarded(faults::start);
    pass(FAULTS_MILLIS);
    if (settings.zeroc().isEmpty() && random.nextBoolean()) {
      guarded(faults::stopButForMinority);
      if (canServe(faults.broken())) {
        requireService(faults.broken());
      }
    }
    guarded(clients::stop);
    guarded(faults::stop);
    long formedMillis = awaitConverged();
    requireUpdate(ids.get(random.nextInt(ids.size())), "last");
    awaitConverged();
    return new StormResult(
        seed,
        agenda.scheduled(),
        expectations.acknowledged(),
        expectations.rejected(),
        expectations.unknown(),
        expectations.reigns(),
        formedMillis);
  }

  /** Whether a group can form without these: all were together once, or need not have been. */
  private boolean canServe(List<StormMachine> broken) {
    boolean wasComplete = settings.isColdStartMajority();
    for (StormMachine machine : machines) {
      StormProcess process = machine.process();
      wasComplete |=
          process != null && !broken.contains(machine) && process.view().max() == machines.size();
    }
    return wasComplete;
  }

  /** Those that work serve, and those that do not do not keep them from it. */
  private void requireService(List<StormMachine> broken) {
    List<StormMachine> working = new ArrayList<>(machines);
    working.removeAll(broken);
    await("serving", () -> working.stream().anyMatch(this::isCoordinator));
    StormMachine through = working.get(random.nextInt(working.size()));
    requireUpdate(through.id(), "through");
    int reigns = expectations.reigns();
    pass(SERVICE_MILLIS);
    guarded(() -> expectations.requireRest(reigns));
  }

  /** A client that asks again when it does not know what became of its update. */
  private void requireUpdate(ReplicaId through, String topic) {
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      int at = through.value();
      if (!service.isForwarding()) {
        // One that is cut off may not have noticed yet.
        pass(SEARCH_MILLIS);
        await("one coordinator", () -> coordinator().isPresent());
        at = coordinator().orElse(at);
      }
      StormUpdate update = submit(at, service.certain(topic + i));
      await("answered", update::isAnswered);
      if (update.isDone()) {
        return;
      }
    }
    guarded(() -> Violation.unless(false, "no update through replica %s is done", through));
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

  StormCalls calls() {
    return calls;
  }

  boolean isCalm() {
    return settings.isCalm();
  }

  StormClients clients() {
    return clients;
  }

  SimulatedService service() {
    return service;
  }

  StormHistory history() {
    return history;
  }

  StormExpectations expectations() {
    return expectations;
  }

  List<StormMachine> machines() {
    return machines;
  }

  List<ReplicaId> ids() {
    return ids;
  }

  StormMachine machineOf(ReplicaId id) {
    return machine(id.value());
  }

  private StormMachine machine(int id) {
    for (StormMachine machine : machines) {
      if (machine.id().value() == id) {
        return machine;
      }
    }
    throw new IllegalArgumentException("no replica " + id);
  }

  boolean isCoordinator(StormMachine machine) {
    StormProcess process = machine.process();
    return process != null
        && process.view().state() == NodeState.NORMAL
        && process.view().coordinator().equals(machine.id());
  }

  void disconnect(StormMachine one, StormMachine other) {
    if (one != other) {
      calls.disconnect(one, other);
    }
  }

  StormUpdate submit(StormProcess process, StateCommand command) {
    StormUpdate update = new StormUpdate(command, process, agenda.nowMillis());
    process.submit(
        command,
        answer -> {
          update.answered(answer, agenda.nowMillis());
          expectations.answered(answer);
          service.heard(command, answer);
        });
    return update;
  }

  long nextRequest() {
    requests++;
    return requests;
  }

  /** A group's name as ZeroC's replicas make it. */
  String newGroup(ReplicaId creator) {
    return creator + ":" + Long.toHexString(random.nextLong());
  }

  void trace(Supplier<String> line) {
    trace.add(line);
  }

  void reported(StormProcess process, Output.Severity severity, String message) {
    reports.add(process + " " + severity + " " + message);
  }

  void start() {
    for (StormMachine machine : machines) {
      agenda.after(
          random.nextInt(settings.startSpreadMillis()), () -> startIfDown(machine.id().value()));
    }
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (StormMachine machine : machines) {
      StormProcess process = machine.process();
      text.append('\n')
          .append(process == null ? machine + " is down" : process + " " + process.view())
          .append(' ')
          .append(machine.disk().load());
    }
    clients.waiting().stream()
        .limit(WAITING_SHOWN_MAX)
        .forEach(update -> text.append("\nwaiting: ").append(update));
    return text.toString();
  }

  private void guarded(Runnable action) {
    guarded(
        () -> {
          action.run();
          return true;
        });
  }

  private <T> T guarded(Supplier<T> action) {
    try {
      return action.get();
    } catch (SimulationFailure e) {
      throw e;
    } catch (RuntimeException e) {
      throw new SimulationFailure(
          seed, "at " + agenda.nowMillis() + " ms: " + e.getMessage(), "StormReplayTest", e);
    }
  }
}
