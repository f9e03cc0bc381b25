package dev.firn.failover;

import dev.firn.failover.StreamOutput.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * One writer, one replicator and followers in simulated time, with calls that are late or lost and
 * processes that die. What the replicator decides is told by a second, naive implementation.
 */
final class StreamWorld {
  /** Things that happen at a time. */
  private record Event(long atMillis, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime == 0 ? Long.compare(order, other.order) : byTime;
    }
  }

  final Random random;
  final AckLevel ack;
  final WriterConfig writerConfig;
  final NavigableMap<String, StateItem> model = new TreeMap<>();

  /** What the state was after an update, as far as followers may see it. */
  final NavigableMap<Long, SortedMap<String, StateItem>> history = new TreeMap<>();

  final boolean remember;
  final List<String> reports = new ArrayList<>();
  final List<Long> flushed = new ArrayList<>();
  double lossRate;
  int delayMillisMax = 3;
  long nowMillis = 1_000;
  int unprotectedTimes;

  /** Whole states that were published. */
  int replaced;

  boolean isProtected;
  long staleEpoch;
  final List<Follower> followers = new ArrayList<>();
  @Nullable StreamWriter writer;
  Replicator replicator;
  private int writerRun;
  private long writerWake = Long.MAX_VALUE;
  private long lineFreeMillis;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long eventCount;

  StreamWorld(long seed, AckLevel ack, WriterConfig writerConfig, boolean remember) {
    this.random = new Random(seed);
    this.ack = ack;
    this.writerConfig = writerConfig;
    this.remember = remember;
    this.replicator = new Replicator(0, 0, "", 0, true, new TreeMap<>(), 0, new TreeMap<>());
  }

  void after(long millis, Runnable what) {
    events.add(new Event(nowMillis + millis, eventCount++, what));
  }

  /** Runs what happens until then. */
  void run(long untilMillis) {
    while (true) {
      long next = events.isEmpty() ? Long.MAX_VALUE : events.peek().atMillis();
      next = Math.min(next, Math.min(writerWake, replicator.wakeMillis()));
      for (Follower follower : followers) {
        next = Math.min(next, follower.wakeMillis());
      }
      if (next > untilMillis) {
        nowMillis = untilMillis;
        return;
      }
      nowMillis = Math.max(nowMillis, next);
      if (!events.isEmpty() && events.peek().atMillis() <= nowMillis) {
        events.remove().what().run();
      } else if (writerWake <= nowMillis) {
        write(new WriterInput.Tick());
      } else if (replicator.wakeMillis() <= nowMillis) {
        replicator.step(new StreamInput.Tick());
      } else {
        for (Follower follower : List.copyOf(followers)) {
          if (follower.wakeMillis() <= nowMillis) {
            follower.step(new FollowerInput.Tick());
          }
        }
      }
    }
  }

  boolean loses() {
    return random.nextDouble() < lossRate;
  }

  long delay() {
    return 1L + random.nextInt(delayMillisMax);
  }

  // The writer.

  void startWriter(long epoch, long headSeq, SortedMap<String, StateItem> items, long itemsSeq) {
    writerRun++;
    writer = new StreamWriter(writerConfig, epoch, headSeq, items, itemsSeq);
    model.clear();
    model.putAll(items);
    write(new WriterInput.Start());
  }

  void killWriter() {
    writerRun++;
    writer = null;
    writerWake = Long.MAX_VALUE;
  }

  void set(String key, int value) {
    StateItem item = new StateItem(key, "n", value, Bytes.of(new byte[value & 63]));
    model.put(key, item);
    write(new WriterInput.Change(List.of(item), List.of()));
  }

  void remove(String key) {
    model.remove(key);
    write(new WriterInput.Change(List.of(), List.of(key)));
  }

  void write(WriterInput input) {
    StreamWriter current = writer;
    if (current == null) {
      return;
    }
    List<WriterOutput> outputs = current.step(nowMillis, input);
    writerWake = current.wakeAtMillis();
    int run = writerRun;
    for (WriterOutput output : outputs) {
      output.perform(new WriterCalls(run));
    }
  }

  private final class WriterCalls implements WriterOutput.WriterHost {
    private final int run;

    WriterCalls(int run) {
      this.run = run;
    }

    /** Requests keep their order, as on one connection; answers need not. */
    private void call(long call, java.util.function.Supplier<WriterInput> served) {
      lineFreeMillis = Math.max(lineFreeMillis, nowMillis + delay());
      boolean requestLost = loses();
      boolean answerLost = loses();
      Replicator to = replicator;
      after(
          lineFreeMillis - nowMillis,
          () -> {
            if (requestLost || to != replicator) {
              fail(call, 20);
              return;
            }
            WriterInput answer = served.get();
            if (answerLost) {
              fail(call, 20);
            } else if (answer instanceof WriterInput.Answered a && a.seq() > 0 && a.epoch() == -1) {
              to.awaiting.put(a.call(), this);
              to.step(new StreamInput.Await(a.call(), a.seq()));
            } else {
              answer(answer);
            }
          });
    }

    void answer(WriterInput answer) {
      after(
          delay(),
          () -> {
            if (run == writerRun) {
              write(answer);
            }
          });
    }

    private void fail(long call, long millis) {
      after(
          millis,
          () -> {
            if (run == writerRun) {
              write(new WriterInput.Failed(call, "lost"));
            }
          });
    }

    @Override
    public void claim(long call, long epoch) {
      call(call, () -> replicator.claim(call, "active", epoch));
    }

    @Override
    public void probe(long call) {
      call(call, () -> new WriterInput.Answered(call, replicator.epoch, replicator.seq));
    }

    @Override
    public void publish(
        long call, long epoch, long clientSeq, List<StateItem> set, List<String> removed) {
      call(call, () -> replicator.publish(call, epoch, clientSeq, set, removed));
    }

    @Override
    public void replace(
        long call, long epoch, long clientSeq, boolean first, boolean last, List<StateItem> set) {
      call(call, () -> replicator.replace(call, epoch, clientSeq, first, last, set));
    }

    @Override
    public void flushed(long request, long seq) {
      flushed.add(request);
    }

    @Override
    public void flushFailed(long request, long current) {
      staleEpoch = current;
    }

    @Override
    public void stale(long current) {
      staleEpoch = current;
    }

    @Override
    public void unprotected(String reason) {
      unprotectedTimes++;
      isProtected = false;
    }

    @Override
    public void protectedAgain() {
      isProtected = true;
    }
  }

  /** The replicator: naive decisions around the real {@link StateStream}. */
  final class Replicator {
    long epoch;
    String owner;
    long seq;
    long clientSeq;
    boolean whole;
    final NavigableMap<String, StateItem> items;

    /** Of the whole state that is coming; no seq is taken before the last has come. */
    final NavigableMap<String, StateItem> parts;

    long partsTaken;
    final StateStream stream;
    final NavigableMap<Long, WriterCalls> awaiting = new TreeMap<>();
    final NavigableMap<Long, Follower> listeners = new TreeMap<>();

    Replicator(
        long epoch,
        long clientSeq,
        String owner,
        long seq,
        boolean whole,
        NavigableMap<String, StateItem> items,
        long partsTaken,
        NavigableMap<String, StateItem> parts) {
      this.epoch = epoch;
      this.clientSeq = clientSeq;
      this.owner = owner;
      this.seq = seq;
      this.whole = whole;
      this.items = items;
      this.partsTaken = partsTaken;
      this.parts = parts;
      this.stream =
          new StateStream(
              new StreamConfig(ack, 4_000, 300, 500, 2_000, 600_000),
              new StreamState(
                  "s",
                  epoch,
                  owner,
                  seq,
                  clientSeq,
                  whole,
                  TreePMap.from(items),
                  partsTaken == 0 ? 0 : seq + partsTaken,
                  TreePMap.from(parts)));
    }

    /** The process dies; with memory only, what it had is gone but for the epoch. */
    void restart(boolean durable) {
      replicator =
          durable
              ? new Replicator(epoch, clientSeq, owner, seq, whole, items, partsTaken, parts)
              : new Replicator(
                  epoch,
                  0,
                  owner,
                  ((seq >> 20) + 1) << 20,
                  epoch == 0,
                  new TreeMap<>(),
                  0,
                  new TreeMap<>());
    }

    /** The process comes back with an empty directory. */
    void wipe() {
      replicator = new Replicator(0, 0, "", 0, true, new TreeMap<>(), 0, new TreeMap<>());
    }

    long wakeMillis() {
      return stream.wakeAtMillis();
    }

    WriterInput claim(long call, String instance, long proposed) {
      boolean own = proposed == epoch && instance.equals(owner) && clientSeq == 0;
      if (proposed <= epoch && !own) {
        return new WriterInput.Stale(call, epoch);
      }
      if (epoch == 0 && proposed > 1) {
        // Somebody has been here before, and this replicator knows nothing of it.
        whole = false;
      }
      if (!own) {
        clientSeq = 0;
        parts.clear();
        partsTaken = 0;
      }
      epoch = proposed;
      owner = instance;
      step(new StreamInput.Claimed(epoch, owner, whole));
      return new WriterInput.Answered(call, epoch, 0);
    }

    WriterInput publish(long call, long e, long number, List<StateItem> set, List<String> removed) {
      if (e != epoch) {
        return new WriterInput.Stale(call, e < epoch ? epoch : e - 1);
      }
      if (number <= clientSeq) {
        return new WriterInput.Answered(call, -1, seq + partsTaken - (clientSeq - number));
      }
      if (!whole && clientSeq == 0) {
        return new WriterInput.Stale(call, e - 1);
      }
      if (!whole || partsTaken > 0 || number != clientSeq + 1) {
        return new WriterInput.Failed(call, "gap");
      }
      clientSeq = number;
      seq++;
      set.forEach(item -> items.put(item.key(), item));
      removed.forEach(items::remove);
      if (remember) {
        history.put(seq, new TreeMap<>(items));
      }
      step(new StreamInput.Published(new StateUpdate(e, seq, set, removed)));
      return new WriterInput.Answered(call, -1, seq);
    }

    WriterInput replace(
        long call, long e, long number, boolean first, boolean last, List<StateItem> set) {
      if (e != epoch) {
        return new WriterInput.Stale(call, e < epoch ? epoch : e - 1);
      }
      if (number <= clientSeq) {
        return new WriterInput.Answered(call, -1, seq + partsTaken - (clientSeq - number));
      }
      if (!first && (partsTaken == 0 || number != clientSeq + 1)) {
        return whole || clientSeq > 0
            ? new WriterInput.Failed(call, "gap")
            : new WriterInput.Stale(call, e - 1);
      }
      clientSeq = number;
      partsTaken++;
      if (first) {
        parts.clear();
      }
      set.forEach(item -> parts.put(item.key(), item));
      long reached = seq + partsTaken;
      if (last) {
        items.clear();
        items.putAll(parts);
        parts.clear();
        seq = reached;
        partsTaken = 0;
        whole = true;
        replaced++;
      }
      if (remember && last) {
        history.put(seq, new TreeMap<>(items));
      }
      step(new StreamInput.Replaced(e, reached, first, last, set));
      return new WriterInput.Answered(call, -1, reached);
    }

    void step(StreamInput input) {
      for (StreamOutput output : stream.step(nowMillis, input)) {
        output.perform(new StreamCalls());
      }
    }

    private final class StreamCalls implements StreamOutput.StreamHost {
      @Override
      public void reply(long request, long seqDone) {
        WriterCalls calls = awaiting.remove(request);
        if (calls != null) {
          calls.answer(new WriterInput.Answered(request, 0, seqDone));
        }
      }

      @Override
      public void deliver(long listener, Delivery delivery) {
        Follower to = listeners.get(listener);
        boolean requestLost = loses();
        boolean answerLost = loses();
        after(
            delay(),
            () -> {
              if (to == null || to.dead || requestLost) {
                after(20, () -> delivered(listener, false));
                return;
              }
              to.take(delivery);
              after(answerLost ? 20 : delay(), () -> delivered(listener, !answerLost));
            });
      }

      private void delivered(long listener, boolean well) {
        if (replicator == Replicator.this) {
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
        reports.add(severity + " " + text);
      }
    }
  }

  /** A standby. */
  final class Follower {
    final String instance;
    final NavigableMap<String, StateItem> applied = new TreeMap<>();
    final StreamFollower core = new StreamFollower(FollowerConfig.DEFAULTS);
    int snapshots;
    boolean dead;
    int applyMillisMax = 2;

    /** Whether its component cannot apply anything. */
    boolean isBroken;

    int adds;
    final List<String> failures = new ArrayList<>();

    Follower(String instance) {
      this.instance = instance;
      followers.add(this);
      step(new FollowerInput.Start());
    }

    void kill() {
      dead = true;
      followers.remove(this);
    }

    long wakeMillis() {
      return core.wakeAtMillis();
    }

    void take(Delivery delivery) {
      if (delivery instanceof Delivery.SnapshotBegin begin) {
        step(new FollowerInput.SnapshotBegin(begin.epoch(), begin.seq()));
      } else if (delivery instanceof Delivery.SnapshotItems part) {
        step(new FollowerInput.SnapshotItems(part.items()));
      } else if (delivery instanceof Delivery.SnapshotEnd end) {
        step(new FollowerInput.SnapshotEnd(end.seq()));
      } else if (delivery instanceof Delivery.Updates updates) {
        step(new FollowerInput.Updates(updates.updates()));
      }
    }

    void step(FollowerInput input) {
      if (dead) {
        return;
      }
      for (FollowerOutput output : core.step(nowMillis, input)) {
        output.perform(new Calls());
      }
    }

    private final class Calls implements FollowerOutput.FollowerHost {
      @Override
      public void add(long haveEpoch, long haveSeq) {
        adds++;
        boolean lost = loses();
        Replicator to = replicator;
        after(
            delay(),
            () -> {
              if (lost || to != replicator) {
                after(20, () -> step(new FollowerInput.AddFailed("lost")));
                return;
              }
              long id = ++eventCount;
              replicator.listeners.put(id, Follower.this);
              replicator.step(
                  new StreamInput.AddListener(instance, id, instance, haveEpoch, haveSeq));
              after(delay(), () -> step(new FollowerInput.Added()));
            });
      }

      @Override
      public void applySnapshot(long epoch, long seq, SortedMap<String, StateItem> items) {
        snapshots++;
        if (isBroken) {
          after(1, () -> step(new FollowerInput.ApplyFailed("an unknown type")));
          return;
        }
        applied.clear();
        applied.putAll(items);
        check(seq);
        done();
      }

      @Override
      public void applyUpdate(StateUpdate update) {
        update.set().forEach(item -> applied.put(item.key(), item));
        update.removed().forEach(applied::remove);
        check(update.seq());
        done();
      }

      private void check(long seq) {
        SortedMap<String, StateItem> then = history.get(seq);
        if (remember && seq > 0 && then != null && !then.equals(applied)) {
          throw new AssertionError(
              instance + " at " + seq + " has " + applied + " instead of " + then);
        }
        if (remember && seq > 0 && then == null && (seq & 0xfffff) != 0) {
          throw new AssertionError(instance + " sees " + seq + ", which is no whole state");
        }
      }

      private void done() {
        after(random.nextInt(applyMillisMax), () -> step(new FollowerInput.Applied()));
      }

      @Override
      public void acknowledge(long seq) {
        boolean lost = loses();
        Replicator to = replicator;
        after(
            delay(),
            () -> {
              if (!lost && to == replicator) {
                to.step(new StreamInput.Acknowledged(instance, seq));
              }
            });
      }

      @Override
      public void heard() {}

      @Override
      public void lost(String reason) {}

      @Override
      public void progressed() {}

      @Override
      public void applyFailed(String reason, long againMillis) {
        failures.add(reason + ", again in " + againMillis);
      }
    }
  }
}
