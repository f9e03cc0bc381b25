package dev.firn.failover;

import dev.firn.failover.RoleOutput.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who has the role in one group.
 *
 * <p>There is a holder, or a choice is made: among those that are there and ready the one with the
 * newest configuration, then the one that has come furthest; of equals the preferred one, then the
 * first by name. Whoever gave the role back a moment ago is the last choice.
 */
final class GroupLease {
  private final String group;
  private final LeaseConfig config;
  private final List<LeaseOutput> out;
  private final SortedMap<String, LeaseCandidate> candidates = new TreeMap<>();
  private final LeaseTransfer transfer;
  private String holder = "";
  private String holderAddress = "";
  private String namesake = "";
  private long epoch;
  private long highestEpoch;

  /** When another may have the role, of the one that has it. */
  private long untilMillis;

  /** When the first choice may be made. */
  private long chooseMillis = Role.NEVER;

  GroupLease(String group, LeaseConfig config, List<LeaseOutput> out) {
    this.group = group;
    this.config = config;
    this.out = out;
    transfer = new LeaseTransfer(this, config, out);
  }

  String group() {
    return group;
  }

  boolean isEmpty() {
    return candidates.isEmpty() && holder.isEmpty() && !transfer.isRunning();
  }

  String holder() {
    return holder;
  }

  Optional<LeaseCandidate> candidate(String instance) {
    return Optional.ofNullable(candidates.get(instance));
  }

  /**
   * @param sureMillis when it is sure that no other registry's lease lasts
   */
  void campaign(RoleRequestId request, Candidacy says, long now, long sureMillis) {
    LeaseCandidate candidate = candidates.get(says.instance());
    if (candidate == null) {
      if (candidates.size() >= config.candidatesMax()) {
        answer(request, new LeaseAnswer.Busy("group `" + group + "' has too many members"));
        return;
      }
      candidate = new LeaseCandidate(says, now);
      candidates.put(says.instance(), candidate);
    } else if (isNamesake(candidate, says, now)) {
      if (!namesake.equals(says.address())) {
        namesake = says.address();
        report(
            Severity.ERROR,
            "two processes are instance `" + says.instance() + "': " + namesake + " waits");
      }
      answer(request, nothing());
      return;
    }
    candidate.waiting.ifPresent(older -> answer(older, nothing()));
    candidate.hear(says, now);
    candidate.waiting = Optional.of(request);
    candidate.answerMillis = now + config.holdMillis();
    highestEpoch = Math.max(highestEpoch, says.epoch());
    if (holder.isEmpty() && chooseMillis == Role.NEVER && says.ready()) {
      chooseMillis = now + config.settleMillis();
    }
    if (holder.equals(says.instance())) {
      fromHolder(candidate, now);
    } else if (now < sureMillis && says.hasRole() && says.epoch() > epoch) {
      adopt(candidate, now);
    } else if (says.hasRole()) {
      // It will not have the role: it should know.
      reply(candidate, nothing(), now);
    }
  }

  /** Whether somebody else of the same name has the role, or was here a moment ago. */
  private boolean isNamesake(LeaseCandidate candidate, Candidacy says, long now) {
    String address = holder.equals(says.instance()) ? holderAddress : candidate.says.address();
    return !address.equals(says.address())
        && (holder.equals(says.instance()) || candidate.isFresh(now, config));
  }

  private void fromHolder(LeaseCandidate candidate, long now) {
    Candidacy says = candidate.says;
    boolean hasNotHeard = says.epoch() < epoch;
    if (says.hasRole() || (says.ready() && hasNotHeard)) {
      renew(candidate, now);
    } else if (!hasNotHeard) {
      coolDown(candidate, now);
      free("it stands by");
    } else {
      // A process that has just been started: what the one before it had has to run out.
      reply(candidate, nothing(), now);
    }
  }

  private void renew(LeaseCandidate candidate, long now) {
    untilMillis = now + config.wholeMillis();
    String next = transfer.target().orElse(holder);
    reply(candidate, new LeaseAnswer.Lease(next, epoch, (int) config.termMillis()), now);
    if (transfer.isForced()
        && holder.equals(next)
        && candidate.says.state() == RoleState.ACTIVATING) {
      out.add(new LeaseOutput.Insist(holder, holderAddress, epoch));
    }
    transfer.holderSays(candidate.says, epoch);
  }

  /** A new master lets the one go on that has the role. */
  private void adopt(LeaseCandidate candidate, long now) {
    holder = candidate.name();
    holderAddress = candidate.says.address();
    epoch = candidate.says.epoch();
    report(Severity.INFO, "lease holder=" + holder + " epoch=" + epoch + " goes on");
    renew(candidate, now);
  }

  void release(String instance, long ofEpoch, boolean leave, long now) {
    candidate(instance).ifPresent(candidate -> coolDown(candidate, now));
    if (holder.equals(instance) && ofEpoch >= epoch) {
      free(leave ? "it leaves" : "it stands by");
    }
    if (leave && !holder.equals(instance)) {
      LeaseCandidate gone = candidates.remove(instance);
      if (gone != null) {
        gone.waiting.ifPresent(request -> answer(request, nothing()));
      }
    }
  }

  private void coolDown(LeaseCandidate candidate, long now) {
    candidate.coolMillis = now + config.coolDownMillis();
    candidate.readySinceMillis = now;
  }

  private void free(String reason) {
    report(Severity.INFO, "lease holder=" + holder + " epoch=" + epoch + " ended: " + reason);
    transfer.holderGone(holder);
    holder = "";
    holderAddress = "";
    chooseMillis = Long.MIN_VALUE;
  }

  void transfer(RoleRequestId request, String to, boolean force, long now) {
    transfer.ask(request, to, force, now);
  }

  // The choice.

  void carryOn(long now, long sureMillis) {
    if (!holder.isEmpty() && now >= untilMillis) {
      report(Severity.WARNING, "holder=" + holder + " was silent for a whole term");
      free("it ran out");
    }
    transfer.carryOn(now);
    if (holder.isEmpty() && now >= Math.max(sureMillis, chooseMillis)) {
      choose(now).ifPresent(candidate -> give(candidate, now));
    }
    fallBack(now);
    for (LeaseCandidate candidate : List.copyOf(candidates.values())) {
      if (now >= candidate.answerMillis) {
        reply(candidate, nothing(), now);
      } else if (now >= candidate.heardMillis + config.forgetMillis()
          && !holder.equals(candidate.name())) {
        candidates.remove(candidate.name());
      }
    }
  }

  private void give(LeaseCandidate candidate, long now) {
    if (candidate.waiting.isEmpty()) {
      return;
    }
    holder = candidate.name();
    holderAddress = candidate.says.address();
    epoch = ++highestEpoch;
    untilMillis = now + config.wholeMillis();
    report(Severity.INFO, "lease holder=" + holder + " epoch=" + epoch + " begins");
    reply(candidate, new LeaseAnswer.Lease(holder, epoch, (int) config.termMillis()), now);
  }

  private Optional<LeaseCandidate> choose(long now) {
    Optional<LeaseCandidate> wanted = transfer.target().flatMap(this::candidate);
    if (wanted.isPresent() && (transfer.isForced() || wanted.get().says.ready())) {
      return wanted;
    }
    return best(now, "");
  }

  /**
   * @param except not this one
   */
  Optional<LeaseCandidate> best(long now, String except) {
    List<LeaseCandidate> able = new ArrayList<>();
    for (LeaseCandidate candidate : candidates.values()) {
      if (candidate.says.ready()
          && candidate.isFresh(now, config)
          && !candidate.name().equals(except)) {
        able.add(candidate);
      }
    }
    boolean anyCool = able.stream().anyMatch(candidate -> now >= candidate.coolMillis);
    // Alone, it may have it again, but not at once: it would fail again as quickly.
    return anyCool
        ? able.stream().filter(candidate -> now >= candidate.coolMillis).min(order())
        : Optional.empty();
  }

  private Comparator<LeaseCandidate> order() {
    String preferred = preferred();
    // Who is ready gets what it lacks of the state with the role; a configuration that it could not
    // take it may never get.
    return Comparator.comparingLong(
            (LeaseCandidate candidate) -> -candidate.says.configurationRevision())
        .thenComparing(candidate -> -candidate.says.appliedSeq())
        .thenComparing(candidate -> !candidate.name().equals(preferred))
        .thenComparing(LeaseCandidate::name);
  }

  private String preferred() {
    return candidates.values().stream()
        .map(candidate -> candidate.says.preferred())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** What the first by name says that says something; else what the registry does. */
  private long fallbackAfterMillis() {
    return candidates.values().stream()
        .map(candidate -> candidate.says.fallbackAfterMillis())
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElse(OptionalLong.of(config.fallbackAfterMillis()))
        .getAsLong();
  }

  private Optional<LeaseCandidate> returning() {
    boolean mayReturn = fallbackAfterMillis() > 0 && !holder.isEmpty() && !transfer.isRunning();
    return mayReturn
        ? candidate(preferred())
            .filter(one -> one.says.ready() && !one.name().equals(holder))
            .filter(one -> one.says.configurationRevision() >= revisionOfHolder())
        : Optional.empty();
  }

  private long revisionOfHolder() {
    return candidate(holder).map(one -> one.says.configurationRevision()).orElse(0L);
  }

  private void fallBack(long now) {
    returning()
        .filter(one -> now >= one.readySinceMillis + fallbackAfterMillis())
        .filter(one -> one.isFresh(now, config))
        .ifPresent(
            one -> {
              report(Severity.INFO, "the role goes back to preferred=" + one.name());
              transfer.begin(one.name(), false, now);
            });
  }

  // Answers.

  private LeaseAnswer.Lease nothing() {
    return new LeaseAnswer.Lease(holder, epoch, 0);
  }

  private void reply(LeaseCandidate candidate, LeaseAnswer answer, long now) {
    candidate.waiting.ifPresent(request -> answer(request, answer));
    candidate.waiting = Optional.empty();
    candidate.answerMillis = Role.NEVER;
    candidate.heardMillis = now;
  }

  void answer(RoleRequestId request, LeaseAnswer answer) {
    out.add(new LeaseOutput.Answer(request, answer));
  }

  void report(Severity severity, String text) {
    out.add(new LeaseOutput.Report(severity, "leases: group=" + group + " " + text));
  }

  /** This registry is not the one to ask any more. */
  void close(LeaseAnswer answer) {
    candidates
        .values()
        .forEach(candidate -> candidate.waiting.ifPresent(request -> answer(request, answer)));
    transfer.close(answer);
  }

  LeaseView view(long now) {
    return new LeaseView(
        group,
        holder,
        epoch,
        holder.isEmpty() ? 0 : Math.max(0, untilMillis - now),
        List.copyOf(candidates.keySet()));
  }

  long dueMillis(long now, long sureMillis) {
    long due = holder.isEmpty() ? Role.NEVER : untilMillis;
    if (holder.isEmpty()) {
      long may = Math.max(sureMillis, chooseMillis);
      due = may > now ? may : due;
    }
    due = Math.min(due, transfer.dueMillis());
    Optional<LeaseCandidate> back = returning();
    if (back.isPresent()) {
      due = Math.min(due, later(back.get().readySinceMillis + fallbackAfterMillis(), now));
    }
    for (LeaseCandidate candidate : candidates.values()) {
      due = Math.min(due, candidate.answerMillis);
      due = Math.min(due, later(candidate.coolMillis, now));
      due = Math.min(due, later(candidate.heardMillis + config.freshMillis(), now));
      due = Math.min(due, later(candidate.heardMillis + config.forgetMillis(), now));
    }
    return due;
  }

  /** What is past and was not done waits for something else. */
  private static long later(long millis, long now) {
    return millis > now ? millis : Role.NEVER;
  }
}
