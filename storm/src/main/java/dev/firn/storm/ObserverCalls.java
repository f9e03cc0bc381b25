package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UnknownUserException;
import dev.firn.election.Answer;
import dev.firn.election.CallId;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicContent;
import dev.firn.wire.AsyncCalls;
import dev.firn.wire.IceStormElection.LogUpdate;
import dev.firn.wire.IceStormElection.ObserverInconsistencyException;
import dev.firn.wire.IceStormElection.ReplicaObserverPrx;
import dev.firn.wire.ReplicaPeer;
import dev.firn.wire.StormMapping;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a coordinator sends to the observers of its members. Any thread. */
final class ObserverCalls {
  private final AsyncCalls calls;
  private final Communicator communicator;

  ObserverCalls(AsyncCalls calls, Communicator communicator) {
    this.calls = calls;
    this.communicator = communicator;
  }

  /**
   * Sends a message; its answer or failure is posted.
   *
   * @param observer with the time-outs to use, null if the member gave none
   */
  void ask(
      CallId id, ReplicaPeer peer, @Nullable ReplicaObserverPrx observer, Message.Call message) {
    if (observer == null) {
      calls.failed(id, Input.Failure.OTHER, "the member gave a null observer");
      return;
    }
    calls.call(
        new AsyncCalls.Target(id, peer, true),
        () -> begin(observer, message),
        ok -> calls.answered(id, new Answer.Done()),
        ObserverCalls::answer);
  }

  private CompletableFuture<Void> begin(ReplicaObserverPrx observer, Message.Call message) {
    if (message instanceof Message.Init init) {
      return observer.initAsync(
          StormMapping.logUpdate(init.position()),
          ReplicaMapping.contents(communicator, TopicContent.all(init.content())));
    } else if (message instanceof Message.Update update) {
      return begin(
          observer, StormMapping.logUpdate(update.position()), (TopicCommand) update.command());
    }
    throw new IllegalStateException("not for an observer: " + message);
  }

  private CompletableFuture<Void> begin(
      ReplicaObserverPrx observer, LogUpdate position, TopicCommand command) {
    if (command instanceof TopicCommand.CreateTopic create) {
      return observer.createTopicAsync(position, create.topic());
    } else if (command instanceof TopicCommand.DestroyTopic destroy) {
      return observer.destroyTopicAsync(position, destroy.topic());
    } else if (command instanceof TopicCommand.AddSubscriber add) {
      return observer.addSubscriberAsync(
          position, add.topic(), StormMapping.record(communicator, add.subscriber()));
    } else if (command instanceof TopicCommand.RemoveSubscribers remove) {
      return observer.removeSubscriberAsync(
          position, remove.topic(), StormMapping.identities(remove.ids()));
    }
    throw new IllegalStateException("no operation for " + command);
  }

  private static @Nullable Answer answer(Throwable failure) {
    if (failure instanceof ObserverInconsistencyException inconsistent) {
      return new Answer.Inconsistent(inconsistent.reason);
    } else if (failure instanceof UnknownUserException unknown) {
      return new Answer.Inconsistent(unknown.unknown);
    } else if (failure instanceof UnknownException unknown) {
      return new Answer.Failed(unknown.unknown);
    }
    return null;
  }
}
