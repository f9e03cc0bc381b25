package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.LogPosition;
import dev.firn.election.Message;
import dev.firn.election.ReplicaId;
import dev.firn.election.StateChange;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicContent;
import dev.firn.election.TopicTables;
import dev.firn.testkit.StormRequest.End;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The topics of a ZeroC replica: its database, and its observers while it is the coordinator. */
final class ZerocTopics {
  private final StormProcess process;
  private final ZerocTimes times;
  private final int threshold;
  private final Set<ReplicaId> observers = new TreeSet<>();
  private final Set<ReplicaId> reaped = new TreeSet<>();
  private final Deque<Runnable> replications = new ArrayDeque<>();
  private boolean replicating;

  ZerocTopics(StormProcess process, ZerocTimes times, int replicas) {
    this.process = process;
    this.times = times;
    this.threshold = replicas / 2;
  }

  TopicTables tables() {
    return (TopicTables) process.machine().disk().load();
  }

  /** The position is forgotten at each start. */
  void open() {
    commit(List.of(new StateChange.SetPosition(LogPosition.ZERO)));
  }

  /** Returns whether the transaction could be written. */
  boolean commit(List<StateChange> changes) {
    if (process.machine().disk().isFailing()) {
      return false;
    }
    process.machine().disk().sync(changes);
    process.machine().synced();
    return true;
  }

  /** Replaces everything. */
  boolean apply(LogPosition position, List<TopicContent> content) {
    observers.clear();
    return commit(StormTables.replacement(content, position));
  }

  /** The slaves that the replication found dead, once. */
  Set<ReplicaId> takeReaped() {
    Set<ReplicaId> taken = new TreeSet<>(reaped);
    reaped.clear();
    return taken;
  }

  /** Sends everything to all slaves; one failure fails all. */
  void init(Set<ReplicaId> slaves, LogPosition position, Consumer<Boolean> then) {
    observers.clear();
    reaped.clear();
    callAll(
        slaves,
        new Message.Init(position, StormTables.contentOf(tables())),
        End::isDone,
        (good, bad) -> {
          observers.addAll(good);
          then.accept(bad.isEmpty());
        });
  }

  /** Pings every observer, one after the other; those that do not answer are left out. */
  void check(Consumer<Boolean> then) {
    if (observers.size() < threshold) {
      then.accept(false);
    } else {
      pingFrom(0, List.copyOf(observers), then);
    }
  }

  private void pingFrom(int index, List<ReplicaId> all, Consumer<Boolean> then) {
    if (index == all.size()) {
      then.accept(observers.size() >= threshold);
      return;
    }
    ReplicaId slave = all.get(index);
    call(
        slave,
        new StormRequest.Ping(),
        answer -> {
          if (!answer.isDone()) {
            drop(slave);
          }
          pingFrom(index + 1, all, then);
        });
  }

  /** Carries out a command as the coordinator; one at a time. */
  void execute(TopicCommand command, Consumer<Answer> then) {
    replications.add(() -> executeNow(command, then));
    next();
  }

  private void next() {
    if (!replicating && !replications.isEmpty()) {
      replicating = true;
      replications.remove().run();
    }
  }

  private void executeNow(TopicCommand command, Consumer<Answer> then) {
    TopicCommand.Result result = command.applyTo(tables(), TopicCommand.KEY_SIZE_MAX);
    if (!(result instanceof TopicCommand.Result.Applied applied) || applied.changes().isEmpty()) {
      end(new Answer.Outcome(result), then);
      return;
    }
    LogPosition position = tables().position().next();
    List<StateChange> changes = new ArrayList<>(applied.changes());
    changes.add(new StateChange.SetPosition(position));
    if (!commit(changes)) {
      end(new Answer.UnknownOutcome("LMDB error"), then);
      return;
    }
    callAll(
        new TreeSet<>(observers),
        new Message.Update(position, StormTables.forObservers(command)),
        // A user exception is not noticed.
        answer ->
            answer instanceof End.Answered answered
                && !(answered.answer() instanceof Answer.Failed),
        (good, bad) -> {
          bad.forEach(this::drop);
          end(
              observers.size() < threshold
                  ? new Answer.UnknownOutcome("majority lost")
                  : new Answer.Outcome(result),
              then);
        });
  }

  private void end(Answer answer, Consumer<Answer> then) {
    replicating = false;
    then.accept(answer);
    next();
  }

  private void drop(ReplicaId slave) {
    if (observers.remove(slave)) {
      reaped.add(slave);
    }
  }

  /** What an observer does with an update of its coordinator. */
  Answer observe(LogPosition position, TopicCommand command) {
    TopicCommand.Result result = command.applyTo(tables(), TopicCommand.KEY_SIZE_MAX);
    if (result instanceof TopicCommand.Result.Applied applied) {
      List<StateChange> changes = new ArrayList<>(applied.changes());
      changes.add(new StateChange.SetPosition(position));
      return commit(changes) ? new Answer.Done() : new Answer.Failed("LMDB error");
    }
    TopicCommand.Rejection rejection = ((TopicCommand.Result.Rejected) result).rejection();
    return switch (rejection.reason()) {
      case ALREADY_SUBSCRIBED, LINK_EXISTS -> new Answer.Done();
      case TOPIC_EXISTS, NO_SUCH_TOPIC, NO_SUCH_LINK ->
          new Answer.Inconsistent(rejection.reason() + " " + rejection.name());
      case KEY_TOO_LONG -> new Answer.Failed("key too long");
    };
  }

  private void call(ReplicaId slave, StormRequest request, Consumer<End> then) {
    process.simulation().calls().call(process, slave, request, times.callMillis(), then);
  }

  private void callAll(
      Set<ReplicaId> slaves, Message message, Predicate<End> isGood, Verdict then) {
    List<ReplicaId> good = new ArrayList<>();
    List<ReplicaId> bad = new ArrayList<>();
    if (slaves.isEmpty()) {
      then.all(good, bad);
      return;
    }
    for (ReplicaId slave : List.copyOf(slaves)) {
      call(
          slave,
          new StormRequest.OfReplica(message),
          end -> {
            (isGood.test(end) ? good : bad).add(slave);
            if (good.size() + bad.size() == slaves.size()) {
              then.all(good, bad);
            }
          });
    }
  }

  private interface Verdict {
    void all(List<ReplicaId> good, List<ReplicaId> bad);
  }
}
