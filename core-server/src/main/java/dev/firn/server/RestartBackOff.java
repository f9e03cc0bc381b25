package dev.firn.server;

import java.util.random.RandomGenerator;

/**
 * How long a server that is always to run waits before it is started again: longer with each
 * failure that follows another one.
 */
final class RestartBackOff {
  private final ServerConfig config;
  private final RandomGenerator random;
  private int failures;
  private String lastFailure = "";

  RestartBackOff(ServerConfig config, RandomGenerator random) {
    this.config = config;
    this.random = random;
  }

  /**
   * A run has ended that nobody had ended.
   *
   * @param activeMillis how long the server was active, 0 if it never was
   */
  void failed(long activeMillis, String reason) {
    failures = activeMillis >= config.healthyMillis() ? 1 : failures + 1;
    lastFailure = reason;
  }

  /** Somebody has looked after the server. */
  void clear() {
    failures = 0;
    lastFailure = "";
  }

  /** Failures that followed each other; the first one costs nothing. */
  int failures() {
    return failures;
  }

  String lastFailure() {
    return lastFailure;
  }

  /** Whether the next start is put off for longer than usual. */
  boolean isPutOff() {
    return failures > 1;
  }

  long delayMillis() {
    if (!isPutOff()) {
      return config.restartDelayMillis();
    }
    // A quarter more at most, so that servers that failed together do not start together for ever.
    int doublings = Math.min(failures - 1, 30);
    long delay = Math.min(config.restartDelayMillis() << doublings, config.restartDelayMaxMillis());
    return delay + random.nextLong(delay / 4 + 1);
  }
}
