package dev.firn.failover;

import static java.util.Objects.requireNonNull;

/**
 * How a {@link StreamWriter} goes about it.
 *
 * @param batchBytes changes are sent when there are so many bytes of them
 * @param batchMillis or when the oldest has waited so long
 * @param updatesUnderWayMax updates sent and not answered
 * @param queueBytesMax changes kept as they came; what is more is kept by key, newest value only
 * @param dirtyKeysMax keys that wait; if there are more, everything is published anew
 * @param chunkBytes of a part of a whole state at most, unless one item is larger
 * @param retryMillis wait after a failure
 * @param unprotectedMillis nothing acknowledged for so long means that the state is unprotected
 * @param probeMillis an idle writer asks so often whether the stream is still its own
 * @param waitWhenUnprotected whether flushes wait until the state is protected again
 */
public record WriterConfig(
    StreamLimits limits,
    long batchBytes,
    long batchMillis,
    int updatesUnderWayMax,
    long queueBytesMax,
    int dirtyKeysMax,
    long chunkBytes,
    long retryMillis,
    long unprotectedMillis,
    long probeMillis,
    boolean waitWhenUnprotected) {
  public static final WriterConfig DEFAULTS =
      new WriterConfig(
          StreamLimits.DEFAULTS,
          64 << 10,
          1,
          16,
          64L << 20,
          100_000,
          256 << 10,
          100,
          2_000,
          500,
          false);

  public WriterConfig {
    requireNonNull(limits, "limits");
    if (updatesUnderWayMax < 1 || batchBytes < 1 || chunkBytes < 1 || dirtyKeysMax < 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
    if (batchMillis < 0 || retryMillis < 1 || unprotectedMillis < 1 || probeMillis < 1) {
      throw new IllegalArgumentException("times must be positive");
    }
  }

  public WriterConfig withWaitWhenUnprotected(boolean wait) {
    return new WriterConfig(
        limits,
        batchBytes,
        batchMillis,
        updatesUnderWayMax,
        queueBytesMax,
        dirtyKeysMax,
        chunkBytes,
        retryMillis,
        unprotectedMillis,
        probeMillis,
        wait);
  }
}
