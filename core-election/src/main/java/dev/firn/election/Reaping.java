package dev.firn.election;

import dev.firn.model.ObjectId;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Removes subscribers that the delivery of a storm found to be gone: at this replica where it is
 * the coordinator, else by a call of the coordinator, which is repeated until it is done.
 */
final class Reaping implements Chores {
  private final Core core;
  private final Requests requests;
  private final NavigableMap<String, NavigableSet<ObjectId>> gone = new TreeMap<>();
  private boolean reaping;
  private long reapMillis;

  Reaping(Core core, Requests requests) {
    this.core = core;
    this.requests = requests;
  }

  @Override
  public void take(Input.OfTopics input) {
    if (input instanceof Input.Reap reap) {
      requests.submitHere(
          new Reaper(Optional.of(reap.request())),
          new TopicCommand.RemoveSubscribers(reap.topic(), reap.subscribers()));
    } else if (input instanceof Input.Gone found) {
      remember(found);
    } else {
      throw new IllegalStateException("unknown input " + input);
    }
  }

  @Override
  public void takeStopped(Input.OfTopics input) {
    if (input instanceof Input.Reap reap) {
      core.outputs().reply(reap.request(), new Answer.ReapWouldBlock());
    }
  }

  /** Until the coordinator has removed them; delivery notices again what is lost. */
  private void remember(Input.Gone found) {
    if (gone.size() < core.config().waitingMax()) {
      gone.computeIfAbsent(found.topic(), t -> new TreeSet<>()).addAll(found.subscribers());
    }
  }

  @Override
  public void lead() {
    gone.forEach(this::remove);
    gone.clear();
  }

  private void remove(String topicName, NavigableSet<ObjectId> ids) {
    Topic topic = ((TopicTables) core.disk().state()).find(topicName);
    if (topic != null && ids.stream().anyMatch(id -> topic.findSubscriber(id) != null)) {
      requests.add(
          new Reaper(Optional.empty()),
          new TopicCommand.RemoveSubscribers(topicName, List.copyOf(ids)));
    }
  }

  @Override
  public void follow() {
    if (!gone.isEmpty() && !reaping && core.nowMillis() >= reapMillis) {
      forward(gone.firstEntry());
    }
  }

  @Override
  public long wakeAtMillis() {
    return gone.isEmpty() || reaping ? Long.MAX_VALUE : reapMillis;
  }

  private void forward(Map.Entry<String, NavigableSet<ObjectId>> first) {
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

  /** Who asked for a removal: a peer, or nobody who waits. */
  private final class Reaper implements Caller {
    private final Optional<RequestId> request;

    Reaper(Optional<RequestId> request) {
      this.request = request;
    }

    @Override
    public void done(StateResult result) {
      // A topic that is gone has no subscribers to reap: that is done too.
      request.ifPresent(r -> core.outputs().reply(r, new Answer.Done()));
    }

    @Override
    public void unknown(String reason) {
      request.ifPresent(r -> core.outputs().reply(r, new Answer.ReapWouldBlock()));
    }

    @Override
    public boolean isPatient() {
      return false;
    }
  }
}
