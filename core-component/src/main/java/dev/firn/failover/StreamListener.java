package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.failover.StreamOutput.Delivery;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One instance that follows a {@link StateStream}: where it is, and what it gets next. */
final class StreamListener {
  enum Mode {
    /** Gets no state until the stream is whole, or has come to its epoch. */
    WAITING,
    SNAPSHOT,
    UPDATES,
    /** Could not be reached; gets nothing until it is added again. */
    BEHIND
  }

  private final String instance;
  private final long id;
  private final String address;
  private final long haveEpoch;
  private Mode mode = Mode.WAITING;
  private @Nullable ItemChunks snapshot;
  private long snapshotEpoch;

  /** The last update that was handed to it, or the one up to which the snapshot goes. */
  private long position;

  private boolean begun;
  private long acknowledgedSeq = -1;
  private boolean underWay;

  /** The call to the same object that must end first; 0 if there is none. */
  private long blockedBy;

  private long sentMillis;
  private long heardMillis;

  StreamListener(StreamInput.AddListener added, long nowMillis) {
    this.instance = added.instance();
    this.id = added.listener();
    this.address = added.address();
    this.haveEpoch = added.haveEpoch();
    this.sentMillis = nowMillis;
    this.heardMillis = nowMillis;
  }

  String instance() {
    return instance;
  }

  long id() {
    return id;
  }

  Mode mode() {
    return mode;
  }

  long haveEpoch() {
    return haveEpoch;
  }

  long position() {
    return position;
  }

  long acknowledgedSeq() {
    return acknowledgedSeq;
  }

  long heardMillis() {
    return heardMillis;
  }

  boolean isUnderWay() {
    return underWay;
  }

  boolean isBlocked() {
    return underWay || blockedBy != 0;
  }

  /** Waits for the end of the call to the object that both are. */
  void replaces(StreamListener old) {
    if (old.address.equals(address)) {
      blockedBy = old.underWay ? old.id : old.blockedBy;
    }
  }

  void unblock(long ended) {
    if (blockedBy == ended) {
      blockedBy = 0;
    }
  }

  void follow(long haveSeq) {
    mode = Mode.UPDATES;
    position = haveSeq;
  }

  void beginSnapshot(long epoch, long seq, Collection<StateItem> items) {
    mode = Mode.SNAPSHOT;
    snapshot = new ItemChunks(items);
    snapshotEpoch = epoch;
    position = seq;
    begun = false;
  }

  void fallBehind() {
    mode = Mode.BEHIND;
    snapshot = null;
    underWay = false;
  }

  void heard(long nowMillis) {
    heardMillis = nowMillis;
  }

  void acknowledged(long seq) {
    acknowledgedSeq = Math.max(acknowledgedSeq, seq);
  }

  void delivered() {
    underWay = false;
  }

  /** When it is due for a heartbeat; never if something is under way or it is behind. */
  long heartbeatAtMillis(long heartbeatMillis) {
    return isBlocked() || mode == Mode.BEHIND ? Long.MAX_VALUE : sentMillis + heartbeatMillis;
  }

  /** What to send now, if anything. */
  Optional<Delivery> next(long nowMillis, StreamConfig config, StreamLog log) {
    if (isBlocked() || mode == Mode.BEHIND) {
      return Optional.empty();
    }
    Optional<Delivery> next =
        switch (mode) {
          case SNAPSHOT -> Optional.of(nextOfSnapshot(config.chunkBytes()));
          case UPDATES -> nextUpdates(config.chunkBytes(), log);
          case WAITING, BEHIND -> Optional.empty();
        };
    if (next.isEmpty() && nowMillis >= heartbeatAtMillis(config.heartbeatMillis())) {
      next = Optional.of(new Delivery.Updates(List.of()));
    }
    if (next.isPresent()) {
      underWay = true;
      sentMillis = nowMillis;
    }
    return next;
  }

  private Optional<Delivery> nextUpdates(long chunkBytes, StreamLog log) {
    List<StateUpdate> updates = log.after(position, chunkBytes);
    if (updates.isEmpty()) {
      return Optional.empty();
    }
    position = updates.get(updates.size() - 1).seq();
    return Optional.of(new Delivery.Updates(updates));
  }

  private Delivery nextOfSnapshot(long chunkBytes) {
    ItemChunks rest = requireNonNull(snapshot, "snapshot");
    if (!begun) {
      begun = true;
      return new Delivery.SnapshotBegin(snapshotEpoch, position);
    }
    if (!rest.hasNext()) {
      snapshot = null;
      mode = Mode.UPDATES;
      return new Delivery.SnapshotEnd(position);
    }
    return new Delivery.SnapshotItems(rest.next(chunkBytes, Integer.MAX_VALUE));
  }
}
