package dev.firn.testkit;

import dev.firn.model.Command;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.replication.Answer;
import dev.firn.replication.Host;
import dev.firn.replication.Input;
import dev.firn.replication.Output;
import dev.firn.replication.PushedUpdate;
import dev.firn.replication.ReplicaInfo;
import dev.firn.replication.RequestId;
import dev.firn.replication.SessionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A running registry: a core and the host around it, as the real one behaves towards the core. */
abstract class RegistryProcess implements Host {
  static final int TICK_MILLIS = 100;
  private static final int USUAL_SYNC_MILLIS = 4;
  private static final int LONG_SYNC_MILLIS = 300;

  private final Simulation simulation;
  private final Machine machine;
  private final long incarnation;
  private final Core core;
  private final Deque<Input> inbox = new ArrayDeque<>();
  private final Map<Long, Consumer<Answer>> callers = new TreeMap<>();
  private RegistryTables published;
  private boolean alive = true;
  private boolean stepping;
  private boolean persisting;

  RegistryProcess(Simulation simulation, Machine machine, Core core) {
    this.simulation = simulation;
    this.machine = machine;
    this.incarnation = machine.nextIncarnation();
    this.core = core;
    this.published = core.tables();
  }

  /** Serves a call of another registry; may answer later, or never. */
  abstract void handle(Request request, Consumer<Optional<Answer>> respond);

  /** Looks at what a step wants before it is performed. */
  abstract void inspect(List<Output> outputs);

  /** The rows of a write reached the disk, whether this process will learn it or not. */
  abstract void durable(List<RowChange> rows);

  final Simulation simulation() {
    return simulation;
  }

  final Machine machine() {
    return machine;
  }

  final long incarnation() {
    return incarnation;
  }

  final boolean isAlive() {
    return alive;
  }

  final boolean answersTo(long wanted) {
    return alive && (wanted == Calls.ANY || wanted == incarnation);
  }

  /** What clients of this registry see. */
  final RegistryTables published() {
    return published;
  }

  void start() {
    simulation.trace(() -> this + " starts with " + published.serials());
    scheduleTick(1 + simulation.random().nextInt(TICK_MILLIS));
  }

  /** The process is gone, and with it everything that was not synced. */
  void kill() {
    simulation.trace(() -> this + " dies");
    alive = false;
    machine.process(null);
  }

  /** Ends in order; what is outstanding is lost with {@link #kill}. */
  void shutDown() {
    give(new Input.Shutdown());
  }

  final void give(Input input) {
    inbox.add(input);
    work();
  }

  /** A registry whose database cannot even be told its role ends; it is started again. */
  final void takeRole(Command role) {
    submit(
        role,
        answer -> {
          if (!(answer instanceof Answer.Done)) {
            kill();
            simulation.agenda().after(500, () -> simulation.startIfDown(machine.index()));
          }
        });
  }

  /** Submits a command of this registry's own. */
  final void submit(Command command) {
    submit(command, answer -> {});
  }

  final void submit(Command command, Consumer<Answer> then) {
    give(new Input.Submit(request(then), command));
  }

  final RequestId request(Consumer<Answer> then) {
    long number = simulation.nextRequest();
    callers.put(number, then);
    return new RequestId(number);
  }

  final void call(
      int target,
      long wanted,
      Request request,
      long timeoutMillis,
      Consumer<Optional<Answer>> then) {
    simulation.calls().call(this, target, wanted, request, timeoutMillis, then);
  }

  private void scheduleTick(long delayMillis) {
    simulation
        .agenda()
        .after(
            delayMillis,
            () -> {
              if (alive) {
                give(new Input.Tick());
                scheduleTick(TICK_MILLIS);
              }
            });
  }

  private void work() {
    if (stepping) {
      return;
    }
    stepping = true;
    while (alive && !inbox.isEmpty() && !(persisting && simulation.inputsWaitForTheDisk())) {
      step(inbox.remove());
    }
    stepping = false;
  }

  private void step(Input input) {
    List<Output> outputs = core.step(simulation.agenda().nowMillis(), input);
    simulation.trace(() -> this + " " + input + " -> " + outputs);
    for (int i = 0; i < outputs.size() - 1; i++) {
      Violation.unless(
          !(outputs.get(i) instanceof Output.Persist), "a Persist is not the last of %s", outputs);
    }
    inspect(outputs);
    outputs.forEach(output -> output.perform(this));
  }

  @Override
  public final void persist(List<RowChange> rows) {
    Violation.unless(!persisting, "%s persists while a Persist is outstanding", this);
    persisting = true;
    beforeSync(rows);
    int limit = simulation.random().nextInt(50) == 0 ? LONG_SYNC_MILLIS : USUAL_SYNC_MILLIS;
    long first =
        machine.disk().stalledMillis(simulation.agenda().nowMillis())
            + simulation.random().nextInt(limit);
    long second = simulation.random().nextInt(limit);
    if (machine.disk().isFailing()) {
      simulation.agenda().after(first, () -> endPersist(new Input.PersistFailed("disk full")));
      return;
    }
    simulation
        .agenda()
        .after(
            first,
            () -> {
              if (alive) {
                machine.disk().sync(rows);
                durable(rows);
                machine.synced();
                simulation.agenda().after(second, () -> endPersist(new Input.Persisted()));
              }
            });
  }

  /** Remembers what the checks need to know when these rows are durable. */
  void beforeSync(List<RowChange> rows) {}

  private void endPersist(Input end) {
    if (alive) {
      persisting = false;
      inbox.addFirst(end);
      work();
    }
  }

  @Override
  public void publish(RegistryTables tables, List<RegistryEvent> events) {
    Violation.unless(
        tables.sameReplicatedContent(machine.disk().load())
            && tables.epoch().equals(machine.disk().load().epoch()),
        "%s publishes what is not on its disk",
        this);
    Violation.unless(core.tables() == tables, "%s publishes other tables than its own", this);
    published = tables;
  }

  @Override
  public final void reply(RequestId request, Answer answer) {
    Consumer<Answer> caller = callers.remove(request.value());
    Violation.unless(caller != null, "%s answers request %s twice", this, request);
    if (caller != null) {
      caller.accept(answer);
    }
  }

  @Override
  public final void report(Output.Severity severity, String message) {
    simulation.reported(this, severity, message);
  }

  @Override
  public void ping(SessionId session) {
    throw wrongRole();
  }

  @Override
  public void push(SessionId session, PushedUpdate update) {
    throw wrongRole();
  }

  @Override
  public void replicaUp(SessionId session, ReplicaInfo info) {
    throw wrongRole();
  }

  @Override
  public void replicaDown(SessionId session, ReplicaInfo info, List<ObjectId> wellKnown) {
    throw wrongRole();
  }

  @Override
  public void connect(long attempt) {
    throw wrongRole();
  }

  @Override
  public void keepAlive(long attempt) {
    throw wrongRole();
  }

  @Override
  public void acknowledge(long attempt, Topic topic, int serial, String failure) {
    throw wrongRole();
  }

  @Override
  public void disconnect(long attempt) {
    throw wrongRole();
  }

  @Override
  public void masterUp(long attempt) {
    throw wrongRole();
  }

  @Override
  public void masterDown() {
    throw wrongRole();
  }

  private IllegalStateException wrongRole() {
    return new IllegalStateException(this + " is not in this role");
  }

  @Override
  public String toString() {
    return machine.name() + (machine.isMaster() ? "*" : "") + "." + incarnation;
  }
}
