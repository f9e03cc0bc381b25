package dev.firn.failover;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The role of one group on its way from one instance to another, as somebody wants it. */
final class LeaseTransfer {
  private final GroupLease lease;
  private final LeaseConfig config;
  private final List<LeaseOutput> out;
  private final List<RoleRequestId> waiting = new ArrayList<>();
  private String to = "";
  private boolean forced;
  private long deadlineMillis = Role.NEVER;

  LeaseTransfer(GroupLease lease, LeaseConfig config, List<LeaseOutput> out) {
    this.lease = lease;
    this.config = config;
    this.out = out;
  }

  boolean isRunning() {
    return !to.isEmpty();
  }

  /** Who is to have the role. */
  Optional<String> target() {
    return to.isEmpty() ? Optional.empty() : Optional.of(to);
  }

  boolean isForced() {
    return forced;
  }

  void ask(RoleRequestId request, String wanted, boolean force, long now) {
    String target = wanted;
    if (target.isEmpty()) {
      target =
          to.isEmpty() ? lease.best(now, lease.holder()).map(LeaseCandidate::name).orElse("") : to;
    }
    String reason = reasonAgainst(target, force, now);
    if (!reason.isEmpty()) {
      lease.answer(request, new LeaseAnswer.TransferRefused(reason));
      return;
    }
    waiting.add(request);
    begin(target, force, now);
  }

  private String reasonAgainst(String target, boolean force, long now) {
    if (target.isEmpty()) {
      return "no member of group `" + lease.group() + "' is ready for the role";
    }
    if (!to.isEmpty() && !to.equals(target)) {
      return "the role is on its way to `" + to + "'";
    }
    Optional<LeaseCandidate> candidate = lease.candidate(target);
    if (candidate.isEmpty() || !candidate.get().isFresh(now, config)) {
      return "`" + target + "' does not campaign in group `" + lease.group() + "'";
    }
    if (!target.equals(lease.holder()) && !candidate.get().says.ready() && !force) {
      return "`" + target + "' is not ready: " + candidate.get().says.state();
    }
    return waiting.size() >= RoleRequests.WAITING_MAX ? "too many requests" : "";
  }

  void begin(String target, boolean force, long now) {
    if (to.isEmpty()) {
      to = target;
      deadlineMillis = now + config.transferMillis();
    }
    forced |= force;
  }

  /** The holder has renewed its lease. */
  void holderSays(Candidacy says, long epoch) {
    if (says.instance().equals(to) && says.state() == RoleState.ACTIVE) {
      end(new LeaseAnswer.Transferred(epoch));
    }
  }

  /** The holder has the role no more. */
  void holderGone(String holder) {
    if (holder.equals(to)) {
      end(new LeaseAnswer.TransferRefused("`" + to + "' could not become active"));
    }
  }

  void carryOn(long now) {
    if (to.isEmpty()) {
      return;
    }
    boolean there = lease.candidate(to).filter(one -> one.isFresh(now, config)).isPresent();
    if (now >= deadlineMillis) {
      end(new LeaseAnswer.TransferRefused("the transfer took too long"));
    } else if (!there && !lease.holder().equals(to)) {
      end(new LeaseAnswer.TransferRefused("`" + to + "' has gone"));
    } else if (there
        && lease.holder().isEmpty()
        && !forced
        && !lease.candidate(to).orElseThrow().says.ready()) {
      end(new LeaseAnswer.TransferRefused("`" + to + "' is not ready any more"));
    }
  }

  private void end(LeaseAnswer answer) {
    close(answer);
    to = "";
    forced = false;
    deadlineMillis = Role.NEVER;
  }

  void close(LeaseAnswer answer) {
    waiting.forEach(request -> out.add(new LeaseOutput.Answer(request, answer)));
    waiting.clear();
  }

  long dueMillis() {
    return deadlineMillis;
  }
}
