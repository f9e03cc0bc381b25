package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.failover.RoleOutput.Severity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * One stream at the replicator that serves it: its state, and who follows it. What arrives here has
 * been decided and is as durable as it must be; see {@code StreamCommand} for that.
 *
 * <p>Every listener has one call under way at most, and gets the rest of the log after its own
 * position: who is slow has more in each call, and who is slower than the log is long gets a
 * snapshot, which is an old version of the state that nobody changes. So nobody waits for anybody,
 * except for the acknowledgement of a standby where that was asked for.
 *
 * <p>One thread at a time; {@link #view} is for any thread.
 */
public final class StateStream {
  private record Waiting(long request, long seq, long sinceMillis) {}

  private final StreamConfig config;
  private final String name;
  private final StreamLog log;
  private final NavigableMap<String, StreamListener> listeners = new TreeMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private List<StreamOutput> outputs = new ArrayList<>();
  private TreePMap<String, StateItem> items;
  private long bytes;

  /** What has come of the whole state that the writer publishes. */
  private TreePMap<String, StateItem> parts;

  private long partsBytes;
  private long epoch;
  private String writer;
  private long seq;
  private boolean whole;
  private boolean degraded;

  /** Once degraded, a standby that has come to here soon enough makes it worth waiting again. */
  private long markSeq;

  private long markMillis;
  private long nowMillis;
  private volatile StreamView view;

  /**
   * @param start the stream as it was taken over
   */
  public StateStream(StreamConfig config, StreamState start) {
    this.config = requireNonNull(config, "config");
    this.name = start.name();
    this.epoch = start.epoch();
    this.writer = start.writer();
    this.seq = start.seq();
    this.whole = start.whole();
    this.items = start.items();
    this.bytes = bytes(items);
    this.parts = start.parts();
    this.partsBytes = bytes(parts);
    this.log = new StreamLog(config.logBytesMax(), epoch, seq);
    this.view = start.view();
    see();
  }

  private static long bytes(SortedMap<String, StateItem> items) {
    return items.values().stream().mapToLong(StateItem::sizeBytes).sum();
  }

  /**
   * Takes one input.
   *
   * @param now the host's monotonic time, milliseconds
   * @return outputs in the order to perform
   */
  public List<StreamOutput> step(long now, StreamInput input) {
    nowMillis = now;
    take(input);
    for (StreamListener listener : List.copyOf(listeners.values())) {
      serve(listener);
    }
    List<StreamOutput> taken = outputs;
    outputs = new ArrayList<>();
    return List.copyOf(taken);
  }

  /** When the next {@link StreamInput.Tick} is needed. */
  public long wakeAtMillis() {
    long wake =
        waiting.isEmpty()
            ? Long.MAX_VALUE
            : waiting.element().sinceMillis() + config.degradeMillis();
    for (StreamListener listener : listeners.values()) {
      wake = Math.min(wake, listener.heartbeatAtMillis(config.heartbeatMillis()));
      wake = Math.min(wake, listener.heardMillis() + config.forgetMillis());
    }
    return wake;
  }

  /** The stream as it was after the last step. */
  public StreamView view() {
    return view;
  }

  private void take(StreamInput input) {
    if (input instanceof StreamInput.Claimed claimed) {
      epoch = claimed.epoch();
      writer = claimed.writer();
      whole = claimed.whole();
      // What the last writer has begun to publish will not be ended.
      parts = TreePMap.empty();
      partsBytes = 0;
      listeners.values().stream()
          .filter(listener -> listener.mode() == StreamListener.Mode.WAITING)
          .forEach(this::begin);
      see();
    } else if (input instanceof StreamInput.Published published) {
      published(published.update());
    } else if (input instanceof StreamInput.Replaced replaced) {
      replaced(replaced);
    } else if (input instanceof StreamInput.Await await) {
      await(await);
    } else if (input instanceof StreamInput.AddListener add) {
      add(add);
    } else if (input instanceof StreamInput.RemoveListener remove) {
      remove(listeners.get(remove.instance()));
    } else if (input instanceof StreamInput.Acknowledged acknowledged) {
      acknowledged(acknowledged);
    } else if (input instanceof StreamInput.Delivered delivered) {
      delivered(delivered.listener());
    } else if (input instanceof StreamInput.DeliveryFailed failed) {
      deliveryFailed(failed);
    } else if (input instanceof StreamInput.Tick) {
      tick();
    } else {
      throw new IllegalStateException("unknown input " + input);
    }
  }

  private void published(StateUpdate update) {
    if (update.seq() != seq + 1) {
      throw new IllegalStateException(
          "stream " + name + ": update " + update.seq() + " after " + seq);
    }
    seq = update.seq();
    epoch = Math.max(epoch, update.epoch());
    for (StateItem item : update.set()) {
      StateItem old = items.get(item.key());
      bytes += item.sizeBytes() - (old == null ? 0 : old.sizeBytes());
      items = items.plus(item.key(), item);
    }
    for (String key : update.removed()) {
      StateItem old = items.get(key);
      if (old != null) {
        bytes -= old.sizeBytes();
        items = items.minus(key);
      }
    }
    log.add(update);
    if (degraded && nowMillis - markMillis > config.degradeMillis()) {
      mark();
    }
    see();
  }

  private void replaced(StreamInput.Replaced replaced) {
    epoch = Math.max(epoch, replaced.epoch());
    if (replaced.first()) {
      parts = TreePMap.empty();
      partsBytes = 0;
    }
    for (StateItem item : replaced.set()) {
      StateItem old = parts.get(item.key());
      partsBytes += item.sizeBytes() - (old == null ? 0 : old.sizeBytes());
      parts = parts.plus(item.key(), item);
    }
    if (replaced.last()) {
      items = parts;
      bytes = partsBytes;
      parts = TreePMap.empty();
      partsBytes = 0;
      seq = replaced.seq();
      whole = true;
      log.restart(epoch, seq);
      listeners.values().stream()
          .filter(listener -> listener.mode() != StreamListener.Mode.BEHIND)
          .forEach(this::begin);
    }
    see();
  }

  private void await(StreamInput.Await await) {
    if (config.ack() != AckLevel.STANDBY || degraded || acknowledgedSeq() >= await.seq()) {
      outputs.add(new StreamOutput.Reply(await.request(), await.seq()));
    } else {
      waiting.add(new Waiting(await.request(), await.seq(), nowMillis));
    }
  }

  private long acknowledgedSeq() {
    long acknowledged = -1;
    for (StreamListener listener : listeners.values()) {
      acknowledged = Math.max(acknowledged, listener.acknowledgedSeq());
    }
    return acknowledged;
  }

  private void add(StreamInput.AddListener add) {
    StreamListener listener = new StreamListener(add, nowMillis);
    StreamListener old = listeners.put(add.instance(), listener);
    if (old != null) {
      listener.replaces(old);
      outputs.add(new StreamOutput.Drop(old.id()));
    }
    if (whole && log.continues(add.haveEpoch(), add.haveSeq(), epoch, seq) && add.haveSeq() > 0) {
      listener.follow(add.haveSeq());
    } else {
      begin(listener);
    }
    see();
  }

  /** Starts with a snapshot, unless the listener has more than there is here. */
  private void begin(StreamListener listener) {
    // Of a stream that has never had an update, who has nothing has all.
    boolean hasAll = whole || (seq == 0 && listener.haveEpoch() == 0);
    if (hasAll && listener.haveEpoch() <= epoch) {
      listener.beginSnapshot(epoch, seq, items.values());
    }
  }

  private void remove(@Nullable StreamListener listener) {
    if (listener != null) {
      listeners.remove(listener.instance());
      outputs.add(new StreamOutput.Drop(listener.id()));
      see();
    }
  }

  private void acknowledged(StreamInput.Acknowledged acknowledged) {
    StreamListener listener = listeners.get(acknowledged.instance());
    if (listener == null || acknowledged.seq() > seq) {
      return;
    }
    listener.heard(nowMillis);
    listener.acknowledged(acknowledged.seq());
    boolean isSoon = nowMillis - markMillis <= config.degradeMillis();
    // With updates all the time, a good standby is always a few of them behind the newest.
    if (degraded && (acknowledged.seq() == seq || (acknowledged.seq() >= markSeq && isSoon))) {
      degraded = false;
      report(Severity.INFO, "a standby acknowledges again: " + listener.instance());
    }
    while (!waiting.isEmpty() && waiting.element().seq() <= acknowledged.seq()) {
      Waiting done = waiting.remove();
      outputs.add(new StreamOutput.Reply(done.request(), done.seq()));
    }
  }

  private @Nullable StreamListener find(long id) {
    for (StreamListener listener : listeners.values()) {
      if (listener.id() == id) {
        return listener;
      }
    }
    return null;
  }

  private void unblock(long ended) {
    listeners.values().forEach(listener -> listener.unblock(ended));
  }

  private void delivered(long id) {
    unblock(id);
    StreamListener listener = find(id);
    if (listener != null) {
      listener.heard(nowMillis);
      listener.delivered();
    }
  }

  private void deliveryFailed(StreamInput.DeliveryFailed failed) {
    unblock(failed.listener());
    StreamListener listener = find(failed.listener());
    if (listener == null) {
      return;
    }
    if (failed.gone()) {
      report(Severity.INFO, "the listener of " + listener.instance() + " is gone");
      remove(listener);
    } else {
      listener.fallBehind();
      report(
          Severity.WARNING,
          "the listener of " + listener.instance() + " is behind: " + failed.reason());
    }
  }

  private void tick() {
    boolean late =
        !waiting.isEmpty() && nowMillis >= waiting.element().sinceMillis() + config.degradeMillis();
    if (late && !degraded) {
      degraded = true;
      mark();
      report(
          Severity.ERROR,
          "no standby has acknowledged an update for "
              + config.degradeMillis()
              + " ms; from now on none is waited for");
      waiting.forEach(w -> outputs.add(new StreamOutput.Reply(w.request(), w.seq())));
      waiting.clear();
    }
    for (StreamListener listener : List.copyOf(listeners.values())) {
      if (nowMillis - listener.heardMillis() >= config.forgetMillis()) {
        report(Severity.WARNING, "the listener of " + listener.instance() + " is given up");
        remove(listener);
      }
    }
  }

  private void mark() {
    markSeq = seq;
    markMillis = nowMillis;
  }

  private void serve(StreamListener listener) {
    if (listener.mode() == StreamListener.Mode.UPDATES && !log.reaches(listener.position())) {
      begin(listener);
    }
    listener
        .next(nowMillis, config, log)
        .ifPresent(next -> outputs.add(new StreamOutput.Deliver(listener.id(), next)));
  }

  private void report(Severity severity, String text) {
    outputs.add(new StreamOutput.Report(severity, "stream " + name + ": " + text));
  }

  private void see() {
    view =
        new StreamView(name, epoch, writer, seq, whole, items, bytes, partsBytes, listeners.size());
  }
}
