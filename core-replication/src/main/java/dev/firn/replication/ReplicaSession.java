package dev.firn.replication;

import dev.firn.model.ObjectId;
import dev.firn.model.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A slave's session on the master: the updates on their way to it, in order, one under way, and the
 * acknowledgements it owes.
 */
final class ReplicaSession {
  private final SessionId id;
  private final ReplicaInfo info;
  private final Outputs outputs;
  private final Set<ObjectId> wellKnown = new TreeSet<>();
  private final List<Contender> contenders = new ArrayList<>();
  private final Deque<Entry> unsent = new ArrayDeque<>();
  private final Map<Topic, Deque<Entry>> unacknowledged = new EnumMap<>(Topic.class);
  private boolean pinging;
  private boolean subscribed;
  private boolean pushing;
  private int snapshotsOwed;
  private long heardAtMillis;
  private long progressAtMillis;

  ReplicaSession(SessionId id, ReplicaInfo info, long nowMillis, Outputs outputs) {
    this.id = id;
    this.info = info;
    this.outputs = outputs;
    this.heardAtMillis = nowMillis;
    this.progressAtMillis = nowMillis;
    for (Topic topic : Topic.values()) {
      unacknowledged.put(topic, new ArrayDeque<>());
    }
  }

  SessionId id() {
    return id;
  }

  ReplicaInfo info() {
    return info;
  }

  /** What the slave published about itself. */
  Set<ObjectId> wellKnown() {
    return wellKnown;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  long heardAtMillis() {
    return heardAtMillis;
  }

  void heard(long nowMillis) {
    heardAtMillis = nowMillis;
  }

  /** Asks whether the process still answers, unless that is being asked already. */
  void ping() {
    if (!pinging) {
      pinging = true;
      outputs.add(new Output.Ping(id));
    }
  }

  /** Keeps another claim to this name until {@link Output.Ping} is answered. */
  void contend(RequestId request, ReplicaInfo contender) {
    contenders.add(new Contender(request, contender));
    ping();
  }

  /** The ping was answered: those who wait for that, in order. */
  List<Contender> endPing() {
    pinging = false;
    List<Contender> waiting = List.copyOf(contenders);
    contenders.clear();
    return waiting;
  }

  /** Sends the whole tables; updates follow behind them. */
  void subscribe(List<PushedUpdate> snapshots, AckWait wait, long nowMillis) {
    subscribed = true;
    snapshotsOwed = snapshots.size();
    progressAtMillis = nowMillis;
    for (PushedUpdate snapshot : snapshots) {
      enqueue(snapshot, true, wait, nowMillis);
    }
  }

  /**
   * @param wait who waits for this session to acknowledge it
   */
  void enqueue(PushedUpdate update, @Nullable AckWait wait, long nowMillis) {
    enqueue(update, false, wait, nowMillis);
  }

  private void enqueue(
      PushedUpdate update, boolean snapshot, @Nullable AckWait wait, long nowMillis) {
    if (wait != null) {
      wait.expect();
    }
    unsent.add(new Entry(update, snapshot, wait, nowMillis));
    pushNext();
  }

  /** The push under way was delivered. */
  void delivered(long nowMillis) {
    if (!pushing) {
      throw new IllegalStateException("session " + id + " has no push under way");
    }
    pushing = false;
    progressAtMillis = nowMillis;
    pushNext();
  }

  /** The slave is done with everything it was sent of this topic up to this serial. */
  void acknowledged(Topic topic, int serial, long nowMillis) {
    progressAtMillis = nowMillis;
    Deque<Entry> owed = queueOf(topic);
    for (Entry entry = owed.peek();
        entry != null && entry.update.serial() <= serial;
        entry = owed.peek()) {
      owed.remove();
      if (entry.snapshot) {
        snapshotsOwed--;
      }
      if (entry.ackWait != null) {
        entry.ackWait.acknowledged(outputs);
      }
    }
  }

  /** Releases everybody who waits for acknowledgements of this session. */
  void release() {
    for (Deque<Entry> owed : unacknowledged.values()) {
      release(owed);
    }
    release(unsent);
  }

  int unsentCount() {
    return unsent.size();
  }

  int unacknowledgedCount() {
    return unacknowledged.values().stream().mapToInt(Deque::size).sum();
  }

  /**
   * Since when this session holds up acknowledgements; {@code nowMillis} if it does not.
   *
   * <p>While the tables are on their way to the slave, which takes as long as they are large, each
   * delivery and acknowledgement counts as progress; keep-alives never do.
   */
  long owesSinceMillis(long nowMillis) {
    long since = nowMillis;
    for (Deque<Entry> owed : unacknowledged.values()) {
      since = Math.min(since, sinceOf(owed, nowMillis));
    }
    since = Math.min(since, sinceOf(unsent, nowMillis));
    return snapshotsOwed > 0 ? Math.max(since, progressAtMillis) : since;
  }

  private static long sinceOf(Deque<Entry> entries, long nowMillis) {
    Entry oldest = entries.peek();
    return oldest == null ? nowMillis : oldest.sinceMillis;
  }

  private void pushNext() {
    if (pushing || unsent.isEmpty()) {
      return;
    }
    Entry next = unsent.remove();
    pushing = true;
    queueOf(next.update.event().topic()).add(next);
    outputs.add(new Output.Push(id, next.update));
  }

  private Deque<Entry> queueOf(Topic topic) {
    return unacknowledged.computeIfAbsent(topic, unused -> new ArrayDeque<>());
  }

  private void release(Deque<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.ackWait != null) {
        entry.ackWait.released(outputs);
      }
    }
    entries.clear();
  }

  /** Another process that wants this session's name. */
  record Contender(RequestId request, ReplicaInfo info) {}

  private record Entry(
      PushedUpdate update, boolean snapshot, @Nullable AckWait ackWait, long sinceMillis) {}
}
