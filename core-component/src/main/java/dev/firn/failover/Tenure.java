package dev.firn.failover;

import dev.firn.failover.RoleOutput.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the active instance needs to stay it: a lease, if there are leases; else to have its epoch
 * confirmed after it was away. And a higher epoch, if somebody gives it one.
 */
final class Tenure {
  private record Raise(Optional<RoleRequestId> request, long epoch) {}

  private final Role role;
  private final RoleMachine machine;

  /** Whether nothing is known that speaks against answering. */
  private boolean confirmed;

  /** Whether the process was stopped during the activation. */
  private boolean awayBefore;

  private long lastStepMillis;
  private long leaseEpoch;
  private long leaseUntilMillis = Role.NEVER;

  /** No lease up to this epoch counts any more. */
  private long spentEpoch;

  private boolean asking;
  private long askRun;
  private long askedMillis;
  private long askMillis = Role.NEVER;
  private long doubtMillis = Role.NEVER;

  private final List<Raise> raises = new ArrayList<>();
  private boolean raising;
  private long raiseRun;
  private long raiseMillis = Role.NEVER;
  private long raiseEpoch;

  /** The newest epoch heard of that may be the one asked for; 0: none. */
  private long overtakenBy;

  Tenure(Role role, RoleMachine machine) {
    this.role = role;
    this.machine = machine;
    lastStepMillis = role.now();
  }

  private boolean asksForLease() {
    return role.config.fencing() == Fencing.LEASE && !role.config.managed();
  }

  /** Whether it is the gap between its steps that tells it that it was away. */
  private boolean watchesItself() {
    return role.config.fencing() == Fencing.EPOCH
        && !role.config.managed()
        && !role.config.standalone();
  }

  /** The instance is active. */
  void begin() {
    confirmed = true;
    doubtMillis = Role.NEVER;
    asking = false;
    askMillis = Role.NEVER;
    if (asksForLease()) {
      confirmed = false;
      leaseUntilMillis = role.now() + role.config.times().leaseMillis();
      ask();
    } else if (awayBefore) {
      doubt();
    }
    if (leaseEpoch > role.epoch()) {
      raise(Optional.empty(), leaseEpoch);
    }
  }

  /** It does not stay active for long; what is in progress may still be answered. */
  void end() {
    raiseOver();
    answerRaises(Role.NEVER, new RoleAnswer.Failed("the instance stands by"));
  }

  /** Each step, before anything else: a process that was stopped finds a gap. */
  void step() {
    long gapMillis = role.now() - lastStepMillis;
    lastStepMillis = role.now();
    if (!watchesItself() || gapMillis <= role.config.times().awayMillis()) {
      return;
    }
    if (role.is(RoleState.ACTIVATING)) {
      awayBefore = true;
    } else if (role.is(RoleState.ACTIVE)) {
      role.report(
          Severity.WARNING,
          "role: was away for " + gapMillis + " ms, asks whether epoch " + role.epoch() + " holds");
      doubt();
    } else {
      confirmed = false;
    }
  }

  private void doubt() {
    confirmed = false;
    doubtMillis = role.now() + role.config.times().catchUpMillis();
    ask();
  }

  /** An activation begins. */
  void prepare() {
    awayBefore = false;
    // An answer about the last one says nothing about this.
    asking = false;
    askMillis = Role.NEVER;
    doubtMillis = Role.NEVER;
  }

  boolean isConfirmed() {
    return confirmed;
  }

  long servesUntilMillis() {
    if (role.config.managed() || asksForLease()) {
      return leaseUntilMillis;
    }
    return watchesItself() ? lastStepMillis + role.config.times().awayMillis() : Role.NEVER;
  }

  // The epoch, asked again.

  private void ask() {
    asking = true;
    askRun = role.nextRun();
    askedMillis = role.now();
    askMillis = role.now() + role.config.times().renewMillis();
    role.add(new RoleOutput.Confirm(askRun, role.epoch()));
  }

  void claimed(long run, long epoch) {
    if (asking && run == askRun) {
      asking = false;
      confirmed = true;
      doubtMillis = Role.NEVER;
      askMillis = Role.NEVER;
      if (asksForLease()) {
        leaseUntilMillis = askedMillis + role.config.times().leaseMillis();
        askMillis = askedMillis + role.config.times().renewMillis();
      }
    } else if (raising && run == raiseRun) {
      raised(epoch);
    }
  }

  void claimRefused(long run, long current) {
    boolean isRaise = raising && run == raiseRun;
    if (!isRaise && asking && run == askRun && isRaisingTo(current)) {
      asking = false;
      return;
    }
    long newest = Math.max(current, isRaise ? overtakenBy : 0);
    if (isRaise) {
      raiseOver();
      role.hear(current);
      answerRaises(Role.NEVER, new RoleAnswer.Stale(role.known()));
    }
    if ((isRaise || (asking && run == askRun)) && newest > role.epoch()) {
      machine.superseded(newest, "the epoch is refused");
    } else if (asking && run == askRun) {
      machine.superseded(current, "the epoch is another's");
    }
  }

  void claimFailed(long run, String reason) {
    if (asking && run == askRun) {
      asking = false;
      askMillis = Math.max(role.now() + 1, askedMillis + role.config.times().renewMillis());
    } else if (raising && run == raiseRun) {
      long newer = overtakenBy;
      raiseOver();
      answerRaises(Role.NEVER, new RoleAnswer.Failed("no higher epoch: " + reason));
      if (newer > role.epoch()) {
        machine.superseded(newer, "the epoch is refused");
      }
    }
  }

  // A higher one.

  /** The active instance gets a higher epoch, and stays active. */
  void raise(Optional<RoleRequestId> request, long epoch) {
    raises.add(new Raise(request, epoch));
    askHigher();
  }

  private void askHigher() {
    if (raising || raises.isEmpty()) {
      return;
    }
    raising = true;
    raiseRun = role.nextRun();
    raiseMillis = role.now() + Math.max(1, role.config.times().catchUpMillis());
    raiseEpoch = raises.stream().mapToLong(Raise::epoch).max().orElse(0);
    role.add(new RoleOutput.Claim(raiseRun, raiseEpoch));
  }

  private void raiseOver() {
    raising = false;
    raiseMillis = Role.NEVER;
    overtakenBy = 0;
  }

  /**
   * Whether an epoch that the own one is refused for may be the one that is being claimed: then
   * nobody is answered until the claim is.
   */
  boolean isRaisingTo(long current) {
    if (!raising || current <= role.epoch() || current > raiseEpoch) {
      return false;
    }
    overtakenBy = Math.max(overtakenBy, current);
    confirmed = false;
    return true;
  }

  private void raised(long epoch) {
    boolean held = overtakenBy != 0;
    raiseOver();
    if (epoch < role.known()) {
      answerRaises(Role.NEVER, new RoleAnswer.Stale(role.known()));
      if (held) {
        machine.superseded(role.known(), "the epoch is refused");
      }
      return;
    }
    role.accept(epoch);
    if (held) {
      confirmed = true;
      doubtMillis = Role.NEVER;
    }
    if (asking) {
      // Who was asked about the old epoch may refuse it by now.
      ask();
    }
    machine.epochRaised();
    answerRaises(epoch, new RoleAnswer.Done());
    askHigher();
  }

  private void answerRaises(long upTo, RoleAnswer answer) {
    for (Raise raise : List.copyOf(raises)) {
      if (raise.epoch() <= upTo) {
        raises.remove(raise);
        raise.request().ifPresent(request -> role.reply(request, answer));
      }
    }
  }

  /** Nobody can say; it asks on, and who has given the role away will tell. */
  private void goOnUnconfirmed() {
    doubtMillis = Role.NEVER;
    String reason = "nobody confirms epoch " + role.epoch();
    if (role.config.stopWhenUnprotected()) {
      machine.unprotected(reason);
    } else if (role.is(RoleState.ACTIVE)) {
      confirmed = true;
      role.report(Severity.WARNING, "role: serves on, though " + reason);
    }
  }

  // Leases of the registry.

  /** Whether the lease is a new one. */
  boolean leaseGranted(long epoch, long untilMillis) {
    // One that ran out does not come back: somebody else may have had it since.
    boolean ranOut = leaseEpoch != 0 && epoch == leaseEpoch && role.now() >= leaseUntilMillis;
    if (epoch <= spentEpoch || epoch < leaseEpoch || untilMillis <= role.now() || ranOut) {
      return false;
    }
    boolean isNew = epoch > leaseEpoch;
    leaseUntilMillis = isNew ? untilMillis : Math.max(leaseUntilMillis, untilMillis);
    leaseEpoch = epoch;
    return isNew;
  }

  boolean hasLease(long epoch) {
    return leaseEpoch != 0 && leaseEpoch == epoch;
  }

  boolean hasLease() {
    return leaseEpoch != 0;
  }

  long leaseEpoch() {
    return leaseEpoch;
  }

  /** How many wait for a higher epoch. */
  int waiting() {
    return raises.size();
  }

  /** The lease is given back, was lost, or is not needed any more. */
  void spend() {
    spentEpoch = Math.max(spentEpoch, leaseEpoch);
    leaseEpoch = 0;
    leaseUntilMillis = Role.NEVER;
  }

  long dueMillis() {
    long due = leaseUntilMillis;
    boolean serves = role.is(RoleState.ACTIVE) || machine.isDraining();
    if (watchesItself() && (serves || role.is(RoleState.ACTIVATING))) {
      due = lastStepMillis + role.config.times().awayMillis() / 4;
    }
    if (serves) {
      due = Math.min(due, Math.min(askMillis, Math.min(doubtMillis, raiseMillis)));
    }
    return due;
  }

  void tick() {
    if (role.now() >= leaseUntilMillis) {
      leaseUntilMillis = Role.NEVER;
      machine.leaseOver();
      return;
    }
    if (!role.is(RoleState.ACTIVE) && !machine.isDraining()) {
      return;
    }
    if (role.now() >= raiseMillis) {
      claimFailed(raiseRun, "no answer");
    }
    if (role.now() >= doubtMillis) {
      goOnUnconfirmed();
    } else if (role.now() >= askMillis) {
      ask();
    }
  }
}
