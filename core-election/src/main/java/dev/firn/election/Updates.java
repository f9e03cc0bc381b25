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
 * for all of it. A member gets the updates one by one, the next when the last is confirmed; one
 * that fails is evicted. An update is acknowledged when every member has confirmed it or is
 * evicted, and they are a majority with this replica. Without a majority nobody knows its outcome.
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
  private record InFlight(LogPosition position, Caller caller, TopicCommand.Result result) {}

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
    TopicTables tables = core.disk().tables();
    List<TopicChange> changes = new ArrayList<>();
    List<Message.Update> updates = new ArrayList<>();
    for (Waiting waiting : batch) {
      TopicCommand.Result result = waiting.command().applyTo(tables, core.config().keySizeMax());
      if (result instanceof TopicCommand.Result.Applied applied) {
        // A removal of what is not there is an update too: its answer needs a majority as well.
        LogPosition position = tables.position().next();
        tables = tables.with(applied.changes()).with(new TopicChange.SetPosition(position));
        changes.addAll(applied.changes());
        updates.add(new Message.Update(position, onTheWire(waiting.command())));
      }
      inFlight.add(new InFlight(tables.position(), waiting.caller(), result));
    }
    if (updates.isEmpty()) {
      complete();
      return;
    }
    changes.add(new TopicChange.SetPosition(tables.position()));
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
    Message.Update update = member.isBusy() ? null : member.unsent().poll();
    if (update != null) {
      member.setBusy(true);
      core.calls()
          .askObserver(
              member,
              update,
              core.timing().updateTimeoutMillis(),
              new Confirmation(member, update.position()));
    }
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

  /** There is no operation for Unlink: a link is a subscriber. */
  private static TopicCommand onTheWire(TopicCommand command) {
    return command instanceof TopicCommand.Unlink unlink
        ? new TopicCommand.RemoveSubscribers(unlink.topic(), List.of(unlink.linkedTopic()))
        : command;
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
