package dev.firn.election;

/** A replica's number, which is its priority too: the greater, the higher. */
public record ReplicaId(int value) implements Comparable<ReplicaId> {
  @Override
  public int compareTo(ReplicaId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
