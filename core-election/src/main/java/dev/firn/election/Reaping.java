package dev.firn.election;

import dev.firn.model.ObjectId;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Removes subscribers that the delivery of a storm found to be gone: at this replica where it is
 * the coordinator, else by a call of the coordinator, which is repeated until it is done.
 *
 * <p>What was found counts in the group in which it was found, and no longer than this lasts. A
 * replica that is cut off from the others may be cut off from healthy subscribers too: when it
 * comes back, it must not have them removed everywhere.
 */
final class Reaping implements Chores {
  /** Topics whose subscribers are removed in one batch of updates. */
  private static final int TOPICS_MAX = 64;

  private final Core core;
  private final Requests requests;
  private final NavigableMap<String, NavigableMap<ObjectId, Subscription>> gone = new TreeMap<>();

  /** Of the group in which {@link #gone} was found. */
  private long generation = -1;

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

  /** Until the coordinator has removed it; delivery notices again what is lost. */
  private void remember(Input.Gone found) {
    Group group = core.group();
    if (!group.is(NodeState.NORMAL) || group.generation() != found.generation()) {
      core.outputs()
          .topic(
              "subscriber %s of %s stays: it was not found gone in this group"
                  .formatted(found.subscription().record().id(), found.topic()));
      return;
    }
    forgetOtherGroups();
    if (gone.size() < core.config().waitingMax()) {
      gone.computeIfAbsent(found.topic(), t -> new TreeMap<>())
          .put(found.subscription().record().id(), found.subscription());
    }
  }

  private void forgetOtherGroups() {
    if (generation != core.group().generation()) {
      generation = core.group().generation();
      gone.clear();
    }
  }

  @Override
  public void lead() {
    forgetOtherGroups();
    for (int topics = 0; topics < TOPICS_MAX && !gone.isEmpty(); topics++) {
      String topic = gone.firstKey();
      List<ObjectId> ids = stillThere(topic);
      gone.remove(topic);
      if (!ids.isEmpty()) {
        requests.addFirst(
            new Reaper(Optional.empty()), new TopicCommand.RemoveSubscribers(topic, ids));
      }
    }
  }

  /** Without those who left meanwhile; some may have come again, and are others now. */
  private List<ObjectId> stillThere(String topicName) {
    Topic topic = ((TopicTables) core.disk().state()).find(topicName);
    NavigableMap<ObjectId, Subscription> found = gone.get(topicName);
    return topic == null || found == null
        ? List.of()
        : found.values().stream().filter(topic::has).map(s -> s.record().id()).toList();
  }

  @Override
  public void follow() {
    forgetOtherGroups();
    while (!gone.isEmpty() && !reaping && core.nowMillis() >= reapMillis) {
      String topic = gone.firstKey();
      List<ObjectId> ids = stillThere(topic);
      if (ids.isEmpty()) {
        gone.remove(topic);
      } else {
        forward(topic, ids);
      }
    }
  }

  @Override
  public long wakeAtMillis() {
    return gone.isEmpty() || reaping ? Long.MAX_VALUE : reapMillis;
  }

  private void forward(String topic, List<ObjectId> ids) {
    reaping = true;
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
    private final long generationThen = generation;

    Reaped(String topic, List<ObjectId> ids) {
      this.topic = topic;
      this.ids = ids;
    }

    @Override
    public void answered(Answer answer) {
      reaping = false;
      if (generation != generationThen) {
        return;
      }
      NavigableMap<ObjectId, Subscription> remaining = gone.get(topic);
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

    @Override
    public boolean mayMove() {
      return false;
    }
  }
}
