package dev.firn.testkit;

/** An invariant does not hold. The message names the seed and how to run it again. */
public final class SimulationFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long seed;

  SimulationFailure(long seed, String message, Throwable cause) {
    super(
        """
        seed %d: %s
        replay: mvn -pl testkit -am test -Dtest=ReplayTest -Dsurefire.failIfNoSpecifiedTests=false \
        -Dfirn.seed=%d"""
            .formatted(seed, message, seed),
        cause);
    this.seed = seed;
  }

  public long seed() {
    return seed;
  }
}
