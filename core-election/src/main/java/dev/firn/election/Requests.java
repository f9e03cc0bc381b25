package dev.firn.election;

import dev.firn.model.ObjectId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What clients and delivery want: waits while there is no group, is carried out by {@link Updates}
 * where this replica is the coordinator, and forwarded where it is not.
 */
final class Requests {
  /** Commands in one transaction. */
  private static final int BATCH_MAX = 256;

  private final Core core;
  private final Updates updates;
  private final Follower follower;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Set<Waiting> forwarding = new LinkedHashSet<>();
  private final NavigableMap<String, NavigableSet<ObjectId>> gone = new TreeMap<>();
  private boolean reaping;
  private long forwardMillis;
  private long reapMillis;

  Requests(Core core, Updates updates, Follower follower) {
    this.core = core;
    this.updates = updates;
    this.follower = follower;
  }

  void submit(RequestId request, TopicCommand command) {
    Caller caller = Caller.client(request, core.outputs());
    if (waiting.size() + forwarding.size() >= core.config().waitingMax()) {
      caller.unknown("too many updates wait");
    } else {
      waiting.add(new Waiting(caller, command, core.nowMillis()));
    }
  }

  void reap(RequestId request, String topic, List<ObjectId> subscribers) {
    Caller caller = Caller.reaper(Optional.of(request), core.outputs());
    if (core.group().leads() && waiting.size() < core.config().waitingMax()) {
      waiting.add(
          new Waiting(
              caller, new TopicCommand.RemoveSubscribers(topic, subscribers), core.nowMillis()));
    } else {
      caller.unknown("not the coordinator");
    }
  }

  /** Remembers them until the coordinator has removed them; delivery notices again what is lost. */
  void gone(String topic, List<ObjectId> subscribers) {
    if (gone.size() < core.config().waitingMax()) {
      gone.computeIfAbsent(topic, t -> new TreeSet<>()).addAll(subscribers);
    }
  }

  /** Starts what can be started. Ends every step, so that a Persist is the last output. */
  void run() {
    if (!core.disk().isIdle()) {
      return;
    }
    if (core.group().leads() && updates.isQuiet()) {
      gone.forEach(this::removeGone);
      gone.clear();
      List<Waiting> batch = new ArrayList<>();
      while (!waiting.isEmpty() && batch.size() < BATCH_MAX) {
        batch.add(waiting.remove());
      }
      if (!batch.isEmpty()) {
        updates.start(batch);
      }
    } else if (core.group().follows() && core.nowMillis() >= forwardMillis) {
      while (!waiting.isEmpty()) {
        forward(waiting.remove());
      }
    }
    if (core.group().follows() && !gone.isEmpty() && !reaping && core.nowMillis() >= reapMillis) {
      forwardReap(gone.firstEntry());
    }
  }

  long wakeAtMillis() {
    long wake = Long.MAX_VALUE;
    if (core.group().follows() && !waiting.isEmpty()) {
      wake = forwardMillis;
    }
    if (core.group().follows() && !gone.isEmpty() && !reaping) {
      wake = Math.min(wake, reapMillis);
    }
    if (core.config().waitingMillisMax() > 0 && !waiting.isEmpty()) {
      wake = Math.min(wake, waiting.element().sinceMillis() + core.config().waitingMillisMax());
    }
    return wake;
  }

  void tick() {
    long limitMillis = core.config().waitingMillisMax();
    if (limitMillis > 0) {
      answerWaiting(
          w -> core.nowMillis() - w.sinceMillis() >= limitMillis,
          "no group of replicas for " + limitMillis + " ms");
    }
  }

  /** There is no group: who must not wait for one is told so. */
  void groupLost() {
    answerWaiting(w -> !w.caller().isPatient(), "no group");
  }

  /** What was forwarded to it has an unknown outcome; nobody need wait until the calls fail. */
  void coordinatorSilent() {
    endForwarding("the coordinator does not answer");
  }

  void shutdown(String reason) {
    answerWaiting(w -> true, reason);
    endForwarding(reason);
  }

  private void endForwarding(String reason) {
    List<Waiting> ended = List.copyOf(forwarding);
    forwarding.clear();
    ended.forEach(w -> w.caller().unknown(reason));
  }

  private void answerWaiting(Predicate<Waiting> which, String reason) {
    List<Waiting> ended = waiting.stream().filter(which).toList();
    waiting.removeIf(which);
    ended.forEach(w -> w.caller().unknown(reason));
  }

  private void removeGone(String topicName, NavigableSet<ObjectId> ids) {
    Topic topic = core.disk().tables().find(topicName);
    if (topic != null && ids.stream().anyMatch(id -> topic.findSubscriber(id) != null)) {
      waiting.add(
          new Waiting(
              Caller.reaper(Optional.empty(), core.outputs()),
              new TopicCommand.RemoveSubscribers(topicName, List.copyOf(ids)),
              core.nowMillis()));
    }
  }

  private void forward(Waiting command) {
    forwarding.add(command);
    core.calls()
        .forward(
            core.group().coordinator(),
            core.group().coordinatorProxy(),
            command.command(),
            core.timing().forwardTimeoutMillis(),
            new Forwarded(command));
  }

  private void forwardReap(Map.Entry<String, NavigableSet<ObjectId>> first) {
    reaping = true;
    String topic = first.getKey();
    List<ObjectId> ids = List.copyOf(first.getValue());
    core.calls()
        .forwardReap(
            core.group().coordinator(),
            core.group().coordinatorProxy(),
            topic,
            ids,
            core.timing().updateTimeoutMillis(),
            new Reaped(topic, ids));
  }

  private final class Forwarded implements Ending {
    private final Waiting command;

    Forwarded(Waiting command) {
      this.command = command;
    }

    @Override
    public void answered(Answer answer) {
      if (forwarding.remove(command)) {
        if (answer instanceof Answer.Outcome outcome) {
          command.caller().done(outcome.result());
        } else {
          command.caller().unknown("the coordinator answered " + answer);
        }
      }
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      if (!forwarding.remove(command)) {
        return;
      }
      if (failure == Input.Failure.REFUSED) {
        // Surely not done. The coordinator is asked whether it lives; what waits is tried again
        // in this group or the next.
        waiting.addFirst(command);
        forwardMillis = core.nowMillis() + core.timing().inactiveCheckMillis();
        follower.suspectCoordinator();
      } else {
        command.caller().unknown("forwarding to the coordinator failed: " + reason);
      }
    }
  }

  private final class Reaped implements Ending {
    private final String topic;
    private final List<ObjectId> ids;

    Reaped(String topic, List<ObjectId> ids) {
      this.topic = topic;
      this.ids = ids;
    }

    @Override
    public void answered(Answer answer) {
      reaping = false;
      NavigableSet<ObjectId> remaining = gone.get(topic);
      if (answer instanceof Answer.Done && remaining != null) {
        ids.forEach(remaining::remove);
        if (remaining.isEmpty()) {
          gone.remove(topic);
        }
      } else {
        reapMillis = core.nowMillis() + core.timing().checkMillis();
      }
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      reaping = false;
      reapMillis = core.nowMillis() + core.timing().checkMillis();
      core.outputs().topic("exception when calling `reap' on the master replica: " + reason);
    }
  }
}
