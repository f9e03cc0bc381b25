package dev.firn.failover;

import dev.firn.failover.Activation.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who waits for a change of role. Those who want the same share one; who wants to be active while
 * the instance is on its way to standby waits until it is there; and who wants it to stand by has
 * the last word over those before.
 */
final class RoleRequests {
  static final int WAITING_MAX = 1_000;

  private record Wanted(RoleRequestId request, long epoch, Loss loss) {}

  private final Role role;
  private final Activation activation;
  private final Tenure tenure;
  private final Following following;
  private final RoleMachine machine;

  private final List<RoleRequestId> activating = new ArrayList<>();
  private final List<RoleRequestId> standing = new ArrayList<>();
  private List<Wanted> later = new ArrayList<>();
  private RoleAnswer outcome = new RoleAnswer.Done();

  RoleRequests(
      Role role, Activation activation, Tenure tenure, Following following, RoleMachine machine) {
    this.role = role;
    this.activation = activation;
    this.tenure = tenure;
    this.following = following;
    this.machine = machine;
  }

  void activate(RoleRequestId request) {
    want(new Wanted(request, 0, role.config.allowUnsyncedActivate() ? Loss.ANY : Loss.LAG));
  }

  void promote(RoleRequestId request, long epoch, boolean acceptDataLoss) {
    want(new Wanted(request, epoch, acceptDataLoss ? Loss.ANY : Loss.NONE));
  }

  private void want(Wanted wanted) {
    if (wanted.epoch != 0 && wanted.epoch < role.known()) {
      role.reply(wanted.request, new RoleAnswer.Stale(role.known()));
      return;
    }
    switch (role.state()) {
      case STOPPING -> refuse(wanted, "the instance stops");
      case FAILED -> refuse(wanted, "the instance has failed: " + role.lastError());
      case ACTIVE -> wantedActive(wanted);
      case ACTIVATING -> join(wanted);
      case DEACTIVATING -> putOff(wanted);
      case STARTING, SYNCING, STANDBY -> {
        if (role.config.managed()) {
          refuse(wanted, "the registry gives the role: use switchover");
        } else {
          activating.add(wanted.request);
          activation.begin(wanted.epoch, wanted.loss, "asked to");
        }
      }
    }
  }

  private void wantedActive(Wanted wanted) {
    if (wanted.epoch <= role.epoch()) {
      role.reply(wanted.request, new RoleAnswer.Done());
    } else if (role.config.managed()) {
      refuse(wanted, "the registry gives the epochs");
    } else if (tenure.waiting() >= WAITING_MAX) {
      refuse(wanted, "too many requests");
    } else {
      tenure.raise(Optional.of(wanted.request), wanted.epoch);
    }
  }

  private void join(Wanted wanted) {
    if (wanted.epoch != 0 && wanted.epoch < activation.proposed()) {
      role.reply(wanted.request, new RoleAnswer.Stale(activation.proposed()));
    } else if (wanted.epoch > activation.proposed() || activating.size() >= WAITING_MAX) {
      putOff(wanted);
    } else {
      activating.add(wanted.request);
      activation.accept(wanted.loss);
    }
  }

  private void putOff(Wanted wanted) {
    if (later.size() >= WAITING_MAX) {
      refuse(wanted, "too many requests");
    } else {
      later.add(wanted);
    }
  }

  private void refuse(Wanted wanted, String reason) {
    role.reply(wanted.request, new RoleAnswer.Failed(reason));
  }

  void demote(RoleRequestId request, long epoch) {
    long own = role.is(RoleState.ACTIVATING) ? activation.proposed() : 0;
    if (epoch != 0 && epoch < Math.max(role.epoch(), own)) {
      role.reply(request, new RoleAnswer.Stale(Math.max(role.epoch(), own)));
      return;
    }
    role.hear(epoch);
    standby(request);
  }

  void standby(RoleRequestId request) {
    following.isToStandBy();
    refuseLater("asked to stand by");
    boolean standsBy = role.state().isStandingBy() && !machine.isArriving();
    if (standsBy || role.is(RoleState.FAILED) || machine.isOver()) {
      role.reply(request, new RoleAnswer.Done());
      return;
    }
    standing.add(request);
    machine.standDown("asked to");
  }

  /** Nobody may become active any more. */
  void refuseLater(String reason) {
    List<Wanted> refused = later;
    later = new ArrayList<>();
    refused.forEach(wanted -> refuse(wanted, reason));
  }

  /** What those are to be told who wanted the instance to be active, once it stands by again. */
  void outcome(RoleAnswer answer) {
    outcome = answer;
  }

  void active() {
    role.replyAll(activating, new RoleAnswer.Done());
  }

  void notActive() {
    role.replyAll(activating, outcome);
  }

  void standsBy() {
    role.replyAll(standing, new RoleAnswer.Done());
  }

  /** Those who had to wait. */
  void carryOn() {
    if (later.isEmpty() || role.is(RoleState.ACTIVATING) || role.is(RoleState.DEACTIVATING)) {
      return;
    }
    List<Wanted> now = later;
    later = new ArrayList<>();
    now.forEach(this::want);
  }
}
