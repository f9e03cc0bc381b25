package dev.firn.failover;

import static java.util.Objects.requireNonNull;

/**
 * How a {@link StateStream} goes about it.
 *
 * @param logBytesMax updates kept for listeners that are behind; who needs older ones gets a
 *     snapshot
 * @param chunkBytes what one call of a listener carries at most, unless one item or update is
 *     larger
 * @param heartbeatMillis a listener hears something so often
 * @param degradeMillis an update waits for a standby no longer than this
 * @param forgetMillis a listener without contact for so long is removed
 */
public record StreamConfig(
    AckLevel ack,
    long logBytesMax,
    long chunkBytes,
    long heartbeatMillis,
    long degradeMillis,
    long forgetMillis) {
  public StreamConfig {
    requireNonNull(ack, "ack");
    if (logBytesMax < 0 || chunkBytes < 1 || heartbeatMillis < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
    if (degradeMillis < 1 || forgetMillis < 1) {
      throw new IllegalArgumentException("times must be positive");
    }
  }

  public static StreamConfig of(AckLevel ack) {
    return new StreamConfig(ack, 64L << 20, 256 << 10, 500, 2_000, 600_000);
  }
}
