package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * A standby's side of a stream: gives its component the whole state first, then each update once
 * and in order.
 *
 * <p>What arrives is ordered by the seq of updates alone: what is there already is skipped, and if
 * something is missing the listener is added anew with the position that it has, so the replicator
 * sends the rest, or a snapshot. While nothing is heard the listener is added again and again. A
 * snapshot counts when its end has come; until then the state stays what it was.
 *
 * <p>One thread at a time.
 */
public final class StreamFollower {
  /** What the component has not applied yet. */
  private record Pending(
      long receivedMillis, long epoch, long seq, long bytes, FollowerOutput output) {}

  private final FollowerConfig config;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private List<FollowerOutput> outputs = new ArrayList<>();
  private TreePMap<String, StateItem> items = TreePMap.empty();
  private TreePMap<String, StateItem> appliedItems = TreePMap.empty();
  private long receivedEpoch;
  private long receivedSeq;
  private long appliedEpoch;
  private long appliedSeq;

  /** Whether {@link #items} is a state at all. */
  private boolean whole;

  private boolean appliedWhole;

  /** The snapshot that is coming in; null if none is. */
  private @Nullable TreePMap<String, StateItem> coming;

  private long comingEpoch;
  private long comingSeq;
  private long pendingBytes;
  private boolean applying;
  private boolean adding;
  private boolean heard;
  private boolean told;
  private long heardMillis;
  private long addAtMillis;

  /** Whether the component could not apply something, and everything is to come again. */
  private boolean failed;

  private long failedMillis;

  /** The last pause after that. */
  private long pauseMillis;

  private long nowMillis;

  public StreamFollower(FollowerConfig config) {
    this.config = requireNonNull(config, "config");
  }

  /**
   * Takes one input.
   *
   * @param now the host's monotonic time, milliseconds
   * @return outputs in the order to perform
   */
  public List<FollowerOutput> step(long now, FollowerInput input) {
    nowMillis = now;
    take(input);
    applyNext();
    List<FollowerOutput> taken = outputs;
    outputs = new ArrayList<>();
    return List.copyOf(taken);
  }

  /** When the next {@link FollowerInput.Tick} is needed. */
  public long wakeAtMillis() {
    if (adding) {
      return Long.MAX_VALUE;
    }
    return failed ? addAtMillis : Math.max(addAtMillis, heardMillis + config.silentMillis());
  }

  /** Everything received, applied or not; empty as long as there was no whole state. */
  public SortedMap<String, StateItem> items() {
    return items;
  }

  /** What the component has applied. */
  public SortedMap<String, StateItem> appliedItems() {
    return appliedItems;
  }

  public long receivedEpoch() {
    return receivedEpoch;
  }

  /** The last update that is known to exist. */
  public long receivedSeq() {
    return receivedSeq;
  }

  public long appliedEpoch() {
    return appliedEpoch;
  }

  public long appliedSeq() {
    return appliedSeq;
  }

  /** Whether a whole state has been applied. */
  public boolean isWhole() {
    return appliedWhole;
  }

  public boolean isHeard() {
    return heard;
  }

  /** When the oldest came of what is not applied yet; empty if all is. */
  public OptionalLong waitingSinceMillis() {
    return pending.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(pending.element().receivedMillis());
  }

  /** Whether who delivers should wait. */
  public boolean isFull() {
    return pendingBytes >= config.pendingBytesMax();
  }

  private void take(FollowerInput input) {
    if (input instanceof FollowerInput.Start) {
      heardMillis = nowMillis;
      add();
    } else if (input instanceof FollowerInput.Added) {
      adding = false;
      hear();
      if (appliedWhole) {
        // An acknowledgement may have been lost with the connection.
        outputs.add(new FollowerOutput.Acknowledge(appliedSeq));
      }
    } else if (input instanceof FollowerInput.AddFailed failed) {
      adding = false;
      addAtMillis = nowMillis + config.silentMillis();
      if (isSilent() || !heard) {
        lose(failed.reason());
      }
    } else if (input instanceof FollowerInput.SnapshotBegin begin) {
      hear();
      // What could not be applied is not tried again before its time.
      coming = failed ? null : TreePMap.empty();
      comingEpoch = begin.epoch();
      comingSeq = begin.seq();
    } else if (input instanceof FollowerInput.SnapshotItems part) {
      hear();
      snapshotItems(part.items());
    } else if (input instanceof FollowerInput.SnapshotEnd end) {
      hear();
      snapshotEnd(end.seq());
    } else if (input instanceof FollowerInput.Updates updates) {
      hear();
      updates(updates.updates());
    } else if (input instanceof FollowerInput.Applied) {
      applied();
    } else if (input instanceof FollowerInput.ApplyFailed notApplied) {
      applyFailed(notApplied.reason());
    } else if (input instanceof FollowerInput.Tick) {
      tick();
    } else {
      throw new IllegalStateException("unknown input " + input);
    }
  }

  private void tick() {
    if ((failed || isSilent()) && !adding && nowMillis >= addAtMillis) {
      if (heard && isSilent()) {
        lose("nothing heard for " + (nowMillis - heardMillis) + " ms");
      }
      add();
    }
  }

  private boolean isSilent() {
    return nowMillis - heardMillis >= config.silentMillis();
  }

  private void hear() {
    heardMillis = nowMillis;
    if (!heard) {
      heard = true;
      told = true;
      outputs.add(new FollowerOutput.Heard());
      outputs.add(new FollowerOutput.Progressed());
    }
  }

  private void lose(String reason) {
    if (heard || !told) {
      heard = false;
      told = true;
      outputs.add(new FollowerOutput.Lost(reason));
      outputs.add(new FollowerOutput.Progressed());
    }
  }

  private void add() {
    coming = null;
    if (adding || (failed && nowMillis < addAtMillis)) {
      return;
    }
    failed = false;
    adding = true;
    addAtMillis = nowMillis + config.silentMillis();
    outputs.add(
        whole ? new FollowerOutput.Add(receivedEpoch, receivedSeq) : new FollowerOutput.Add(0, 0));
  }

  private void applyFailed(String reason) {
    applying = false;
    forget();
    // What fails once will fail again, and costs the whole state each time.
    boolean isLongAgo = nowMillis - failedMillis > 2 * config.applyRetryMillisMax();
    pauseMillis =
        pauseMillis == 0 || isLongAgo
            ? config.silentMillis()
            : Math.min(2 * pauseMillis, config.applyRetryMillisMax());
    failed = true;
    failedMillis = nowMillis;
    addAtMillis = nowMillis + pauseMillis;
    outputs.add(new FollowerOutput.CannotApply(reason, pauseMillis));
  }

  private void forget() {
    whole = false;
    appliedWhole = false;
    items = TreePMap.empty();
    pending.clear();
    pendingBytes = 0;
    outputs.add(new FollowerOutput.Progressed());
  }

  private void snapshotItems(List<StateItem> part) {
    TreePMap<String, StateItem> before = coming;
    if (before == null) {
      add();
      return;
    }
    TreePMap<String, StateItem> after = before;
    for (StateItem item : part) {
      after = after.plus(item.key(), item);
    }
    coming = after;
  }

  private void snapshotEnd(long seq) {
    TreePMap<String, StateItem> snapshot = coming;
    coming = null;
    if (snapshot == null || seq != comingSeq) {
      add();
      return;
    }
    items = snapshot;
    whole = true;
    receivedEpoch = comingEpoch;
    receivedSeq = comingSeq;
    // What was not applied yet is in the snapshot, or was never to be.
    Pending current = applying ? pending.element() : null;
    pending.clear();
    pendingBytes = 0;
    if (current != null) {
      pending.add(current);
      pendingBytes = current.bytes();
    }
    enqueue(
        comingEpoch,
        comingSeq,
        0,
        new FollowerOutput.ApplySnapshot(comingEpoch, comingSeq, snapshot));
  }

  private void updates(List<StateUpdate> updates) {
    if (updates.isEmpty()) {
      return;
    }
    if (!whole || coming != null) {
      // Updates come after the end of a snapshot; a part of it is missing.
      add();
      return;
    }
    for (StateUpdate update : updates) {
      if (update.seq() <= receivedSeq) {
        continue;
      }
      if (update.seq() != receivedSeq + 1) {
        add();
        return;
      }
      for (StateItem item : update.set()) {
        items = items.plus(item.key(), item);
      }
      for (String key : update.removed()) {
        items = items.minus(key);
      }
      receivedSeq = update.seq();
      receivedEpoch = update.epoch();
      enqueue(
          update.epoch(), update.seq(), update.sizeBytes(), new FollowerOutput.ApplyUpdate(update));
    }
  }

  private void enqueue(long epoch, long seq, long bytes, FollowerOutput output) {
    pending.add(new Pending(nowMillis, epoch, seq, bytes, output));
    pendingBytes += bytes;
    outputs.add(new FollowerOutput.Progressed());
  }

  private void applied() {
    if (!applying) {
      throw new IllegalStateException("nothing was being applied");
    }
    applying = false;
    Pending done = pending.remove();
    pendingBytes -= done.bytes();
    appliedEpoch = done.epoch();
    appliedSeq = done.seq();
    appliedWhole = true;
    if (done.output() instanceof FollowerOutput.ApplySnapshot snapshot) {
      appliedItems = TreePMap.fromSortedMap(snapshot.items());
    } else if (done.output() instanceof FollowerOutput.ApplyUpdate update) {
      for (StateItem item : update.update().set()) {
        appliedItems = appliedItems.plus(item.key(), item);
      }
      for (String key : update.update().removed()) {
        appliedItems = appliedItems.minus(key);
      }
    }
    outputs.add(new FollowerOutput.Acknowledge(appliedSeq));
    outputs.add(new FollowerOutput.Progressed());
  }

  private void applyNext() {
    if (!applying && !pending.isEmpty()) {
      applying = true;
      outputs.add(pending.element().output());
    }
  }
}
