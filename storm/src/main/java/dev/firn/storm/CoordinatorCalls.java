package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceStorm.AlreadySubscribed;
import com.zeroc.IceStorm.LinkExists;
import com.zeroc.IceStorm.NoSuchLink;
import com.zeroc.IceStorm.ReapWouldBlock;
import com.zeroc.IceStorm.TopicExists;
import com.zeroc.IceStorm.TopicInternalPrx;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import dev.firn.election.Answer;
import dev.firn.election.CallId;
import dev.firn.election.Input;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicCommand.Reason;
import dev.firn.model.ObjectId;
import dev.firn.wire.AsyncCalls;
import dev.firn.wire.Mapping;
import dev.firn.wire.ReplicaPeer;
import dev.firn.wire.StormMapping;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a slave has its coordinator do, as any client would: the manager's proxy with the identity
 * of a topic reaches that topic. Any thread.
 */
final class CoordinatorCalls {
  private static final String NO_MANAGER = "the coordinator gave a null topic manager";

  private final AsyncCalls calls;
  private final Communicator communicator;
  private final TopicIds topicIds;

  /** Finds the identity of a topic. */
  interface TopicIds {
    ObjectId idOf(String topic);
  }

  CoordinatorCalls(AsyncCalls calls, Communicator communicator, TopicIds topicIds) {
    this.calls = calls;
    this.communicator = communicator;
    this.topicIds = topicIds;
  }

  /**
   * Forwards a command; its outcome or failure is posted.
   *
   * @param coordinator its topic manager with the time-outs to use, null if it gave none
   */
  void forward(CallId id, ReplicaPeer peer, @Nullable ObjectPrx coordinator, TopicCommand command) {
    if (coordinator == null) {
      calls.failed(id, Input.Failure.REFUSED, NO_MANAGER);
      return;
    }
    calls.call(
        new AsyncCalls.Target(id, peer, true),
        () -> begin(coordinator, command),
        done -> calls.answered(id, applied()),
        failure -> rejected(command, failure));
  }

  /** As {@link #forward}, for subscribers that are gone for good. */
  void reap(
      CallId id,
      ReplicaPeer peer,
      @Nullable ObjectPrx coordinator,
      String topic,
      List<ObjectId> subscribers) {
    if (coordinator == null) {
      calls.failed(id, Input.Failure.REFUSED, NO_MANAGER);
      return;
    }
    calls.call(
        new AsyncCalls.Target(id, peer, true),
        () ->
            TopicInternalPrx.uncheckedCast(coordinator.ice_identity(identity(topic)))
                .reapAsync(StormMapping.identities(subscribers)),
        done -> calls.answered(id, new Answer.Done()),
        failure -> failure instanceof ReapWouldBlock ? new Answer.ReapWouldBlock() : null);
  }

  private CompletableFuture<?> begin(ObjectPrx coordinator, TopicCommand command) {
    TopicPrx topic = TopicPrx.uncheckedCast(coordinator.ice_identity(identity(command.topic())));
    if (command instanceof TopicCommand.CreateTopic create) {
      return TopicManagerPrx.uncheckedCast(coordinator).createAsync(create.topic());
    } else if (command instanceof TopicCommand.DestroyTopic) {
      return topic.destroyAsync();
    } else if (command instanceof TopicCommand.AddSubscriber add) {
      return begin(topic, add.subscriber());
    } else if (command instanceof TopicCommand.Unlink unlink) {
      return topic.unlinkAsync(
          TopicPrx.uncheckedCast(coordinator.ice_identity(Mapping.identity(unlink.linkedTopic()))));
    } else if (command instanceof TopicCommand.RemoveSubscribers remove) {
      return begin(coordinator, topic, remove.ids());
    }
    throw new IllegalStateException("unknown command " + command);
  }

  private CompletableFuture<?> begin(TopicPrx topic, SubscriberRecord subscriber) {
    return subscriber.link()
        ? topic.linkAsync(
            TopicPrx.uncheckedCast(Mapping.decode(communicator, subscriber.linkedTopic())),
            subscriber.cost())
        : topic.subscribeAndGetPublisherAsync(
            subscriber.qos(), Mapping.decode(communicator, subscriber.proxy()));
  }

  /** A client unsubscribes one by its proxy, of which only the identity counts. */
  private static CompletableFuture<?> begin(
      ObjectPrx coordinator, TopicPrx topic, List<ObjectId> ids) {
    return ids.size() == 1
        ? topic.unsubscribeAsync(coordinator.ice_identity(Mapping.identity(ids.get(0))))
        : TopicInternalPrx.uncheckedCast(topic).reapAsync(StormMapping.identities(ids));
  }

  private Identity identity(String topic) {
    return Mapping.identity(topicIds.idOf(topic));
  }

  private static Answer applied() {
    return new Answer.Outcome(new TopicCommand.Result.Applied(List.of()));
  }

  private static @Nullable Answer rejected(TopicCommand command, Throwable failure) {
    if (failure instanceof TopicExists exists) {
      return rejected(Reason.TOPIC_EXISTS, exists.name);
    } else if (failure instanceof LinkExists exists) {
      return rejected(Reason.LINK_EXISTS, exists.name);
    } else if (failure instanceof NoSuchLink missing) {
      return rejected(Reason.NO_SUCH_LINK, missing.name);
    } else if (failure instanceof AlreadySubscribed
        && command instanceof TopicCommand.AddSubscriber add) {
      return rejected(Reason.ALREADY_SUBSCRIBED, add.subscriber().id().toString());
    } else if (failure instanceof ObjectNotExistException
        && !(command instanceof TopicCommand.CreateTopic)) {
      return rejected(Reason.NO_SUCH_TOPIC, command.topic());
    }
    return null;
  }

  private static Answer rejected(Reason reason, String name) {
    return new Answer.Outcome(
        new TopicCommand.Result.Rejected(new TopicCommand.Rejection(reason, name)));
  }
}
