package dev.firn.server;

/** Names a caller that waits for a {@link ServerOutput.Answer}; chosen by the host, used once. */
public record CallerId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
