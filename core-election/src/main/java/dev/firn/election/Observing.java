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
    List<TopicChange> changes = new ArrayList<>(TopicDiff.between(disk.tables(), init.content()));
    changes.add(new TopicChange.SetPosition(init.position()));
    if (init.position().generation() > disk.promise()) {
      changes.add(new TopicChange.SetPromise(init.position().generation()));
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

  void update(RequestId request, Message.Update update) {
    Optional<String> obstacle = obstacle(update);
    if (obstacle.isPresent()) {
      refuse(request, update, obstacle.get());
      return;
    }
    List<TopicChange> changes = new ArrayList<>();
    Optional<String> refusal = addChanges(update.command(), changes);
    if (refusal.isPresent()) {
      refuse(request, update, refusal.get());
      return;
    }
    LogPosition own = core.disk().position();
    // ZeroC's coordinator may send positions out of order; Firn's are checked to be in order.
    LogPosition position = update.position().compareTo(own) > 0 ? update.position() : own;
    changes.add(new TopicChange.SetPosition(position));
    core.disk()
        .persist(
            changes,
            () -> core.outputs().reply(request, new Answer.Done()),
            reason -> notStored(request, "update " + position, reason));
  }

  private Optional<String> obstacle(Message.Update update) {
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
    LogPosition expected = core.disk().position().next();
    boolean ordered = group.name().generation().isPresent();
    return ordered && !update.position().equals(expected)
        ? Optional.of("update %s where %s is next".formatted(update.position(), expected))
        : Optional.empty();
  }

  /** Returns why the command does not fit the topics. */
  private Optional<String> addChanges(TopicCommand command, List<TopicChange> changes) {
    TopicTables tables = core.disk().tables();
    TopicCommand.Result result = command.applyTo(tables, Integer.MAX_VALUE);
    if (result instanceof TopicCommand.Result.Applied applied) {
      changes.addAll(applied.changes());
      return Optional.empty();
    }
    Topic topic = tables.find(command.topic());
    if (topic == null) {
      return Optional.of("no topic: " + command.topic());
    }
    if (command instanceof TopicCommand.AddSubscriber add) {
      // ZeroC's coordinator may repeat one; what it has counts.
      changes.add(new TopicChange.PutSubscriber(topic.id(), add.subscriber()));
      return Optional.empty();
    }
    return Optional.of("topic exists: " + command.topic());
  }

  private void refuse(RequestId request, Message.Update update, String reason) {
    core.outputs()
        .warning(
            "ReplicaObserverI::%s: ObserverInconsistencyException: %s"
                .formatted(operation(update.command()), reason));
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

  private static String operation(TopicCommand command) {
    if (command instanceof TopicCommand.CreateTopic) {
      return "create";
    } else if (command instanceof TopicCommand.DestroyTopic) {
      return "destroy";
    } else if (command instanceof TopicCommand.AddSubscriber) {
      return "add";
    }
    return "remove";
  }
}
