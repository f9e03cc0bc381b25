package dev.firn.election;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's updates: made durable here, then on every member in order, then answered.
 *
 * <p>What is submitted while a batch is under way waits and makes the next batch: one transaction
 * for all of it. A member gets the updates in their order, one call at a time; one that fails is
 * evicted. An update is acknowledged when every member has confirmed it or is evicted, and they are
 * a majority with this replica. Without a majority nobody knows its outcome.
 */
final class Updates {
  private final Core core;
  private final Members members;
  private final Recovery recovery;
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private @Nullable Runnable onQuiet;

  /**
   * @param position that members must have for the result to be told
   */
  private record InFlight(LogPosition position, Caller caller, StateResult result) {}

  Updates(Core core, Members members, Recovery recovery) {
    this.core = core;
    this.members = members;
    this.recovery = recovery;
  }

  boolean isQuiet() {
    return inFlight.isEmpty();
  }

  /** Runs the action when all updates under way have ended, unless the group ends before. */
  void whenQuiet(Runnable action) {
    if (isQuiet()) {
      action.run();
    } else {
      onQuiet = action;
    }
  }

  /** Carries out a batch; only while quiet. */
  void start(List<Waiting> batch) {
    ReplicatedState state = core.disk().state();
    List<StateChange> changes = new ArrayList<>();
    List<Message.Update> updates = new ArrayList<>();
    for (Waiting waiting : batch) {
      StateResult result = state.apply(waiting.command());
      if (result.refusal().isEmpty()) {
        // A removal of what is not there is an update too: its answer needs a majority as well.
        LogPosition position = state.position().next();
        state = state.with(result.changes()).with(List.of(new StateChange.SetPosition(position)));
        changes.addAll(result.changes());
        updates.add(new Message.Update(position, waiting.command().forMembers()));
      }
      inFlight.add(new InFlight(state.position(), waiting.caller(), result));
    }
    if (updates.isEmpty()) {
      complete();
      return;
    }
    changes.add(new StateChange.SetPosition(state.position()));
    core.disk().persist(changes, () -> push(updates), this::notPersisted);
  }

  /** A member is gone. */
  void memberLost() {
    if (!members.suffice() && (core.group().leads() || !isQuiet())) {
      recovery.recover("lost the majority of the group");
    } else {
      complete();
    }
  }

  /** The group is over. */
  void abort(String reason) {
    onQuiet = null;
    List<InFlight> ended = List.copyOf(inFlight);
    inFlight.clear();
    ended.forEach(update -> update.caller().unknown(reason));
  }

  private void push(List<Message.Update> updates) {
    for (Member member : members.all()) {
      member.unsent().addAll(updates);
      sendNext(member);
    }
    complete();
  }

  private void notPersisted(String reason) {
    core.outputs().error("cannot store an update: " + reason);
    recovery.recover("cannot store an update");
  }

  private void sendNext(Member member) {
    if (member.isBusy() || member.unsent().isEmpty()) {
      return;
    }
    List<Message.Update> updates = new ArrayList<>();
    while (!member.unsent().isEmpty() && updates.size() < core.config().updatesPerCallMax()) {
      updates.add(member.unsent().remove());
    }
    Message.Update last = updates.get(updates.size() - 1);
    member.setBusy(true);
    core.calls()
        .askObserver(
            member,
            updates.size() == 1 ? last : new Message.Updates(updates),
            core.timing().updateTimeoutMillis(),
            new Confirmation(member, last.position()));
  }

  private void complete() {
    LogPosition safe =
        members.all().stream()
            .map(Member::confirmed)
            .min(LogPosition::compareTo)
            .orElse(core.disk().position());
    while (!inFlight.isEmpty() && inFlight.element().position().compareTo(safe) <= 0) {
      InFlight update = inFlight.remove();
      update.caller().done(update.result());
    }
    Runnable action = onQuiet;
    if (isQuiet() && action != null) {
      onQuiet = null;
      action.run();
    }
  }

  private final class Confirmation implements Ending {
    private final Member member;
    private final LogPosition position;

    Confirmation(Member member, LogPosition position) {
      this.member = member;
      this.position = position;
    }

    @Override
    public void answered(Answer answer) {
      refusal(answer).ifPresentOrElse(this::evict, this::confirmed);
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      evict(reason);
    }

    private void confirmed() {
      if (members.contains(member)) {
        member.setBusy(false);
        member.confirmed(position);
        sendNext(member);
        complete();
      }
    }

    private void evict(String reason) {
      if (members.contains(member)) {
        members.evict(member.id(), "update " + position + " failed: " + reason);
      }
    }
  }

  /** Why an observer did not do what it was asked; empty if it did. */
  static Optional<String> refusal(Answer answer) {
    if (answer instanceof Answer.Done) {
      return Optional.empty();
    } else if (answer instanceof Answer.Inconsistent inconsistent) {
      return Optional.of(inconsistent.reason());
    } else if (answer instanceof Answer.Failed failed) {
      return Optional.of(failed.reason());
    }
    throw new IllegalStateException("not an observer's answer: " + answer);
  }
}
