package dev.firn.replication;

/** Names the session of a slave with its master; chosen by the master, never reused. */
public record SessionId(long value) implements Comparable<SessionId> {
  @Override
  public int compareTo(SessionId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
