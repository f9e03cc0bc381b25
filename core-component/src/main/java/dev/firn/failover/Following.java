package dev.firn.failover;

import dev.firn.failover.RoleOutput.Severity;

/**
 * Start-up, and standing by: what the instance has found, and how far it has followed the stream.
 *
 * <p>A member of a group follows its replicator; a standalone instance follows nobody and activates
 * itself.
 */
final class Following {
  private static final long SELF_RETRY_MILLIS_MAX = 10_000;

  private final Role role;
  private final boolean follows;
  private boolean found;
  private boolean configured;
  private boolean listening;
  private boolean synced;

  /** Whether the instance is to activate itself, and when it tries. */
  private boolean wantsItself;

  private long selfDueMillis = Role.NEVER;
  private long selfRetryMillis = 1_000;

  Following(Role role) {
    this.role = role;
    follows = role.config.replicated() && !role.config.standalone();
    wantsItself = role.config.standalone();
  }

  void start() {
    role.add(new RoleOutput.RegisterBackplane());
    if (role.config.replicated()) {
      role.add(new RoleOutput.FindReplicator());
    }
    if (!follows) {
      role.add(new RoleOutput.RegisterConfiguration());
    }
    if (role.config.standalone() && !role.config.requireLocator()) {
      leaveStarting("does not need the locator");
    }
  }

  void located() {
    leaveStarting("known to the locator");
  }

  void replicatorFound() {
    boolean again = found;
    found = true;
    if (follows && !again) {
      role.add(new RoleOutput.RegisterConfiguration());
      leaveStarting("the state replicator was found");
    }
  }

  void replicatorLost(String reason) {
    found = false;
    synced = false;
    configured = false;
    if (follows && role.is(RoleState.STANDBY)) {
      role.enter(RoleState.SYNCING, reason);
    }
  }

  void configurationRegistered() {
    configured = true;
    if (follows && role.state().isStandingBy()) {
      listen(!listening);
    }
  }

  void synced(long appliedSeq) {
    if (!listening) {
      return;
    }
    synced = true;
    if (appliedSeq < role.appliedSeq()) {
      role.head(appliedSeq); // another stream than before
    }
    role.applied(appliedSeq);
    settle("has the whole state");
  }

  void progress(long appliedSeq, long headSeq) {
    if (listening) {
      role.applied(appliedSeq);
      // What was read with a claim may be more than what has arrived.
      role.head(Math.max(role.headSeq(), headSeq));
    }
  }

  /** Whether the state replicator can be asked. */
  boolean found() {
    return found;
  }

  boolean follows() {
    return follows;
  }

  /** Whether everything that is known to exist has been applied. */
  boolean caughtUp() {
    return !follows || (synced && role.appliedSeq() >= role.headSeq());
  }

  boolean ready() {
    return role.is(RoleState.STANDBY) && (!follows || synced);
  }

  boolean listens() {
    return listening;
  }

  void stopListening() {
    if (listening) {
      listening = false;
      role.add(new RoleOutput.StopListening());
    }
  }

  /** After an activation that has not gone far, or a deactivation. */
  void standBy(String reason) {
    role.enter(RoleState.SYNCING, reason);
    if (follows && !listening) {
      synced = false;
      if (found && configured) {
        listen(true);
      }
    }
    settle(follows ? "has the whole state" : "has nothing to follow");
    if (wantsItself) {
      selfDueMillis = role.now() + selfRetryMillis;
      selfRetryMillis = Math.min(selfRetryMillis * 2, SELF_RETRY_MILLIS_MAX);
    }
  }

  /** Somebody wants the instance to stand by. */
  void isToStandBy() {
    if (role.config.standalone()) {
      role.report(
          Severity.WARNING,
          "role: a standalone instance stands by, as it was told; nobody else serves");
    }
    wantsItself = false;
    selfDueMillis = Role.NEVER;
  }

  /** Somebody wants it to be active, or it is. */
  void isToBeActive() {
    wantsItself = role.config.standalone();
    selfDueMillis = Role.NEVER;
  }

  void succeeded() {
    selfRetryMillis = 1_000;
  }

  long dueMillis() {
    return role.state().isStandingBy() ? selfDueMillis : Role.NEVER;
  }

  /** Whether it is time for the instance to activate itself. */
  boolean takeDue() {
    if (dueMillis() > role.now()) {
      return false;
    }
    selfDueMillis = Role.NEVER;
    return true;
  }

  private void leaveStarting(String reason) {
    if (!role.is(RoleState.STARTING)) {
      return;
    }
    role.enter(RoleState.SYNCING, reason);
    settle("has nothing to follow");
    if (wantsItself) {
      selfDueMillis = role.now();
    }
  }

  private void settle(String reason) {
    if (role.is(RoleState.SYNCING) && (!follows || (listening && synced && found))) {
      role.enter(RoleState.STANDBY, reason);
    }
  }

  private void listen(boolean replaceAll) {
    listening = true;
    role.add(new RoleOutput.Listen(replaceAll));
  }
}
