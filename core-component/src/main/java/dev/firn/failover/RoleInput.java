package dev.firn.failover;

/** What happens to an instance. Whoever has a {@link RoleRequestId} is answered exactly once. */
public sealed interface RoleInput {
  /** The backplane is open. The first input. */
  record Start() implements RoleInput {}

  record BackplaneRegistered() implements RoleInput {}

  record ReplicatorFound() implements RoleInput {}

  record ReplicatorLost(String reason) implements RoleInput {}

  record ConfigurationRegistered() implements RoleInput {}

  /** All of the stream is applied, up to here. */
  record Synchronized(long appliedSeq) implements RoleInput {}

  /**
   * @param headSeq the newest known to exist
   */
  record Progress(long appliedSeq, long headSeq) implements RoleInput {}

  // Requests.

  /** The original operation: the next epoch, whatever is lost. */
  record Activate(RoleRequestId request) implements RoleInput {}

  /**
   * @param epoch 0: the next one
   */
  record Promote(RoleRequestId request, long epoch, boolean acceptDataLoss) implements RoleInput {}

  record Standby(RoleRequestId request) implements RoleInput {}

  /**
   * @param epoch 0: whatever the epoch is
   */
  record Demote(RoleRequestId request, long epoch) implements RoleInput {}

  // Answers.

  /**
   * The epoch is this instance's.
   *
   * @param headSeq the stream's newest update, read after the claim; -1 if there is no stream
   */
  record Claimed(long run, long epoch, long headSeq) implements RoleInput {}

  record ClaimRefused(long run, long current) implements RoleInput {}

  record ClaimFailed(long run, String reason) implements RoleInput {}

  record HookDone(long run) implements RoleInput {}

  record HookFailed(long run, String reason) implements RoleInput {}

  record AdapterOpened(long run) implements RoleInput {}

  record AdapterFailed(long run, String reason) implements RoleInput {}

  record Registered(long run) implements RoleInput {}

  record RegisterFailed(long run, String reason) implements RoleInput {}

  record RegisterRefused(long run, long current) implements RoleInput {}

  record Drained(long run) implements RoleInput {}

  record Flushed(long run, long seq) implements RoleInput {}

  record FlushFailed(long run, String reason) implements RoleInput {}

  record Unregistered(long run) implements RoleInput {}

  record AdapterClosed(long run) implements RoleInput {}

  // What happens to the active one.

  /**
   * A publish was refused.
   *
   * @param epoch that it was made with
   * @param current the newest
   */
  record StaleWriter(long epoch, long current) implements RoleInput {}

  record Unprotected(String reason) implements RoleInput {}

  record ProtectedAgain() implements RoleInput {}

  /**
   * This instance has the role, or has it on.
   *
   * @param untilMillis in the host's monotonic time
   */
  record LeaseGranted(long epoch, long untilMillis) implements RoleInput {}

  /** The registry wants the role for another; the lease lasts until it is released. */
  record LeaseRecalled(long epoch) implements RoleInput {}

  /** The registry says that another has the role. */
  record LeaseLost(long epoch, String reason) implements RoleInput {}

  record Stop() implements RoleInput {}

  /** Time has passed: due at {@link RoleMachine#wakeAtMillis}. */
  record Tick() implements RoleInput {}
}
