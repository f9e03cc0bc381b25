package dev.firn.failover;

import static java.util.Objects.requireNonNull;

/**
 * How an instance behaves.
 *
 * @param standalone activates itself; follows nobody
 * @param replicated whether there is a state replicator
 * @param managed whether the registry's leases decide who is active
 * @param requireLocator whether a standalone instance waits until the locator knows it
 * @param allowUnsyncedActivate whether a plain activate, or a lease, may do without the replicator
 * @param stopWhenUnprotected whether the active one stands by when its state is not kept elsewhere
 */
public record RoleConfig(
    boolean standalone,
    boolean replicated,
    boolean managed,
    Fencing fencing,
    boolean requireLocator,
    boolean allowUnsyncedActivate,
    boolean stopWhenUnprotected,
    Times times) {
  /**
   * How long things may take.
   *
   * @param activateMillis a whole activation; a quarter of it is for undoing
   * @param standbyMillis a whole deactivation; half of it at most for requests in progress
   * @param catchUpMillis for the newest state, and for an answer about the epoch
   * @param stepMillis a flush, and the locator
   * @param bindRetryMillis between attempts to open the service adapter
   * @param renewMillis how often an active one with {@link Fencing#LEASE} has its epoch confirmed
   * @param leaseMillis how long it serves without, from the moment in which it asked
   * @param awayMillis between two steps of an active one: more, and the process has been stopped
   */
  public record Times(
      long activateMillis,
      long standbyMillis,
      long catchUpMillis,
      long stepMillis,
      long bindRetryMillis,
      long renewMillis,
      long leaseMillis,
      long awayMillis) {
    public static final Times DEFAULTS =
        new Times(20_000, 20_000, 5_000, 3_000, 100, 500, 2_000, 1_000);

    public Times {
      if (activateMillis < 1
          || standbyMillis < 1
          || catchUpMillis < 0
          || stepMillis < 0
          || bindRetryMillis < 1
          || renewMillis < 1
          || leaseMillis <= renewMillis
          || awayMillis < 4) {
        throw new IllegalArgumentException(
            "times of a role must be above 0, the lease above renew");
      }
    }
  }

  public RoleConfig {
    requireNonNull(fencing, "fencing");
    requireNonNull(times, "times");
    if (standalone && managed) {
      throw new IllegalArgumentException("a standalone instance has nobody who gives it the role");
    }
  }

  /** A member of a group with a replicator, all defaults. */
  public static RoleConfig member() {
    return new RoleConfig(false, true, false, Fencing.EPOCH, true, false, false, Times.DEFAULTS);
  }

  /** Outside any group, all defaults. */
  public static RoleConfig alone() {
    return new RoleConfig(true, false, false, Fencing.EPOCH, true, false, false, Times.DEFAULTS);
  }

  public RoleConfig withReplicated(boolean value) {
    return new RoleConfig(
        standalone,
        value,
        managed,
        fencing,
        requireLocator,
        allowUnsyncedActivate,
        stopWhenUnprotected,
        times);
  }

  public RoleConfig withManaged(boolean value) {
    return new RoleConfig(
        standalone,
        replicated,
        value,
        fencing,
        requireLocator,
        allowUnsyncedActivate,
        stopWhenUnprotected,
        times);
  }

  public RoleConfig withFencing(Fencing value) {
    return new RoleConfig(
        standalone,
        replicated,
        managed,
        value,
        requireLocator,
        allowUnsyncedActivate,
        stopWhenUnprotected,
        times);
  }

  public RoleConfig withRequireLocator(boolean value) {
    return new RoleConfig(
        standalone,
        replicated,
        managed,
        fencing,
        value,
        allowUnsyncedActivate,
        stopWhenUnprotected,
        times);
  }

  public RoleConfig withAllowUnsyncedActivate(boolean value) {
    return new RoleConfig(
        standalone,
        replicated,
        managed,
        fencing,
        requireLocator,
        value,
        stopWhenUnprotected,
        times);
  }

  public RoleConfig withStopWhenUnprotected(boolean value) {
    return new RoleConfig(
        standalone,
        replicated,
        managed,
        fencing,
        requireLocator,
        allowUnsyncedActivate,
        value,
        times);
  }

  /** With these time-outs of the whole, and the others as they are. */
  public RoleConfig withTimeouts(long activateMillis, long standbyMillis, long catchUpMillis) {
    return new RoleConfig(
        standalone,
        replicated,
        managed,
        fencing,
        requireLocator,
        allowUnsyncedActivate,
        stopWhenUnprotected,
        new Times(
            activateMillis,
            standbyMillis,
            catchUpMillis,
            times.stepMillis,
            times.bindRetryMillis,
            times.renewMillis,
            times.leaseMillis,
            times.awayMillis));
  }
}
