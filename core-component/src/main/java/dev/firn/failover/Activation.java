package dev.firn.failover;

import dev.firn.failover.RoleOutput.Severity;

/**
 * From standing by to serving: an epoch, the newest state, the component's own preparations, the
 * service adapter, the locator; in this order. What was done is undone if a later step fails.
 */
final class Activation {
  /** What may be missing of the newest state. */
  enum Loss {
    NONE,
    /** What is not applied in time; but the replicator has to be there. */
    LAG,
    ANY
  }

  /** In order. */
  enum Step {
    NONE,
    WAIT,
    CLAIM,
    CATCH_UP,
    HOOK,
    OPEN,
    BIND_PAUSE,
    REGISTER
  }

  private final Role role;
  private final Following following;
  private final RoleMachine machine;
  private Step step = Step.NONE;
  private Loss loss = Loss.NONE;
  private long run;
  private long proposed;
  private long deadlineMillis;

  /** When all is over, undone or not. */
  private long endMillis;

  private long dueMillis = Role.NEVER;
  private boolean wholeState;
  private boolean claimedAgain;
  private String failure = "";
  private int hookFailures;

  Activation(Role role, Following following, RoleMachine machine) {
    this.role = role;
    this.following = following;
    this.machine = machine;
  }

  /**
   * @param epoch 0: the next one
   */
  void begin(long epoch, Loss accepted, String reason) {
    role.enter(RoleState.ACTIVATING, reason);
    machine.tenure().prepare();
    following.isToBeActive();
    proposed = epoch;
    loss = accepted;
    wholeState = !following.follows();
    claimedAgain = false;
    failure = "";
    endMillis = role.now() + role.config.times().activateMillis();
    deadlineMillis = role.now() + forwardMillis();
    if (loss == Loss.NONE && following.found() && !following.caughtUp()) {
      // A claim takes the role from the active one: not for an instance that cannot follow it.
      enter(Step.WAIT, catchUpUntilMillis());
    } else {
      claim();
    }
  }

  /** From now on; and leaves time to those who come after. */
  private long catchUpUntilMillis() {
    long halfMillis = Math.max(0, deadlineMillis - role.now()) / 2;
    return role.now() + Math.min(halfMillis, role.config.times().catchUpMillis());
  }

  private long forwardMillis() {
    return role.config.times().activateMillis() - undoMillis();
  }

  /** What undoing may take. */
  long undoMillis() {
    return role.config.times().activateMillis() / 4;
  }

  Step step() {
    return step;
  }

  /** Which epoch this activation is for; 0 if it is not known yet. */
  long proposed() {
    return proposed;
  }

  /** Somebody who joins may accept more than those before. */
  void accept(Loss accepted) {
    if (accepted.compareTo(loss) > 0) {
      loss = accepted;
      progressed();
    }
  }

  /** The stream has come further, or went. */
  void progressed() {
    if (step == Step.WAIT && (following.caughtUp() || !following.found() || loss != Loss.NONE)) {
      claim();
    } else if (step == Step.CATCH_UP && following.caughtUp()) {
      prepare();
    }
  }

  private void claim() {
    if (role.config.replicated() && !following.found()) {
      goOnUnclaimed("the state replicator is not found");
      return;
    }
    enter(Step.CLAIM, Math.max(role.now() + 1, catchUpUntilMillis()));
    role.add(new RoleOutput.Claim(run, proposed));
  }

  void claimed(long itsRun, long epoch, long headSeq) {
    if (isStale(itsRun, Step.CLAIM)) {
      return;
    }
    if (epoch < Math.max(proposed, proposed == 0 ? role.known() + 1 : role.known())) {
      claimHigher(epoch);
      return;
    }
    take(epoch);
    if (headSeq >= 0 && following.follows()) {
      // A stream that has less than was applied has been forgotten: it needs everything again.
      wholeState |= headSeq < role.appliedSeq();
      role.head(Math.max(headSeq, role.appliedSeq()));
    }
    if (following.caughtUp()) {
      prepare();
    } else {
      enter(Step.CATCH_UP, catchUpUntilMillis());
    }
  }

  private void claimHigher(long epoch) {
    if (claimedAgain) {
      fail(
          new RoleAnswer.Failed(
              "got epoch " + epoch + ", but " + role.known() + " is known; ask for a higher one"));
      return;
    }
    claimedAgain = true;
    proposed = Math.max(proposed, role.known() + 1);
    claim();
  }

  void claimRefused(long itsRun, long current) {
    if (isStale(itsRun, Step.CLAIM)) {
      return;
    }
    role.hear(current);
    if (role.config.fencing() == Fencing.NONE && !claimedAgain) {
      claimedAgain = true;
      proposed = 0;
      claim();
    } else {
      fail(new RoleAnswer.Stale(role.known()));
    }
  }

  void claimFailed(long itsRun, String reason) {
    if (!isStale(itsRun, Step.CLAIM)) {
      goOnUnclaimed(reason);
    }
  }

  private void goOnUnclaimed(String reason) {
    boolean leased = role.config.fencing() == Fencing.LEASE && !role.config.managed();
    if (leased) {
      fail(new RoleAnswer.Failed("no epoch without somebody to confirm it: " + reason));
    } else if (!role.config.replicated() || loss == Loss.ANY) {
      take(proposed == 0 ? role.known() + 1 : Math.max(proposed, role.known()));
      wholeState = true;
      role.report(
          Severity.WARNING,
          "role: activates with epoch " + role.epoch() + " that nobody has confirmed: " + reason);
      prepare();
    } else if (loss == Loss.LAG) {
      fail(new RoleAnswer.Failed(reason + "; AllowUnsyncedActivate, or promote, can do without"));
    } else {
      role.error("the newest state cannot be had: " + reason);
      fail(new RoleAnswer.NotSynchronized(role.appliedSeq(), role.headSeq()));
    }
  }

  private void take(long epoch) {
    role.accept(epoch);
    proposed = epoch;
  }

  private void prepare() {
    following.stopListening();
    enter(Step.HOOK, deadlineMillis);
    role.add(new RoleOutput.CallHook(run, RoleHook.ACTIVATE, role.epoch()));
  }

  void hookDone(long itsRun) {
    if (!isStale(itsRun, Step.HOOK)) {
      open();
    }
  }

  void hookFailed(long itsRun, String reason) {
    if (!isStale(itsRun, Step.HOOK)) {
      hookFailures++;
      fail(new RoleAnswer.Failed("onActivate failed: " + reason));
    }
  }

  private void open() {
    enter(Step.OPEN, deadlineMillis);
    role.add(new RoleOutput.OpenAdapter(run));
  }

  void opened(long itsRun) {
    if (!isStale(itsRun, Step.OPEN)) {
      enter(Step.REGISTER, Math.min(endMillis, role.now() + role.config.times().stepMillis()));
      role.add(new RoleOutput.Register(run, role.epoch()));
    }
  }

  /** The address may still be on its way to this host. */
  void openFailed(long itsRun, String reason) {
    if (!isStale(itsRun, Step.OPEN)) {
      failure = "the service adapter cannot be opened: " + reason;
      enter(
          Step.BIND_PAUSE,
          Math.min(deadlineMillis, role.now() + role.config.times().bindRetryMillis()));
    }
  }

  void registered(long itsRun) {
    if (!isStale(itsRun, Step.REGISTER)) {
      finish();
    }
  }

  /** The locator does not decide who is active: it is told when it can be. */
  void registerFailed(long itsRun, String reason) {
    if (!isStale(itsRun, Step.REGISTER)) {
      role.report(Severity.WARNING, "role: active, but not registered yet: " + reason);
      finish();
    }
  }

  /** Whether the refusal belongs to this activation. */
  boolean registerRefused(long itsRun, long current) {
    if (isStale(itsRun, Step.REGISTER)) {
      return false;
    }
    fail(new RoleAnswer.Stale(current));
    return true;
  }

  private void finish() {
    step = Step.NONE;
    dueMillis = Role.NEVER;
    hookFailures = 0;
    role.error("");
    role.add(new RoleOutput.StartPublishing(role.epoch(), wholeState));
    machine.activated();
  }

  /** Ends it without success; the step in which it was is for undoing. */
  void fail(RoleAnswer answer) {
    Step reached = step;
    step = Step.NONE;
    dueMillis = Role.NEVER;
    machine.activationFailed(reached, answer);
  }

  /** Whether the component cannot be made active. */
  boolean isHopeless() {
    return hookFailures >= 2;
  }

  long dueMillis() {
    return dueMillis;
  }

  void tick() {
    if (role.now() < dueMillis) {
      return;
    }
    switch (step) {
      case NONE -> throw new IllegalStateException("activation: nothing can be due");
      case WAIT -> fail(new RoleAnswer.NotSynchronized(role.appliedSeq(), role.headSeq()));
      case CLAIM -> goOnUnclaimed("no answer about the epoch");
      case CATCH_UP -> doWithLess();
      case HOOK -> {
        hookFailures++;
        fail(new RoleAnswer.Failed("onActivate did not return within " + forwardMillis() + " ms"));
      }
      case OPEN, BIND_PAUSE -> openAgain();
      case REGISTER -> registerFailed(run, "no answer of the locator");
    }
  }

  private void openAgain() {
    if (role.now() >= deadlineMillis) {
      String reason = failure.isEmpty() ? "the service adapter was not opened in time" : failure;
      fail(new RoleAnswer.Failed(reason));
    } else {
      open();
    }
  }

  private void doWithLess() {
    if (loss == Loss.NONE) {
      fail(new RoleAnswer.NotSynchronized(role.appliedSeq(), role.headSeq()));
      return;
    }
    wholeState = true;
    role.report(
        Severity.WARNING,
        "role: activates with less than the newest state appliedSeq="
            + role.appliedSeq()
            + " headSeq="
            + role.headSeq());
    prepare();
  }

  private void enter(Step next, long due) {
    step = next;
    run = role.nextRun();
    dueMillis = due;
  }

  private boolean isStale(long itsRun, Step wanted) {
    return step != wanted || itsRun != run;
  }
}
