package dev.firn.failover;

/** Somebody who waits for an answer. Chosen by the host, never twice. */
public record RoleRequestId(long number) implements Comparable<RoleRequestId> {
  @Override
  public int compareTo(RoleRequestId other) {
    return Long.compare(number, other.number);
  }
}
