package dev.firn.server;

/**
 * How a node treats its servers.
 *
 * @param waitTimeSeconds activation and deactivation time-out of servers that name none
 * @param disableOnFailureSeconds how long a failed server is disabled; 0 never, negative for good
 * @param allowEndpointsOverride whether an adapter of an active server may change its proxy
 * @param restartDelayMillis before an inactive server that is always to run is started
 * @param restartDelayMaxMillis what that grows to with failures that follow each other
 * @param healthyMillis how long a server has to be active for its failures to be forgotten
 * @param replicationWaitMaxMillis how long a first start waits for the other registries to know
 * @param updateWaitMillis how long a server may take over changed properties
 * @param earlyLoadWaitMillis how long a registry that knows a newer revision than the node waits
 *     for the master to say the same
 * @param killWaitMillis how long a killed process may take to be gone before callers are told
 */
public record ServerConfig(
    int waitTimeSeconds,
    int disableOnFailureSeconds,
    boolean allowEndpointsOverride,
    long restartDelayMillis,
    long restartDelayMaxMillis,
    long healthyMillis,
    long replicationWaitMaxMillis,
    long updateWaitMillis,
    long earlyLoadWaitMillis,
    long killWaitMillis) {
  public ServerConfig {
    if (waitTimeSeconds < 1) {
      throw new IllegalArgumentException("waitTimeSeconds must be >= 1: " + waitTimeSeconds);
    }
    if (restartDelayMillis < 1 || restartDelayMaxMillis < restartDelayMillis) {
      throw new IllegalArgumentException(
          "restart delay must be >= 1 and not above its maximum: " + restartDelayMillis);
    }
  }

  /** With the waiting times that nobody configures. */
  public static ServerConfig of(
      int waitTimeSeconds, int disableOnFailureSeconds, boolean allowEndpointsOverride) {
    return new ServerConfig(
        waitTimeSeconds,
        disableOnFailureSeconds,
        allowEndpointsOverride,
        500,
        60_000,
        10_000,
        10_000,
        30_000,
        3_000,
        10_000);
  }

  /**
   * The time-out that a descriptor names.
   *
   * @param text seconds; what is no number above 0 means the default
   */
  int timeoutSeconds(String text) {
    try {
      int seconds = Integer.parseInt(text);
      return seconds > 0 ? seconds : waitTimeSeconds;
    } catch (NumberFormatException e) {
      return waitTimeSeconds;
    }
  }
}
