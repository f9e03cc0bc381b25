package dev.firn.election;

/** A pause that grows with every failure that follows the last one closely. */
final class BackOff {
  private final long minMillis;
  private final long maxMillis;
  private long delayMillis;
  private long untilMillis = Long.MIN_VALUE;

  BackOff(long minMillis, long maxMillis) {
    this.minMillis = minMillis;
    this.maxMillis = maxMillis;
  }

  boolean isOver(long nowMillis) {
    return nowMillis >= untilMillis;
  }

  /** When it ends; in the past if there is none. */
  long untilMillis() {
    return untilMillis;
  }

  void failed(long nowMillis) {
    boolean follows = delayMillis > 0 && nowMillis < untilMillis + 2 * delayMillis;
    delayMillis = follows ? Math.min(2 * delayMillis, maxMillis) : minMillis;
    untilMillis = nowMillis + delayMillis;
  }

  void reset() {
    delayMillis = 0;
    untilMillis = Long.MIN_VALUE;
  }
}
