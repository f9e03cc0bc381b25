package dev.firn.election;

/** Names a call that waits for its end; chosen by the replica, never used twice by one process. */
public record CallId(long value) implements Comparable<CallId> {
  @Override
  public int compareTo(CallId other) {
    return Long.compare(value, other.value);
  }
}
