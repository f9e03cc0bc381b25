package dev.firn.replication;

/** Names a caller that waits for a {@link Output.Reply}; chosen by the host, used once. */
public record RequestId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
