package dev.firn.election;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes what the coordinator sends to its members: the content of the group, then its updates. */
final class Observing {
  private final Core core;
  private final Follower follower;
  private final Recovery recovery;

  Observing(Core core, Follower follower, Recovery recovery) {
    this.core = core;
    this.follower = follower;
    this.recovery = recovery;
  }

  void init(RequestId request, Message.Init init) {
    Optional<String> obstacle = obstacle(init);
    if (obstacle.isPresent()) {
      core.outputs().replication("init to " + init.position() + " refused: " + obstacle.get());
      core.outputs().reply(request, new Answer.Inconsistent(obstacle.get()));
      return;
    }
    Disk disk = core.disk();
    List<StateChange> changes = new ArrayList<>(disk.state().changesTo(init.content()));
    changes.add(new StateChange.SetPosition(init.position()));
    if (init.position().generation() > disk.promise()) {
      changes.add(new StateChange.SetPromise(init.position().generation()));
    }
    disk.persist(
        changes,
        () -> {
          follower.initialised();
          core.outputs().reply(request, new Answer.Done());
        },
        reason -> notStored(request, "the content of the group", reason));
  }

  private Optional<String> obstacle(Message.Init init) {
    Group group = core.group();
    if (group.isOwn()) {
      return Optional.of("init called on coordinator");
    }
    if (!group.is(NodeState.REORGANIZATION)) {
      return Optional.of("init cannot block when state != NodeStateReorganization");
    }
    long generation = init.position().generation();
    if (group.name().generation().orElse(generation) != generation) {
      return Optional.of("invalid generation");
    }
    return init.position().compareTo(core.disk().position()) > 0
        ? Optional.empty()
        : Optional.of(
            "init to %s would go back from %s".formatted(init.position(), core.disk().position()));
  }

  /** Takes all of them, in one transaction, or none. */
  void update(RequestId request, List<Message.Update> updates) {
    List<StateChange> changes = new ArrayList<>();
    ReplicatedState state = core.disk().state();
    for (Message.Update update : updates) {
      Optional<String> obstacle = obstacle(update, state.position());
      StateResult result = obstacle.isPresent() ? null : state.follow(update.command());
      if (result != null) {
        obstacle = result.refusal();
      }
      if (result == null || obstacle.isPresent()) {
        refuse(request, update, obstacle.orElseThrow());
        return;
      }
      // ZeroC's coordinator may send positions out of order; Firn's are checked to be in order.
      LogPosition position = update.position();
      position = position.compareTo(state.position()) > 0 ? position : state.position();
      changes.addAll(result.changes());
      state = state.with(result.changes()).with(List.of(new StateChange.SetPosition(position)));
    }
    LogPosition reached = state.position();
    changes.add(new StateChange.SetPosition(reached));
    core.disk()
        .persist(
            changes,
            () -> core.outputs().reply(request, new Answer.Done()),
            reason -> notStored(request, "update " + reached, reason));
  }

  /** Why an update does not fit a replica that has come so far. */
  private Optional<String> obstacle(Message.Update update, LogPosition own) {
    Group group = core.group();
    if (!group.is(NodeState.NORMAL)) {
      return Optional.of("update called on inactive node");
    }
    if (group.isOwn()) {
      return Optional.of("update called on the master");
    }
    if (update.position().generation() != group.generation()) {
      return Optional.of("invalid generation");
    }
    LogPosition expected = own.next();
    boolean ordered = group.name().generation().isPresent();
    return ordered && !update.position().equals(expected)
        ? Optional.of("update %s where %s is next".formatted(update.position(), expected))
        : Optional.empty();
  }

  private void refuse(RequestId request, Message.Update update, String reason) {
    core.outputs()
        .warning(
            "%s: ObserverInconsistencyException: %s"
                .formatted(update.command().operation(), reason));
    core.outputs().reply(request, new Answer.Inconsistent(reason));
    if (core.group().follows() && update.position().generation() == core.group().generation()) {
      recovery.recover("an update does not fit: " + reason);
    }
  }

  private void notStored(RequestId request, String what, String reason) {
    core.outputs().error("cannot store " + what + ": " + reason);
    core.outputs().reply(request, new Answer.Failed("cannot store " + what + ": " + reason));
    core.failedToLead();
    recovery.recover("cannot store " + what);
  }
}
