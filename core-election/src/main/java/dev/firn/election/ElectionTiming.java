package dev.firn.election;

/**
 * How often a replica looks and how long it waits, milliseconds.
 *
 * @param heartbeatMillis a slave asks its coordinator this often whether it is there
 * @param heartbeatTimeoutMillis a peer that does not answer for so long is lost
 * @param checkMillis a coordinator looks for other coordinators and after its members this often
 * @param inactiveCheckMillis a replica without a group looks for others this often
 * @param priorityDelayMillis what a replica waits for each higher one that could invite instead
 * @param invitationMillis a coordinator waits at most this long for those it invited
 * @param stateLimitMillis longest stay in a state other than INACTIVE and NORMAL; the limit of a
 *     transfer of all topics too
 * @param updateTimeoutMillis a member that does not confirm an update for so long is evicted
 * @param forwardTimeoutMillis the outcome of a forwarded command is unknown after this
 * @param backOffMinMillis the first pause after a failed invitation
 * @param backOffMaxMillis the longest
 */
public record ElectionTiming(
    long heartbeatMillis,
    long heartbeatTimeoutMillis,
    long checkMillis,
    long inactiveCheckMillis,
    long priorityDelayMillis,
    long invitationMillis,
    long stateLimitMillis,
    long updateTimeoutMillis,
    long forwardTimeoutMillis,
    long backOffMinMillis,
    long backOffMaxMillis) {
  public static final ElectionTiming DEFAULTS =
      new ElectionTiming(250, 750, 500, 100, 100, 1000, 15_000, 2500, 30_000, 1000, 60_000);

  public ElectionTiming {
    requirePositive(heartbeatMillis, "heartbeatMillis");
    requirePositive(heartbeatTimeoutMillis, "heartbeatTimeoutMillis");
    requirePositive(checkMillis, "checkMillis");
    requirePositive(inactiveCheckMillis, "inactiveCheckMillis");
    requirePositive(priorityDelayMillis, "priorityDelayMillis");
    requirePositive(invitationMillis, "invitationMillis");
    requirePositive(stateLimitMillis, "stateLimitMillis");
    requirePositive(updateTimeoutMillis, "updateTimeoutMillis");
    requirePositive(forwardTimeoutMillis, "forwardTimeoutMillis");
    requirePositive(backOffMinMillis, "backOffMinMillis");
    if (backOffMaxMillis < backOffMinMillis) {
      throw new IllegalArgumentException(
          "backOffMaxMillis must be >= " + backOffMinMillis + ": " + backOffMaxMillis);
    }
  }

  /**
   * These times, none longer than ZeroC's three properties say where the user set them.
   *
   * @param masterTimeoutMillis {@code Election.MasterTimeout}, bounds the heartbeats
   * @param electionTimeoutMillis {@code Election.ElectionTimeout}, bounds the checks
   * @param responseTimeoutMillis {@code Election.ResponseTimeout}, bounds waiting for invited ones
   */
  public ElectionTiming boundedBy(
      long masterTimeoutMillis, long electionTimeoutMillis, long responseTimeoutMillis) {
    return new ElectionTiming(
        atMost(heartbeatMillis, masterTimeoutMillis),
        heartbeatTimeoutMillis,
        atMost(checkMillis, electionTimeoutMillis),
        atMost(inactiveCheckMillis, electionTimeoutMillis),
        atMost(priorityDelayMillis, responseTimeoutMillis),
        atMost(invitationMillis, responseTimeoutMillis),
        stateLimitMillis,
        updateTimeoutMillis,
        forwardTimeoutMillis,
        backOffMinMillis,
        backOffMaxMillis);
  }

  /**
   * The same but for how long a silent peer is waited for; never less than the time in which it is
   * asked twice. Where processes do not get their turn in time, a group that gives a peer up leaves
   * the updates under way without an answer, though nothing is wrong with it.
   */
  public ElectionTiming withHeartbeatTimeout(long millis) {
    return new ElectionTiming(
        heartbeatMillis,
        Math.max(millis, 2 * heartbeatMillis),
        checkMillis,
        inactiveCheckMillis,
        priorityDelayMillis,
        invitationMillis,
        stateLimitMillis,
        updateTimeoutMillis,
        forwardTimeoutMillis,
        backOffMinMillis,
        backOffMaxMillis);
  }

  /** A limit of 0, "at once" for ZeroC, would be a busy loop: it counts as the shortest time. */
  private static long atMost(long value, long limit) {
    return Math.max(1, Math.min(value, limit));
  }

  private static void requirePositive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be >= 1: " + value);
    }
  }
}
