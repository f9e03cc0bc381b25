package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One instance and a host that does nothing by itself: outputs are written down, and what they ask
 * for is answered by the test. Checks after every step what must hold always.
 */
final class RoleWorld implements RoleHost {
  final RoleMachine machine;
  long now = 1_000_000;

  /** What was done since the last look, in words. */
  final List<String> done = new ArrayList<>();

  final SortedMap<RoleRequestId, RoleAnswer> answers = new TreeMap<>();
  final List<Asked> asked = new ArrayList<>();
  private final RoleConfig config;
  private long lastRequest;
  private long lastEpoch;
  private boolean adapterOpen;
  private boolean prepared;
  private boolean listening;
  private boolean publishing;
  private boolean ended;

  /** Something that waits for an answer. */
  record Asked(String what, long run, long epoch) {}

  RoleWorld(RoleConfig config) {
    this.config = config;
    machine = new RoleMachine(config, now);
  }

  /** A member that stands by, with everything up to 10. */
  static RoleWorld standby(RoleConfig config) {
    RoleWorld world = new RoleWorld(config);
    world.step(new RoleInput.Start());
    world.step(new RoleInput.BackplaneRegistered());
    if (config.replicated()) {
      world.step(new RoleInput.ReplicatorFound());
      world.step(new RoleInput.ConfigurationRegistered());
      world.step(new RoleInput.Synchronized(10));
    }
    assertThat(world.state()).isEqualTo(RoleState.STANDBY);
    world.look();
    return world;
  }

  /** An active one with epoch 5; all of its requests are answered. */
  static RoleWorld active(RoleConfig config) {
    RoleWorld world = standby(config);
    if (config.managed()) {
      world.step(new RoleInput.LeaseGranted(5, world.now + 1_000));
    } else {
      world.promote(5, false);
    }
    world.claimed(5, config.replicated() ? 10 : -1);
    world.finishActivation();
    if (config.fencing() == Fencing.LEASE && !config.managed()) {
      world.step(new RoleInput.Claimed(world.run("confirm"), 5, 10));
    }
    assertThat(world.state()).isEqualTo(RoleState.ACTIVE);
    world.look();
    return world;
  }

  void finishActivation() {
    step(new RoleInput.HookDone(run("hook")));
    step(new RoleInput.AdapterOpened(run("open")));
    step(new RoleInput.Registered(run("register")));
  }

  void finishDeactivation() {
    step(new RoleInput.Drained(run("hold")));
    step(new RoleInput.Flushed(run("flush"), 20));
    step(new RoleInput.Unregistered(run("unregister")));
    step(new RoleInput.AdapterClosed(run("close")));
    step(new RoleInput.HookDone(run("hook")));
  }

  RoleRequestId request() {
    return new RoleRequestId(++lastRequest);
  }

  RoleRequestId activate() {
    RoleRequestId id = request();
    step(new RoleInput.Activate(id));
    return id;
  }

  RoleRequestId promote(long epoch, boolean acceptDataLoss) {
    RoleRequestId id = request();
    step(new RoleInput.Promote(id, epoch, acceptDataLoss));
    return id;
  }

  RoleRequestId askStandby() {
    RoleRequestId id = request();
    step(new RoleInput.Standby(id));
    return id;
  }

  RoleRequestId demote(long epoch) {
    RoleRequestId id = request();
    step(new RoleInput.Demote(id, epoch));
    return id;
  }

  void claimed(long epoch, long headSeq) {
    step(new RoleInput.Claimed(run("claim"), epoch, headSeq));
  }

  RoleState state() {
    return machine.view().state();
  }

  Optional<RoleAnswer> answer(RoleRequestId id) {
    return Optional.ofNullable(answers.get(id));
  }

  /** The newest run of this kind; it is not open any more. */
  long run(String what) {
    for (int i = asked.size() - 1; i >= 0; i--) {
      if (asked.get(i).what.equals(what)) {
        return asked.remove(i).run;
      }
    }
    throw new AssertionError("nobody asked for " + what + ", but for " + asked);
  }

  /** What was done, and forgets it. */
  List<String> look() {
    List<String> all = List.copyOf(done);
    done.clear();
    return all;
  }

  void step(RoleInput input) {
    machine.step(now, input).forEach(output -> output.perform(this));
    check();
  }

  /** Lets time pass, with every tick that is due on the way. */
  void pass(long millis) {
    long until = now + millis;
    int ticks = 0;
    while (machine.wakeAtMillis().isPresent() && machine.wakeAtMillis().getAsLong() <= until) {
      now = Math.max(now, machine.wakeAtMillis().getAsLong());
      long due = machine.wakeAtMillis().getAsLong();
      step(new RoleInput.Tick());
      assertThat(machine.wakeAtMillis().orElse(Long.MAX_VALUE))
          .as("time goes on")
          .isGreaterThan(due);
      assertThat(++ticks).as("ticks in %d ms", millis).isLessThan(200 + (int) (millis / 20));
    }
    now = until;
  }

  /** The process does not run for this long. */
  void sleep(long millis) {
    now += millis;
  }

  private void check() {
    RoleView view = machine.view();
    assertThat(view.epoch()).as("the epoch does not go back").isGreaterThanOrEqualTo(lastEpoch);
    lastEpoch = view.epoch();
    if (view.isActive()) {
      assertThat(view.epoch()).as("an active one has an epoch").isPositive();
      assertThat(prepared && adapterOpen && publishing && !listening).as("ready to serve").isTrue();
    }
    if (view.state().isStandingBy() || view.state() == RoleState.FAILED) {
      assertThat(adapterOpen || publishing).as("nothing of an active one is left").isFalse();
    }
    if (view.state().isStandingBy()) {
      assertThat(prepared).as("the component knows that it stands by").isFalse();
    }
    if (view.maySend(now)) {
      assertThat(adapterOpen).isTrue();
    }
  }

  private void ask(String what, long run, long epoch) {
    asked.add(new Asked(what, run, epoch));
  }

  @Override
  public void registerBackplane() {
    done.add("register backplane");
  }

  @Override
  public void findReplicator() {
    done.add("find replicator");
  }

  @Override
  public void registerConfiguration() {
    done.add("register configuration");
  }

  @Override
  public void listen(boolean replaceAll) {
    assertThat(adapterOpen).as("an active one does not listen").isFalse();
    listening = true;
    done.add("listen" + (replaceAll ? " all" : ""));
  }

  @Override
  public void stopListening() {
    listening = false;
    done.add("stop listening");
  }

  @Override
  public void claim(long run, long epoch) {
    ask("claim", run, epoch);
    done.add("claim " + epoch);
  }

  @Override
  public void confirm(long run, long epoch) {
    ask("confirm", run, epoch);
    done.add("confirm " + epoch);
  }

  @Override
  public void callHook(long run, RoleHook hook, long epoch) {
    assertThat(listening).as("no updates while the role changes").isFalse();
    prepared = hook == RoleHook.ACTIVATE;
    ask("hook", run, epoch);
    done.add(hook + " " + epoch);
  }

  @Override
  public void openAdapter(long run) {
    assertThat(prepared).isTrue();
    adapterOpen = true;
    ask("open", run, 0);
    done.add("open");
  }

  @Override
  public void holdAdapter(long run) {
    ask("hold", run, 0);
    done.add("hold");
  }

  @Override
  public void closeAdapter(long run, boolean abrupt) {
    adapterOpen = false;
    ask("close", run, 0);
    done.add("close" + (abrupt ? " at once" : ""));
  }

  @Override
  public void register(long run, long epoch) {
    assertThat(epoch).isEqualTo(machine.view().epoch()).isPositive();
    ask("register", run, epoch);
    done.add("register " + epoch);
  }

  @Override
  public void unregister(long run) {
    ask("unregister", run, 0);
    done.add("unregister");
  }

  @Override
  public void startPublishing(long epoch, boolean wholeState) {
    publishing = true;
    done.add("publish " + epoch + (wholeState ? " all" : ""));
  }

  @Override
  public void flush(long run, long limitMillis) {
    assertThat(publishing).isTrue();
    ask("flush", run, 0);
    done.add("flush");
  }

  @Override
  public void stopPublishing() {
    publishing = false;
    done.add("stop publishing");
  }

  @Override
  public void releaseLease(long epoch, boolean leave) {
    assertThat(config.managed()).isTrue();
    done.add("release " + epoch + (leave ? " and leave" : ""));
  }

  @Override
  public void notifyListeners(boolean active) {
    done.add(active ? "activated" : "on standby");
  }

  @Override
  public void reply(RoleRequestId request, RoleAnswer answer) {
    assertThat(request.number()).isLessThanOrEqualTo(lastRequest);
    assertThat(answers.put(request, answer)).as("answered once").isNull();
    done.add("answer " + request.number() + " " + answer.getClass().getSimpleName());
  }

  @Override
  public void stateChanged(RoleState from, RoleState to, String reason) {
    assertThat(reason).isNotEmpty();
    done.add(to.toString());
  }

  @Override
  public void report(RoleOutput.Severity severity, String text) {
    assertThat(text).startsWith("role: ");
  }

  @Override
  public void end() {
    assertThat(ended).isFalse();
    assertThat(adapterOpen || publishing || listening).as("left behind").isFalse();
    ended = true;
    done.add("end");
  }
}
