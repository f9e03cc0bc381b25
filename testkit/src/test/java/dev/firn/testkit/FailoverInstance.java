package dev.firn.testkit;

import dev.firn.failover.Bytes;
import dev.firn.failover.CampaignConfig;
import dev.firn.failover.CampaignInput;
import dev.firn.failover.CampaignOutput;
import dev.firn.failover.Candidacy;
import dev.firn.failover.FollowerConfig;
import dev.firn.failover.FollowerInput;
import dev.firn.failover.FollowerOutput;
import dev.firn.failover.LeaseAnswer;
import dev.firn.failover.LeaseCampaign;
import dev.firn.failover.LeaseInput;
import dev.firn.failover.RoleAnswer;
import dev.firn.failover.RoleConfig;
import dev.firn.failover.RoleHook;
import dev.firn.failover.RoleHost;
import dev.firn.failover.RoleInput;
import dev.firn.failover.RoleMachine;
import dev.firn.failover.RoleOutput;
import dev.firn.failover.RoleRequestId;
import dev.firn.failover.RoleState;
import dev.firn.failover.RoleView;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamFollower;
import dev.firn.failover.StreamInput;
import dev.firn.failover.StreamOutput.Delivery;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamWriter;
import dev.firn.failover.WriterConfig;
import dev.firn.failover.WriterInput;
import dev.firn.failover.WriterOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A process with one instance of a counter: its machine, its campaign, its side of the stream. */
final class FailoverInstance implements RoleHost, CampaignOutput.Host, FollowerOutput.FollowerHost {
  private static final String KEY = "n";

  final String name;
  private final FailoverSimulation world;
  private final double rate;
  private final List<RoleInput> given = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private final SortedMap<Long, Long> flushes = new TreeMap<>();
  private RoleMachine machine = new RoleMachine(RoleConfig.member(), 0);
  private LeaseCampaign campaign;
  private @Nullable StreamFollower follower;
  private @Nullable StreamWriter writer;
  private @Nullable WriterCalls calls;

  /** What the component has, and up to where. */
  private NavigableMap<String, StateItem> state = new TreeMap<>();

  private long stateSeq = -1;
  private long claimedHead = -1;
  private boolean found;
  private boolean up;
  private boolean cut;
  private boolean paused;
  private long life;
  private long stateSince;
  private long flushIds;

  FailoverInstance(FailoverSimulation world, String name, double rate) {
    this.world = world;
    this.name = name;
    this.rate = rate;
    campaign = new LeaseCampaign(CampaignConfig.defaults(), name, 1, 0);
  }

  // The process.

  void start() {
    up = true;
    life++;
    found = false;
    follower = null;
    writer = null;
    state = new TreeMap<>();
    stateSeq = -1;
    flushes.clear();
    machine = new RoleMachine(RoleConfig.member().withManaged(world.managed), now());
    campaign = new LeaseCampaign(CampaignConfig.defaults(), name, 1, now());
    stateSince = world.agenda.nowMillis();
    step(new RoleInput.Start());
    own(world.delay(), () -> step(new RoleInput.BackplaneRegistered()));
    ticks();
  }

  void kill() {
    up = false;
    life++;
    paused = false;
    held.clear();
  }

  boolean isUp() {
    return up;
  }

  void cut(boolean isCut) {
    cut = isCut;
  }

  boolean isCut() {
    return cut || !up;
  }

  void pause() {
    paused = up;
  }

  void resume() {
    if (paused) {
      paused = false;
      stateSince = world.agenda.nowMillis();
      List<Runnable> now = List.copyOf(held);
      held.clear();
      now.forEach(Runnable::run);
    }
  }

  void heal() {
    cut = false;
    resume();
    if (!up) {
      start();
    }
  }

  private long now() {
    return (long) (world.agenda.nowMillis() * rate);
  }

  RoleState state() {
    return machine.view().state();
  }

  boolean maySend() {
    return up && machine.view().maySend(now());
  }

  boolean isStuck() {
    boolean onTheWay = state() == RoleState.ACTIVATING || state() == RoleState.DEACTIVATING;
    return up
        && !paused
        && onTheWay
        && world.agenda.nowMillis() > stateSince + FailoverSimulation.STATE_LIMIT_MILLIS;
  }

  private void own(long delay, Runnable action) {
    long itsLife = life;
    world.agenda.after(delay, () -> run(itsLife, action));
  }

  private void run(long itsLife, Runnable action) {
    if (itsLife == life && paused) {
      held.add(() -> run(itsLife, action));
    } else if (itsLife == life) {
      action.run();
    }
  }

  /** One tick for all cores, as often as the finest of them may need it. */
  private void ticks() {
    if (machine.wakeAtMillis().orElse(Long.MAX_VALUE) <= now()) {
      step(new RoleInput.Tick());
    }
    if (world.managed && campaign.wakeAtMillis().orElse(Long.MAX_VALUE) <= now()) {
      stepCampaign(new CampaignInput.Tick());
    }
    StreamFollower following = follower;
    if (following != null && following.wakeAtMillis() <= now()) {
      step(new FollowerInput.Tick());
    }
    StreamWriter writing = writer;
    if (writing != null && writing.wakeAtMillis() <= now()) {
      step(new WriterInput.Tick());
    }
    own(5, this::ticks);
  }

  /** From an operator, who reaches it if it runs. */
  void tell(RoleInput input) {
    if (up && !cut) {
      own(world.delay(), () -> step(input));
    }
  }

  void increment() {
    StreamWriter writing = writer;
    if (!paused && writing != null && maySend() && flushes.size() < 20) {
      long counter = counter() + 1;
      StateItem item = new StateItem(KEY, "long", counter, Bytes.of(new byte[8]));
      state.put(KEY, item);
      flushes.put(++flushIds, counter);
      long flush = flushIds;
      step(new WriterInput.Change(List.of(item), List.of()));
      step(new WriterInput.Flush(flush));
    }
  }

  private long counter() {
    StateItem item = state.get(KEY);
    return item == null ? 0 : item.version();
  }

  // The cores.

  private void step(RoleInput input) {
    RoleView before = machine.view();
    machine.step(now(), input).forEach(output -> output.perform(this));
    RoleView after = machine.view();
    if (before.state() != after.state() || before.ready() != after.ready()) {
      if (world.managed) {
        stepCampaign(new CampaignInput.Changed());
      }
    }
  }

  private void stepCampaign(CampaignInput input) {
    campaign.step(now(), input).forEach(output -> output.perform(this));
    while (!given.isEmpty()) {
      step(given.remove(0));
    }
  }

  private void step(FollowerInput input) {
    StreamFollower following = follower;
    if (following == null) {
      return;
    }
    following.step(now(), input).forEach(output -> output.perform(this));
  }

  private void step(WriterInput input) {
    StreamWriter writing = writer;
    WriterCalls host = calls;
    if (writing != null && host != null) {
      writing.step(now(), input).forEach(output -> output.perform(host));
    }
  }

  /** Asks the replicator; there is no answer if it, or the question, is lost. */
  private <T> void replicator(Supplier<T> question, Consumer<Optional<T>> then) {
    long replicatorLife = world.replicator.life();
    long itsLife = life;
    boolean lost = cut || world.loses() || !world.replicator.isUp();
    world.agenda.after(
        world.delay(),
        () -> {
          boolean reached = !lost && replicatorLife == world.replicator.life();
          Optional<T> answer = reached ? Optional.of(question.get()) : Optional.empty();
          boolean answerLost = answer.isEmpty() || cut || world.loses();
          world.agenda.after(
              answerLost ? 60 : world.delay(),
              () -> run(itsLife, () -> then.accept(answerLost ? Optional.empty() : answer)));
        });
  }

  // The role's host.

  @Override
  public void registerBackplane() {}

  @Override
  public void findReplicator() {
    replicator(
        () -> true,
        there -> {
          if (there.isEmpty()) {
            own(300, this::findReplicator);
          } else {
            heard();
          }
        });
  }

  @Override
  public void registerConfiguration() {
    own(world.delay(), () -> step(new RoleInput.ConfigurationRegistered()));
  }

  @Override
  public void listen(boolean replaceAll) {
    if (follower == null || replaceAll) {
      follower = new StreamFollower(FollowerConfig.DEFAULTS);
      stateSeq = -1;
      step(new FollowerInput.Start());
    }
  }

  @Override
  public void stopListening() {
    follower = null;
  }

  @Override
  public void claim(long run, long epoch) {
    long known = machine.view().knownEpoch();
    replicator(
        () -> {
          long wanted = epoch == 0 ? Math.max(known, world.replicator.state().epoch()) + 1 : epoch;
          return submit(new StreamCommand.Claim("s", name, wanted, 0, true));
        },
        answer -> {
          if (answer.isEmpty()) {
            step(new RoleInput.ClaimFailed(run, "lost"));
          } else if (answer.get().result instanceof StreamCommand.Applied applied) {
            claimedHead = answer.get().headSeq;
            step(new RoleInput.Claimed(run, applied.epoch(), claimedHead));
          } else {
            step(new RoleInput.ClaimRefused(run, answer.get().epoch));
          }
        });
  }

  private Answer submit(StreamCommand command) {
    StreamCommand.Result result = world.replicator.submit(this, command);
    StreamState now = world.replicator.state();
    return new Answer(result, now.epoch(), now.seq());
  }

  @Override
  public void confirm(long run, long epoch) {
    replicator(
        world.replicator::state,
        now -> {
          if (now.isEmpty()) {
            step(new RoleInput.ClaimFailed(run, "lost"));
          } else if (now.get().epoch() == epoch && now.get().writer().equals(name)) {
            step(new RoleInput.Claimed(run, epoch, now.get().seq()));
          } else {
            step(new RoleInput.ClaimRefused(run, now.get().epoch()));
          }
        });
  }

  @Override
  public void callHook(long run, RoleHook hook, long epoch) {
    if (hook == RoleHook.ACTIVATE) {
      world.begins(this, epoch, counter());
    }
    own(
        world.random.nextInt(20),
        () ->
            step(
                world.loss > 0 && world.random.nextInt(40) == 0
                    ? new RoleInput.HookFailed(run, "thrown")
                    : new RoleInput.HookDone(run)));
  }

  @Override
  public void openAdapter(long run) {
    own(world.random.nextInt(10), () -> step(new RoleInput.AdapterOpened(run)));
  }

  @Override
  public void holdAdapter(long run) {
    own(world.random.nextInt(10), () -> step(new RoleInput.Drained(run)));
  }

  @Override
  public void closeAdapter(long run, boolean abrupt) {
    own(world.random.nextInt(10), () -> step(new RoleInput.AdapterClosed(run)));
  }

  @Override
  public void register(long run, long epoch) {
    own(world.random.nextInt(10), () -> step(new RoleInput.Registered(run)));
  }

  @Override
  public void unregister(long run) {
    own(world.random.nextInt(10), () -> step(new RoleInput.Unregistered(run)));
  }

  @Override
  public void startPublishing(long epoch, boolean wholeState) {
    flushes.clear();
    StreamWriter created =
        new StreamWriter(
            WriterConfig.DEFAULTS, epoch, claimedHead, state, wholeState ? -1 : stateSeq);
    writer = created;
    calls = new WriterCalls(created, epoch);
    step(new WriterInput.Start());
  }

  @Override
  public void flush(long run, long limitMillis) {
    flushes.put(++flushIds, -run);
    long flush = flushIds;
    own(limitMillis, () -> step(new RoleInput.FlushFailed(run, "too late")));
    step(new WriterInput.Flush(flush));
  }

  @Override
  public void stopPublishing() {
    writer = null;
    flushes.clear();
  }

  @Override
  public void releaseLease(long epoch, boolean leave) {
    own(0, () -> stepCampaign(new CampaignInput.Release(epoch, leave)));
  }

  @Override
  public void notifyListeners(boolean active) {}

  @Override
  public void reply(RoleRequestId request, RoleAnswer answer) {}

  @Override
  public void stateChanged(RoleState from, RoleState to, String reason) {
    stateSince = world.agenda.nowMillis();
    world.say(name + " " + to + ": " + reason);
  }

  @Override
  public void report(RoleOutput.Severity severity, String text) {}

  @Override
  public void end() {}

  // The campaign's host.

  @Override
  public void campaign(long run, int registry) {
    RoleView view = machine.view();
    if (!world.registryUp() && !cut) {
      own(world.delay(), () -> stepCampaign(new CampaignInput.NoAuthority(run)));
      return;
    }
    if (cut || world.loses()) {
      return;
    }
    Candidacy says =
        new Candidacy(
            "g",
            name,
            name + life,
            view.state(),
            view.knownEpoch(),
            view.appliedSeq(),
            view.ready(),
            "");
    world.agenda.after(
        world.delay(),
        () -> {
          if (world.registryUp()) {
            world.stepRegistry(
                new LeaseInput.Campaign(world.ask(answer -> campaigned(run, answer)), says));
          }
        });
  }

  private void campaigned(long run, LeaseAnswer answer) {
    if (!cut && !world.loses()) {
      own(
          world.delay(),
          () ->
              stepCampaign(
                  answer instanceof LeaseAnswer.Lease lease
                      ? new CampaignInput.Answered(run, lease)
                      : new CampaignInput.NoAuthority(run)));
    }
  }

  @Override
  public void release(long run, int registry, long epoch, boolean leave) {
    if (cut || world.loses()) {
      return;
    }
    world.agenda.after(
        world.delay(),
        () -> {
          if (world.registryUp()) {
            world.stepRegistry(
                new LeaseInput.Release(
                    world.ask(
                        answer ->
                            own(
                                world.delay(),
                                () -> stepCampaign(new CampaignInput.Released(run)))),
                    "g",
                    name,
                    epoch,
                    leave));
          }
        });
  }

  @Override
  public void give(RoleInput input) {
    given.add(input);
  }

  // The follower's host.

  /** Whether it is taken. */
  boolean take(StreamFollower to, Delivery delivery) {
    if (!up || paused || follower != to) {
      return false;
    }
    if (delivery instanceof Delivery.SnapshotBegin begin) {
      step(new FollowerInput.SnapshotBegin(begin.epoch(), begin.seq()));
    } else if (delivery instanceof Delivery.SnapshotItems part) {
      step(new FollowerInput.SnapshotItems(part.items()));
    } else if (delivery instanceof Delivery.SnapshotEnd end) {
      step(new FollowerInput.SnapshotEnd(end.seq()));
    } else if (delivery instanceof Delivery.Updates updates) {
      step(new FollowerInput.Updates(updates.updates()));
    }
    return true;
  }

  @Override
  public void add(long haveEpoch, long haveSeq) {
    StreamFollower of = follower;
    if (of == null) {
      return;
    }
    replicator(
        () -> {
          world.replicator.listen(this, of, haveEpoch, haveSeq);
          return true;
        },
        there -> {
          if (of == follower) {
            step(there.isEmpty() ? new FollowerInput.AddFailed("lost") : new FollowerInput.Added());
          }
        });
  }

  @Override
  public void applySnapshot(long epoch, long seq, SortedMap<String, StateItem> items) {
    state = new TreeMap<>(items);
    applied(seq);
  }

  @Override
  public void applyUpdate(StateUpdate update) {
    if (update.seq() != stateSeq + 1) {
      throw world.violation(name + " applies " + update.seq() + " after " + stateSeq);
    }
    update.set().forEach(item -> state.put(item.key(), item));
    update.removed().forEach(state::remove);
    applied(update.seq());
  }

  private void applied(long seq) {
    stateSeq = seq;
    SortedMap<String, StateItem> then = world.replicator.history.get(seq);
    if (then != null && !then.equals(state)) {
      throw world.violation(name + " has at " + seq + " " + state + " instead of " + then);
    }
    StreamFollower of = follower;
    own(
        0,
        () -> {
          if (of == follower) {
            step(new FollowerInput.Applied());
          }
        });
  }

  @Override
  public void acknowledge(long seq) {
    replicator(
        () -> {
          world.replicator.step(new StreamInput.Acknowledged(name, seq));
          return true;
        },
        there -> {});
  }

  @Override
  public void heard() {
    if (!found) {
      found = true;
      step(new RoleInput.ReplicatorFound());
    }
  }

  @Override
  public void lost(String reason) {
    found = false;
    step(new RoleInput.ReplicatorLost(reason));
    // Also if nobody listens any more by then.
    findReplicator();
  }

  @Override
  public void progressed() {
    StreamFollower of = follower;
    if (of != null && of.isWhole()) {
      long applied = of.appliedSeq();
      step(new RoleInput.Followed(of.appliedEpoch()));
      step(new RoleInput.Synchronized(applied));
      step(new RoleInput.Progress(applied, of.receivedSeq()));
    }
  }

  @Override
  public void applyFailed(String reason, long againMillis) {
    throw new IllegalStateException("it can apply anything: " + reason);
  }

  private record Answer(StreamCommand.Result result, long epoch, long headSeq) {}

  /** The calls of one writer; what comes back for another is dropped. */
  private final class WriterCalls implements WriterOutput.WriterHost {
    private final StreamWriter of;
    private final long epoch;

    WriterCalls(StreamWriter of, long epoch) {
      this.of = of;
      this.epoch = epoch;
    }

    private void back(WriterInput input) {
      if (writer == of) {
        step(input);
      }
    }

    private void call(long call, StreamCommand command) {
      replicator(
          () -> submit(command),
          answer -> {
            if (answer.isEmpty()) {
              back(new WriterInput.Failed(call, "lost"));
            } else if (answer.get().result instanceof StreamCommand.Applied applied) {
              answered(call, command, applied);
            } else {
              back(refusal(call, (StreamCommand.Rejected) answer.get().result));
            }
          });
    }

    /** The replicator answers when the update is as durable as it promises. */
    private void answered(long call, StreamCommand command, StreamCommand.Applied applied) {
      if (command instanceof StreamCommand.Claim) {
        back(new WriterInput.Answered(call, applied.epoch(), applied.seq()));
        return;
      }
      boolean[] done = {!world.replicator.isUp()};
      if (done[0]) {
        back(new WriterInput.Failed(call, "lost"));
        return;
      }
      world.replicator.await(
          applied.seq(),
          seq ->
              own(
                  world.delay(),
                  () -> {
                    if (!done[0]) {
                      done[0] = true;
                      back(new WriterInput.Answered(call, applied.epoch(), seq));
                    }
                  }));
      own(
          5_000,
          () -> {
            if (!done[0]) {
              done[0] = true;
              back(new WriterInput.Failed(call, "no answer"));
            }
          });
    }

    private WriterInput refusal(long call, StreamCommand.Rejected rejected) {
      if (rejected.reason() instanceof StreamCommand.StaleWriter stale) {
        return new WriterInput.Stale(call, stale.epoch());
      } else if (rejected.reason() instanceof StreamCommand.Forgotten forgotten) {
        return new WriterInput.Stale(call, forgotten.epoch());
      }
      return new WriterInput.Failed(call, "gap");
    }

    @Override
    public void claim(long call, long itsEpoch) {
      call(call, new StreamCommand.Claim("s", name, itsEpoch, 0, true));
    }

    @Override
    public void probe(long call) {
      replicator(
          world.replicator::state,
          now ->
              back(
                  now.isEmpty()
                      ? new WriterInput.Failed(call, "lost")
                      : new WriterInput.Answered(call, now.get().epoch(), now.get().seq())));
    }

    @Override
    public void publish(
        long call, long itsEpoch, long clientSeq, List<StateItem> set, List<String> removed) {
      call(call, new StreamCommand.Publish("s", itsEpoch, clientSeq, set, removed));
    }

    @Override
    public void replace(
        long call,
        long itsEpoch,
        long clientSeq,
        boolean first,
        boolean last,
        List<StateItem> set) {
      call(call, new StreamCommand.Replace("s", itsEpoch, clientSeq, first, last, set));
    }

    /** A promise, unless nothing protects it: that is no promise. */
    @Override
    public void flushed(long request, long seq) {
      Long what = flushes.remove(request);
      if (what == null) {
        return;
      }
      if (what < 0) {
        own(0, () -> FailoverInstance.this.step(new RoleInput.Flushed(-what, seq)));
      } else if (of.isProtected()) {
        world.promised(FailoverInstance.this, epoch, what);
      }
    }

    @Override
    public void flushFailed(long request, long current) {
      Long what = flushes.remove(request);
      if (what != null && what < 0) {
        own(0, () -> FailoverInstance.this.step(new RoleInput.FlushFailed(-what, "stale")));
      }
    }

    @Override
    public void stale(long current) {
      own(0, () -> FailoverInstance.this.step(new RoleInput.StaleWriter(epoch, current)));
    }

    @Override
    public void unprotected(String reason) {
      own(0, () -> FailoverInstance.this.step(new RoleInput.Unprotected(reason)));
    }

    @Override
    public void protectedAgain() {
      own(0, () -> FailoverInstance.this.step(new RoleInput.ProtectedAgain()));
    }
  }
}
