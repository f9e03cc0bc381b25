package dev.firn.replication;

/** When a slave sends keep-alives, and when it has waited too long for an answer. */
final class KeepAlives {
  private boolean running;
  private boolean awaited;
  private long timeoutMillis;
  private long lastMillis;

  /** A session began; half its time-out later the first keep-alive is due. */
  void start(long nowMillis, long sessionTimeoutMillis) {
    running = true;
    awaited = false;
    timeoutMillis = sessionTimeoutMillis;
    lastMillis = nowMillis;
  }

  void stop() {
    running = false;
    awaited = false;
  }

  void sent(long nowMillis) {
    awaited = true;
    lastMillis = nowMillis;
  }

  void answered(long nowMillis) {
    awaited = false;
    lastMillis = nowMillis;
  }

  /** Whether an answer is awaited. */
  boolean isAwaited() {
    return awaited;
  }

  boolean isDue(long nowMillis) {
    return running && !awaited && waitedMillis(nowMillis) >= timeoutMillis / 2;
  }

  boolean isOverdue(long nowMillis) {
    return awaited && waitedMillis(nowMillis) > timeoutMillis;
  }

  /** Since the last keep-alive, or its answer. */
  long waitedMillis(long nowMillis) {
    return nowMillis - lastMillis;
  }
}
