package dev.firn.failover;

/**
 * Times of the leases of active roles.
 *
 * @param termMillis how long a lease lasts, from the moment in which its holder asked for it
 * @param marginMillis how much longer nobody else gets it: a tenth of the term allows clocks that
 *     differ by a tenth in rate
 * @param holdMillis how long a campaign may wait for the role
 * @param freshMillis how long a candidate is believed to be there after its last campaign was
 *     answered
 * @param forgetMillis after which it is no candidate any more
 * @param settleMillis how long the first candidate of a group waits for others
 * @param coolDownMillis how long one that gave the role back is not the first choice
 * @param transferMillis how long a transfer may take
 * @param fallbackAfterMillis how long the preferred instance has to be ready before it is given the
 *     role back; 0: never by itself
 * @param groupsMax how many groups there may be
 * @param candidatesMax how many candidates a group may have
 */
public record LeaseConfig(
    long termMillis,
    long marginMillis,
    long holdMillis,
    long freshMillis,
    long forgetMillis,
    long settleMillis,
    long coolDownMillis,
    long transferMillis,
    long fallbackAfterMillis,
    int groupsMax,
    int candidatesMax) {
  /**
   * How long a registry that becomes the master gives the role to nobody who says that he has none.
   * A holder relies on it: from the moment in which it asked registries that all were no masters,
   * it has the role for so long, whatever happens to its campaigns while a master starts. So this
   * is not a setting.
   */
  public static final long NEW_MASTER_MILLIS = 3_000;

  public LeaseConfig {
    if (termMillis < 1
        || marginMillis < termMillis / 10
        || holdMillis < 0
        || holdMillis >= termMillis
        || freshMillis < 1
        || transferMillis < 1
        || fallbackAfterMillis < 0
        || groupsMax < 1
        || candidatesMax < 2) {
      throw new IllegalArgumentException("times of leases: the margin is a tenth of the term");
    }
  }

  public static LeaseConfig defaults() {
    return new LeaseConfig(1_000, 100, 250, 500, 10_000, 300, 1_000, 45_000, 0, 10_000, 64);
  }

  /** After which nobody has a lease any more; the last one is for the rounding of clocks. */
  long wholeMillis() {
    return termMillis + marginMillis + 1;
  }

  /**
   * After which a new master is sure of that; registries' clocks and instances' differ here too.
   */
  long newMasterMillis() {
    return Math.max(wholeMillis(), NEW_MASTER_MILLIS + NEW_MASTER_MILLIS / 10 + 1);
  }

  public LeaseConfig withFallbackAfter(long millis) {
    return new LeaseConfig(
        termMillis,
        marginMillis,
        holdMillis,
        freshMillis,
        forgetMillis,
        settleMillis,
        coolDownMillis,
        transferMillis,
        millis,
        groupsMax,
        candidatesMax);
  }
}
