package dev.firn.failover;

/**
 * An instance after a step; for readers on any thread.
 *
 * <p>A request may be answered only while {@link #maySend} says so, asked after the request's work
 * is done: a process that was stopped in between does not know yet that it is not the active one.
 *
 * @param epoch the highest that this instance has accepted
 * @param knownEpoch the highest that it has heard of: what a candidate reports
 * @param confirmed whether the instance is active and nothing speaks against it
 * @param draining whether requests in progress may still be answered, on the way to standby or to
 *     the end
 * @param servesUntilMillis in the host's monotonic time: later nobody may be answered before the
 *     next step
 * @param sinceMillis of the last change of state, in the host's monotonic time
 * @param ready whether it could become active now
 * @param protectedState whether what the active one does is kept elsewhere
 * @param lastError why the last change of role failed, or what is wrong now; may be empty
 * @param ended whether the host may go
 */
public record RoleView(
    RoleState state,
    boolean standalone,
    long epoch,
    long knownEpoch,
    boolean confirmed,
    boolean draining,
    long servesUntilMillis,
    long appliedSeq,
    long headSeq,
    long sinceMillis,
    boolean ready,
    boolean protectedState,
    String lastError,
    boolean ended) {
  /** What {@link #lastError} begins with while {@link #protectedState} is false; for people. */
  public static final String UNPROTECTED = "unprotected: ";

  /** The same, when the role cannot go on: nobody is served any more. */
  public RoleView failed(String reason) {
    return new RoleView(
        RoleState.FAILED,
        standalone,
        epoch,
        knownEpoch,
        false,
        false,
        servesUntilMillis,
        appliedSeq,
        headSeq,
        sinceMillis,
        false,
        protectedState,
        reason,
        ended);
  }

  public boolean isActive() {
    return state == RoleState.ACTIVE;
  }

  /**
   * Whether a client's request may be answered.
   *
   * @param nowMillis the host's monotonic time
   */
  public boolean maySend(long nowMillis) {
    return confirmed && nowMillis < servesUntilMillis;
  }
}
