package dev.firn.election;

/** Names a request that waits for an {@link Output.Reply}; chosen by the host. */
public record RequestId(long value) implements Comparable<RequestId> {
  @Override
  public int compareTo(RequestId other) {
    return Long.compare(value, other.value);
  }
}
