package dev.firn.failover;

/**
 * How a {@link StreamFollower} goes about it.
 *
 * @param silentMillis nothing heard for so long: the listener is added anew, and again and again
 * @param applyRetryMillisMax longest pause after the component could not apply something; the first
 *     is {@code silentMillis}
 * @param pendingBytesMax received and not applied; who delivers waits when there is more
 */
public record FollowerConfig(long silentMillis, long applyRetryMillisMax, long pendingBytesMax) {
  public static final FollowerConfig DEFAULTS = new FollowerConfig(1_000, 30_000, 8 << 20);

  public FollowerConfig {
    if (silentMillis < 1 || pendingBytesMax < 1) {
      throw new IllegalArgumentException("silentMillis and pendingBytesMax must be positive");
    }
    if (applyRetryMillisMax < silentMillis) {
      throw new IllegalArgumentException(
          "applyRetryMillisMax must be >= silentMillis: " + applyRetryMillisMax);
    }
  }
}
