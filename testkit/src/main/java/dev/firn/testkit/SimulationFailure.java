package dev.firn.testkit;

/** An invariant does not hold. The message names the seed and how to run it again. */
public final class SimulationFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long seed;

  SimulationFailure(long seed, String message, Throwable cause) {
    this(seed, message, "ReplayTest", cause);
  }

  /**
   * @param replayTest the test that runs a seed again
   */
  SimulationFailure(long seed, String message, String replayTest, Throwable cause) {
    super(
        """
        seed %d: %s
        replay: mvn -pl testkit -am test -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false \
        -Dfirn.seed=%d\
        """
            .formatted(seed, message, replayTest, seed),
        cause);
    this.seed = seed;
  }

  public long seed() {
    return seed;
  }
}
