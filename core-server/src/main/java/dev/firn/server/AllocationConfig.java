package dev.firn.server;

/**
 * @param waitingMax how many requests of one session may wait
 */
public record AllocationConfig(int waitingMax) {
  public static final AllocationConfig DEFAULT = new AllocationConfig(1_000);

  public AllocationConfig {
    if (waitingMax < 1) {
      throw new IllegalArgumentException("waitingMax must be >= 1: " + waitingMax);
    }
  }
}
