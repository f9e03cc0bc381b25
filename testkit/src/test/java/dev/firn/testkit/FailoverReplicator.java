package dev.firn.testkit;

import dev.firn.failover.AckLevel;
import dev.firn.failover.RoleOutput;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateStream;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamConfig;
import dev.firn.failover.StreamFollower;
import dev.firn.failover.StreamInput;
import dev.firn.failover.StreamOutput;
import dev.firn.failover.StreamOutput.Delivery;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamTables;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The replicator: what it stores survives its process. Its decisions and its stream are real. */
final class FailoverReplicator implements StreamOutput.StreamHost {
  private static final String STREAM = "s";

  /** Everything that was ever applied, for followers to be measured with. */
  final SortedMap<Long, SortedMap<String, StateItem>> history = new TreeMap<>();

  private final FailoverSimulation world;
  private final StreamConfig config;
  private final SortedMap<Long, String> publishers = new TreeMap<>();
  private final SortedMap<Long, Consumer<Long>> awaited = new TreeMap<>();
  private final SortedMap<Long, Listener> listeners = new TreeMap<>();
  private StreamTables tables = StreamTables.EMPTY;
  private StateStream stream;
  private boolean up = true;
  private long life;
  private long ids;

  FailoverReplicator(FailoverSimulation world, boolean standbyAck) {
    this.world = world;
    config = StreamConfig.of(standbyAck ? AckLevel.STANDBY : AckLevel.QUORUM);
    stream = new StateStream(config, state());
    tick(life);
  }

  StreamState state() {
    return tables.stream(STREAM);
  }

  boolean isUp() {
    return up;
  }

  long life() {
    return life;
  }

  void kill() {
    up = false;
    life++;
    awaited.clear();
    listeners.clear();
  }

  void start() {
    if (!up) {
      up = true;
      life++;
      stream = new StateStream(config, state());
      tick(life);
    }
  }

  private void tick(long itsLife) {
    world.agenda.after(
        100,
        () -> {
          if (itsLife == life) {
            step(new StreamInput.Tick());
            tick(itsLife);
          }
        });
  }

  void step(StreamInput input) {
    stream.step(world.agenda.nowMillis(), input).forEach(output -> output.perform(this));
  }

  /** Decides and stores, as if on a majority of disks at once. */
  StreamCommand.Result submit(FailoverInstance from, StreamCommand command) {
    StreamCommand.Result result = tables.apply(command);
    if (result instanceof StreamCommand.Applied applied && !applied.changes().isEmpty()) {
      tables = tables.with(applied.changes());
      if (command instanceof StreamCommand.Claim claim) {
        step(new StreamInput.Claimed(applied.epoch(), claim.instance(), state().whole()));
      } else if (command instanceof StreamCommand.Publish publish) {
        published(from, applied.epoch(), applied.seq());
        step(
            new StreamInput.Published(
                new StateUpdate(applied.epoch(), applied.seq(), publish.set(), publish.removed())));
      } else if (command instanceof StreamCommand.Replace replace) {
        published(from, applied.epoch(), applied.seq());
        step(
            new StreamInput.Replaced(
                applied.epoch(), applied.seq(), replace.first(), replace.last(), replace.set()));
      }
    }
    return result;
  }

  private void published(FailoverInstance from, long epoch, long seq) {
    String other = publishers.putIfAbsent(epoch, from.name);
    if (other != null && !other.equals(from.name)) {
      throw world.violation("epoch " + epoch + " is published by " + other + " and " + from.name);
    }
    history.put(seq, new TreeMap<>(state().items()));
    if (history.size() > 2_000) {
      history.remove(history.firstKey());
    }
  }

  void await(long seq, Consumer<Long> then) {
    long id = ++ids;
    awaited.put(id, then);
    step(new StreamInput.Await(id, seq));
  }

  private record Listener(FailoverInstance instance, StreamFollower follower) {}

  void listen(FailoverInstance instance, StreamFollower follower, long haveEpoch, long haveSeq) {
    long id = ++ids;
    listeners.put(id, new Listener(instance, follower));
    step(new StreamInput.AddListener(instance.name, id, instance.name, haveEpoch, haveSeq));
  }

  @Override
  public void reply(long request, long seq) {
    Consumer<Long> then = awaited.remove(request);
    if (then != null) {
      then.accept(seq);
    }
  }

  @Override
  public void deliver(long listener, Delivery delivery) {
    Listener to = listeners.get(listener);
    long itsLife = life;
    boolean lost = to == null || to.instance.isCut() || world.loses();
    boolean answerLost = world.loses();
    world.agenda.after(
        world.delay(),
        () -> {
          // Who is stopped, or follows no more, does not answer.
          if (lost || to == null || !to.instance.take(to.follower, delivery)) {
            world.agenda.after(50, () -> delivered(itsLife, listener, false));
          } else {
            world.agenda.after(world.delay(), () -> delivered(itsLife, listener, !answerLost));
          }
        });
  }

  private void delivered(long itsLife, long listener, boolean well) {
    if (itsLife == life) {
      step(
          well
              ? new StreamInput.Delivered(listener)
              : new StreamInput.DeliveryFailed(listener, false, "lost"));
    }
  }

  @Override
  public void drop(long listener) {
    listeners.remove(listener);
  }

  @Override
  public void report(RoleOutput.Severity severity, String text) {
    world.say(text);
  }
}
