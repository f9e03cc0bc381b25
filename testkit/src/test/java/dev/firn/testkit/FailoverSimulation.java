package dev.firn.testkit;

import dev.firn.failover.LeaseAnswer;
import dev.firn.failover.LeaseConfig;
import dev.firn.failover.LeaseInput;
import dev.firn.failover.LeaseOutput;
import dev.firn.failover.RoleInput;
import dev.firn.failover.RoleLeases;
import dev.firn.failover.RoleRequestId;
import dev.firn.failover.RoleState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A group of instances, a replicator of their state, and a registry or an operator who says which
 * of them is active; on a network that loses, delays and splits, in processes that are stopped and
 * die, with clocks of different rates. All is decided by the seed.
 *
 * <p>After every event: at most one instance may answer clients (with leases); an epoch has one
 * publisher; who becomes active has every increment that was ever acknowledged; who follows applies
 * every update once and in order; and no state of a role lasts longer than its time-out.
 */
final class FailoverSimulation {
  static final long STATE_LIMIT_MILLIS = 45_000;

  final Random random;
  final boolean managed;
  final Agenda agenda = new Agenda();
  final List<FailoverInstance> instances = new ArrayList<>();
  final FailoverReplicator replicator;
  final List<String> trace = new ArrayList<>();
  private final SortedMap<RoleRequestId, Consumer<LeaseAnswer>> asked = new TreeMap<>();
  private RoleLeases leases = new RoleLeases(LeaseConfig.defaults());
  private boolean registryUp;
  private long registryLife;
  private long requests;
  double loss;

  /** The most that a client was told of in each epoch, and what each epoch began with. */
  private final SortedMap<Long, Long> promises = new TreeMap<>();

  private final SortedMap<Long, Long> beginnings = new TreeMap<>();
  private String lastActive = "";
  int failovers;
  int increments;

  FailoverSimulation(long seed, boolean managed, boolean standbyAck, int count) {
    random = new Random(seed);
    this.managed = managed;
    replicator = new FailoverReplicator(this, standbyAck);
    startRegistry();
    for (int i = 0; i < count; i++) {
      FailoverInstance instance = new FailoverInstance(this, "R" + i, rate());
      instances.add(instance);
      instance.start();
    }
    agenda.after(0, this::client);
  }

  private double rate() {
    return 1.0 + random.nextInt(1_001) / 10_000.0;
  }

  // The network.

  boolean loses() {
    return random.nextDouble() < loss;
  }

  long delay() {
    return loss > 0 && random.nextInt(50) == 0 ? random.nextInt(1_500) : 1 + random.nextInt(3);
  }

  // The registry.

  void startRegistry() {
    registryUp = true;
    registryLife++;
    leases = new RoleLeases(LeaseConfig.defaults());
    asked.clear();
    stepRegistry(new LeaseInput.BecameMaster());
  }

  void killRegistry() {
    registryUp = false;
    registryLife++;
  }

  boolean registryUp() {
    return registryUp;
  }

  RoleRequestId ask(Consumer<LeaseAnswer> then) {
    RoleRequestId id = new RoleRequestId(++requests);
    asked.put(id, then);
    return id;
  }

  void stepRegistry(LeaseInput input) {
    for (LeaseOutput output : leases.step(agenda.nowMillis(), input)) {
      if (output instanceof LeaseOutput.Answer answer) {
        Consumer<LeaseAnswer> then = asked.remove(answer.request());
        if (then != null) {
          then.accept(answer.answer());
        }
      } else if (output instanceof LeaseOutput.Report report) {
        say(report.text());
      }
    }
    long life = registryLife;
    leases
        .wakeAtMillis()
        .ifPresent(
            due ->
                agenda.after(
                    due - agenda.nowMillis(),
                    () -> {
                      if (life == registryLife && leases.wakeAtMillis().orElse(0) == due) {
                        stepRegistry(new LeaseInput.Tick());
                      }
                    }));
  }

  // Clients and operators.

  /** Somebody increments, wherever it is answered. */
  private void client() {
    for (FailoverInstance instance : instances) {
      instance.increment();
    }
    agenda.after(20 + random.nextInt(60), this::client);
  }

  /** The role goes to another, in order or because the active one is gone. */
  void failOver() {
    FailoverInstance next = instances.get(random.nextInt(instances.size()));
    if (managed) {
      stepRegistry(
          new LeaseInput.Transfer(ask(answer -> {}), "g", next.name, random.nextInt(4) == 0));
      return;
    }
    for (FailoverInstance instance : instances) {
      if (instance != next && random.nextBoolean()) {
        instance.tell(new RoleInput.Standby(new RoleRequestId(++requests)));
      }
    }
    next.tell(new RoleInput.Promote(new RoleRequestId(++requests), 0, false));
  }

  // What must hold.

  void say(String text) {
    if (trace.size() > 400) {
      trace.subList(0, 200).clear();
    }
    trace.add(agenda.nowMillis() + " " + text);
  }

  AssertionError violation(String text) {
    return new AssertionError(
        text
            + " at "
            + agenda.nowMillis()
            + ":\n"
            + String.join("\n", trace.subList(Math.max(0, trace.size() - 40), trace.size())));
  }

  /** An instance begins to serve with this. */
  void begins(FailoverInstance instance, long epoch, long counter) {
    // Later epochs do not matter: who begins after they did is refused.
    long promised = promises.headMap(epoch).values().stream().mapToLong(all -> all).max().orElse(0);
    if (counter < promised) {
      throw violation(
          instance.name + " begins with " + counter + ", but " + promised + " was promised");
    }
    beginnings.put(epoch, counter);
    if (!lastActive.equals(instance.name)) {
      failovers += lastActive.isEmpty() ? 0 : 1;
      lastActive = instance.name;
    }
  }

  /** A client is told. */
  void promised(FailoverInstance instance, long epoch, long counter) {
    increments++;
    promises.merge(epoch, counter, Math::max);
    beginnings
        .tailMap(epoch + 1)
        .forEach(
            (later, with) -> {
              if (with < counter) {
                throw violation(
                    instance.name + " promised " + counter + ", epoch " + later + " has " + with);
              }
            });
  }

  private void check() {
    int serving = 0;
    for (FailoverInstance instance : instances) {
      serving += instance.maySend() ? 1 : 0;
      if (instance.isStuck()) {
        throw violation(instance.name + " stays in " + instance.state());
      }
    }
    if (managed && serving > 1) {
      throw violation("two may answer");
    }
  }

  void run(long millis) {
    long until = agenda.nowMillis() + millis;
    while (agenda.runNext(until)) {
      check();
    }
    check();
  }

  List<FailoverInstance> active() {
    return instances.stream().filter(FailoverInstance::maySend).toList();
  }

  /** Everything runs again, and all are told who is active. */
  void heal() {
    loss = 0;
    if (!registryUp) {
      startRegistry();
    }
    replicator.start();
    for (FailoverInstance instance : instances) {
      instance.heal();
      if (instance.state() == RoleState.FAILED) {
        instance.kill();
        instance.start();
      }
    }
    for (int i = 0; i < 120 && !settled(); i++) {
      run(500);
      if (!managed && i % 20 == 19) {
        instances.get(0).tell(new RoleInput.Promote(new RoleRequestId(++requests), 0, false));
      }
    }
    if (!settled()) {
      throw violation("not one active after all is well: " + active().size());
    }
  }

  private boolean settled() {
    return active().size() == 1
        && instances.stream().allMatch(one -> one.maySend() || one.state() == RoleState.STANDBY);
  }
}
