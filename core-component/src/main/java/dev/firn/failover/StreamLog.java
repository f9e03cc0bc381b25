package dev.firn.failover;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The newest updates of a stream, for those who have all before them. */
final class StreamLog {
  private final long bytesMax;
  private final NavigableMap<Long, StateUpdate> updates = new TreeMap<>();
  private long bytes;
  private long startSeq;
  private long startEpoch;

  /**
   * @param startSeq the update before the first one that will be added
   */
  StreamLog(long bytesMax, long startEpoch, long startSeq) {
    this.bytesMax = bytesMax;
    this.startEpoch = startEpoch;
    this.startSeq = startSeq;
  }

  void add(StateUpdate update) {
    updates.put(update.seq(), update);
    bytes += update.sizeBytes();
    while (bytes > bytesMax && !updates.isEmpty()) {
      StateUpdate oldest = updates.pollFirstEntry().getValue();
      bytes -= oldest.sizeBytes();
      startSeq = oldest.seq();
      startEpoch = oldest.epoch();
    }
  }

  void restart(long epoch, long seq) {
    updates.clear();
    bytes = 0;
    startSeq = seq;
    startEpoch = epoch;
  }

  /** Whether all updates after this one are here. */
  boolean reaches(long seq) {
    return seq >= startSeq;
  }

  /** Whether a listener that has come to here has what the stream had then. */
  boolean continues(long haveEpoch, long haveSeq, long headEpoch, long headSeq) {
    if (haveSeq < startSeq || haveSeq > headSeq || haveEpoch > headEpoch) {
      return false;
    }
    StateUpdate same = updates.get(haveSeq);
    StateUpdate next = updates.get(haveSeq + 1);
    long epochMin = same == null ? startEpoch : same.epoch();
    long epochMax = next == null ? headEpoch : next.epoch();
    return haveEpoch >= epochMin && haveEpoch <= epochMax;
  }

  /** The updates after one, as many as fit, at least one if there is one. */
  List<StateUpdate> after(long seq, long bytesMaxHere) {
    List<StateUpdate> found = new ArrayList<>();
    long size = 0;
    for (StateUpdate update : updates.tailMap(seq, false).values()) {
      size += update.sizeBytes();
      if (!found.isEmpty() && size > bytesMaxHere) {
        break;
      }
      found.add(update);
    }
    return found;
  }
}
