package dev.firn.failover;

import java.util.List;

/**
 * One change of a state, applied as a whole: first what is set, then what is removed.
 *
 * @param epoch in which it was published
 * @param seq its place in the one order of all updates of the stream
 * @param removed keys, none of which is in {@code set}
 */
public record StateUpdate(long epoch, long seq, List<StateItem> set, List<String> removed) {
  private static final int OVERHEAD_BYTES = 32;

  public StateUpdate {
    set = List.copyOf(set);
    removed = List.copyOf(removed);
  }

  /** About how much of a message or of memory it takes, bytes. */
  public long sizeBytes() {
    long size = OVERHEAD_BYTES;
    for (StateItem item : set) {
      size += item.sizeBytes();
    }
    for (String key : removed) {
      size += 4 + key.length();
    }
    return size;
  }
}
