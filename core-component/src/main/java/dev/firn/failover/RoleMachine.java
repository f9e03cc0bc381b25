package dev.firn.failover;

import dev.firn.failover.Activation.Loss;
import dev.firn.failover.Activation.Step;
import dev.firn.failover.RoleOutput.Severity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The life of one instance of a component: it follows the active one, becomes it, and stands by
 * again. The states and their transitions are those of {@link RoleState}.
 *
 * <p>Every request is answered once, in bounded time. An instance serves only with an epoch that it
 * has accepted, and never with a lower one than it has heard of.
 *
 * <p>One thread at a time uses it; {@link #view} is for any.
 */
public final class RoleMachine {
  private static final int TURNS_MAX = 8;

  private final Role role;
  private final Following following;
  private final Activation activation;
  private final Deactivation deactivation;
  private final Tenure tenure;
  private final RoleRequests requests;

  /** Listeners have been told so, and not the contrary. */
  private boolean wasActive;

  /** Until then who asked it to stand by waits for the state to come back. */
  private long arrivalMillis = Role.NEVER;

  private boolean over;
  private String unprotected = "";
  private volatile RoleView view;

  public RoleMachine(RoleConfig config, long nowMillis) {
    role = new Role(config, nowMillis);
    following = new Following(role);
    activation = new Activation(role, following, this);
    deactivation = new Deactivation(role, this);
    tenure = new Tenure(role, this);
    requests = new RoleRequests(role, activation, tenure, following, this);
    view = look();
  }

  /**
   * @param nowMillis the host's monotonic time
   * @return what is to be done, in this order
   */
  public List<RoleOutput> step(long nowMillis, RoleInput input) {
    role.now(Math.max(nowMillis, role.now()));
    tenure.step();
    input.apply(this);
    carryOn();
    view = look();
    return role.take();
  }

  /** When a {@link RoleInput.Tick} is due; empty if not before something else happens. */
  public OptionalLong wakeAtMillis() {
    long due = dueMillis();
    return over || due == Role.NEVER ? OptionalLong.empty() : OptionalLong.of(due);
  }

  /** The instance after the last step. Any thread. */
  public RoleView view() {
    return view;
  }

  private long dueMillis() {
    return Math.min(
        Math.min(Math.min(activation.dueMillis(), deactivation.dueMillis()), arrivalMillis),
        Math.min(tenure.dueMillis(), following.dueMillis()));
  }

  private void carryOn() {
    if (over) {
      return;
    }
    // What one part comes to may be the other's turn at once.
    for (int turn = 0; turn < TURNS_MAX && (turn == 0 || dueMillis() <= role.now()); turn++) {
      tenure.tick();
      activation.tick();
      deactivation.tick();
      requests.carryOn();
      arrive();
      if (following.takeDue()) {
        activation.begin(0, Loss.ANY, "standalone");
      }
    }
  }

  // Inputs.

  Following following() {
    return following;
  }

  Activation activation() {
    return activation;
  }

  Deactivation deactivation() {
    return deactivation;
  }

  Tenure tenure() {
    return tenure;
  }

  RoleRequests requests() {
    return requests;
  }

  void replicatorLost(String reason) {
    following.replicatorLost(reason);
    activation.progressed();
  }

  void synced(long appliedSeq) {
    following.synced(appliedSeq);
    activation.progressed();
  }

  void progress(long appliedSeq, long headSeq) {
    following.progress(appliedSeq, headSeq);
    activation.progressed();
  }

  /**
   * Where nobody confirms an epoch, the next one is above this. Between the claim and its answer it
   * does not matter; after it, a higher one is another's claim.
   */
  void followed(long epoch) {
    if (!following.listens()) {
      return;
    }
    if (activation.step() == Step.CATCH_UP && epoch > role.epoch()) {
      superseded(epoch, "the stream has a newer epoch");
    } else {
      role.hear(epoch);
    }
  }

  void hookDone(long run) {
    activation.hookDone(run);
    deactivation.hookDone(run);
  }

  void hookFailed(long run, String reason) {
    activation.hookFailed(run, reason);
    deactivation.hookFailed(run, reason);
  }

  void claimed(long run, long epoch, long headSeq) {
    activation.claimed(run, epoch, headSeq);
    tenure.claimed(run, epoch);
  }

  void claimRefused(long run, long current) {
    activation.claimRefused(run, current);
    tenure.claimRefused(run, current);
  }

  void claimFailed(long run, String reason) {
    activation.claimFailed(run, reason);
    tenure.claimFailed(run, reason);
  }

  /** A refusal may come at any time, as the host registers again and again. */
  void registerRefused(long run, long current) {
    if (tenure.isRaisingTo(current)) {
      return;
    }
    role.hear(current);
    if (!activation.registerRefused(run, current) && current > role.epoch()) {
      superseded(current, "the locator refuses the epoch");
    }
  }

  void staleWriter(long epoch, long current) {
    if (epoch == role.epoch() && current >= epoch && !tenure.isRaisingTo(current)) {
      superseded(current, "the stream refuses the epoch");
    }
  }

  void protectedAgain() {
    if (!unprotected.isEmpty()) {
      unprotected = "";
      role.report(Severity.INFO, "role: the state is protected again");
    }
  }

  void unprotected(String reason) {
    if (!role.is(RoleState.ACTIVE)) {
      return;
    }
    unprotected = reason;
    role.report(Severity.WARNING, "role: the state is not protected: " + reason);
    if (role.config.stopWhenUnprotected()) {
      role.error("the state was not protected: " + reason);
      standDown("the state is not protected");
    }
  }

  void leaseGranted(long epoch, long untilMillis) {
    if (!role.config.managed() || !tenure.leaseGranted(epoch, untilMillis)) {
      return;
    }
    boolean isOld = epoch < role.known();
    role.hear(epoch);
    switch (role.state()) {
      case STARTING, SYNCING, STANDBY -> {
        if (isOld) {
          releaseLease();
        } else {
          activation.begin(
              epoch, role.config.allowUnsyncedActivate() ? Loss.ANY : Loss.NONE, "has the lease");
        }
      }
      case ACTIVE -> {
        if (epoch > role.epoch()) {
          tenure.raise(Optional.empty(), epoch);
        }
      }
      case FAILED, STOPPING -> releaseLease();
      case ACTIVATING, DEACTIVATING -> {
        // Raised when active, released when standing by.
      }
    }
  }

  void leaseRecalled(long epoch) {
    if (tenure.hasLease(epoch)) {
      standDown("the role goes to another");
    }
  }

  void leaseLost(long epoch, String reason) {
    if (tenure.hasLease(epoch)) {
      tenure.spend();
      giveUp(reason, new RoleAnswer.Failed("the lease is lost: " + reason));
    }
  }

  void stop() {
    if (role.is(RoleState.STOPPING)) {
      return;
    }
    requests.refuseLater("the instance stops");
    if (role.is(RoleState.ACTIVE)) {
      leaveActive(RoleState.STOPPING, "asked to");
      deactivation.plan();
    } else if (role.is(RoleState.ACTIVATING)) {
      role.enter(RoleState.STOPPING, "asked to");
      activation.fail(new RoleAnswer.Failed("the instance stops"));
    } else if (role.is(RoleState.DEACTIVATING)) {
      role.enter(RoleState.STOPPING, "asked to");
    } else {
      role.enter(RoleState.STOPPING, "asked to");
      end();
    }
  }

  // What the parts have come to.

  void activated() {
    role.enter(RoleState.ACTIVE, "epoch " + role.epoch());
    wasActive = true;
    unprotected = "";
    following.succeeded();
    tenure.begin();
    role.add(new RoleOutput.NotifyListeners(true));
    requests.active();
  }

  void activationFailed(Step reached, RoleAnswer answer) {
    String text = text(answer);
    role.error(text);
    role.report(Severity.WARNING, "role: not active: " + text);
    requests.outcome(answer);
    if (reached.compareTo(Step.HOOK) < 0) {
      standBy(text);
      return;
    }
    if (!role.is(RoleState.STOPPING)) {
      role.enter(RoleState.DEACTIVATING, text);
    }
    deactivation.undo(reached, activation.undoMillis());
  }

  private static String text(RoleAnswer answer) {
    if (answer instanceof RoleAnswer.Failed failed) {
      return failed.reason();
    } else if (answer instanceof RoleAnswer.Stale stale) {
      return "epoch " + stale.currentEpoch() + " is newer";
    } else if (answer instanceof RoleAnswer.NotSynchronized behind) {
      return "has not the newest state: applied " + behind.appliedSeq() + " of " + behind.headSeq();
    }
    throw new IllegalStateException("not a failure: " + answer);
  }

  /**
   * @param hookHangs whether the component is still in its hook
   */
  void deactivated(boolean hookHangs) {
    if (role.is(RoleState.STOPPING)) {
      end();
    } else if (hookHangs || activation.isHopeless()) {
      String reason = hookHangs ? "onStandby did not return" : role.lastError();
      role.error(reason);
      role.report(Severity.ERROR, "role: failed, restart the instance: " + reason);
      role.enter(RoleState.FAILED, reason);
      releaseLease();
      requests.notActive();
      arrived();
    } else {
      standBy("not active any more");
    }
  }

  private void standBy(String reason) {
    if (role.is(RoleState.STOPPING)) {
      end();
      return;
    }
    following.standBy(reason);
    releaseLease();
    requests.notActive();
    long stepMillis = role.config.times().stepMillis();
    if (wasActive) {
      arrivalMillis = Math.min(role.now() + stepMillis, deactivation.deadlineMillis());
      arrive();
    } else {
      arrived();
    }
  }

  /** One that was active stands by when it has the whole state again; within a limit. */
  private void arrive() {
    boolean waits = role.is(RoleState.SYNCING) && following.found() && role.now() < arrivalMillis;
    if (isArriving() && !waits) {
      arrived();
    }
  }

  private void arrived() {
    arrivalMillis = Role.NEVER;
    if (wasActive) {
      wasActive = false;
      role.add(new RoleOutput.NotifyListeners(false));
    }
    requests.standsBy();
  }

  boolean isArriving() {
    return arrivalMillis != Role.NEVER;
  }

  private void end() {
    following.stopListening();
    if (role.config.managed()) {
      role.add(new RoleOutput.ReleaseLease(tenure.leaseEpoch(), true));
      tenure.spend();
    }
    requests.outcome(new RoleAnswer.Failed("the instance stops"));
    requests.notActive();
    arrived();
    over = true;
    role.add(new RoleOutput.End());
  }

  private void releaseLease() {
    if (tenure.hasLease()) {
      role.add(new RoleOutput.ReleaseLease(tenure.leaseEpoch(), false));
    }
    tenure.spend();
  }

  boolean isOver() {
    return over;
  }

  boolean isDraining() {
    return deactivation.isDraining();
  }

  /** The active instance has a higher epoch. */
  void epochRaised() {
    role.add(new RoleOutput.StartPublishing(role.epoch(), false));
    role.add(new RoleOutput.Register(role.nextRun(), role.epoch()));
  }

  /** From whatever it is to standby, in order. */
  void standDown(String reason) {
    if (role.is(RoleState.ACTIVE)) {
      leaveActive(RoleState.DEACTIVATING, reason);
      deactivation.plan();
    } else if (role.is(RoleState.ACTIVATING)) {
      activation.fail(new RoleAnswer.Failed(reason));
    }
  }

  /** Another has a newer epoch. */
  void superseded(long current, String reason) {
    role.hear(current);
    giveUp(reason + ": " + current, new RoleAnswer.Stale(role.known()));
  }

  void leaseOver() {
    tenure.spend();
    giveUp("the lease has run out", new RoleAnswer.Failed("the lease has run out"));
  }

  /** From whatever it is to standby, at once. */
  private void giveUp(String reason, RoleAnswer answer) {
    if (role.is(RoleState.ACTIVE)) {
      role.error(reason);
      role.report(Severity.ERROR, "role: stands by at once: " + reason);
      leaveActive(RoleState.DEACTIVATING, reason);
      deactivation.atOnce();
    } else if (role.is(RoleState.ACTIVATING)) {
      activation.fail(answer);
    } else {
      deactivation.hurry();
    }
  }

  private void leaveActive(RoleState next, String reason) {
    role.enter(next, reason);
    tenure.end();
  }

  private RoleView look() {
    boolean serves = role.is(RoleState.ACTIVE) || deactivation.isDraining();
    // What one that does not publish any more once lacked is nothing that is wrong now.
    boolean isProtected = unprotected.isEmpty() || !serves;
    return new RoleView(
        role.state(),
        role.config.standalone(),
        role.epoch(),
        role.known(),
        serves && tenure.isConfirmed(),
        deactivation.isDraining(),
        serves ? tenure.servesUntilMillis() : role.now(),
        role.appliedSeq(),
        role.headSeq(),
        role.sinceMillis(),
        following.ready(),
        isProtected,
        isProtected ? role.lastError() : RoleView.UNPROTECTED + unprotected,
        over);
  }
}
