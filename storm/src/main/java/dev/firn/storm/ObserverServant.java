package dev.firn.storm;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.UnknownException;
import dev.firn.election.Answer;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.wire.IceStormElection.LogUpdate;
import dev.firn.wire.IceStormElection.ObserverInconsistencyException;
import dev.firn.wire.IceStormElection.ReplicaObserver;
import dev.firn.wire.IceStormElection.TopicContent;
import dev.firn.wire.ReplicaLoop;
import dev.firn.wire.StormMapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes the coordinator's updates while this replica is a slave. Any thread. */
final class ObserverServant implements ReplicaObserver {
  private final ReplicaLoop loop;
  private final String instanceName;

  ObserverServant(ReplicaLoop loop, String instanceName) {
    this.loop = loop;
    this.instanceName = instanceName;
  }

  @Override
  public CompletionStage<Void> initAsync(
      LogUpdate position, TopicContent[] content, Current current) {
    return ask(new Message.Init(StormMapping.position(position), ReplicaMapping.contents(content)));
  }

  @Override
  public CompletionStage<Void> createTopicAsync(LogUpdate position, String name, Current current) {
    return update(position, new TopicCommand.CreateTopic(Topic.idOf(instanceName, name)));
  }

  @Override
  public CompletionStage<Void> destroyTopicAsync(LogUpdate position, String name, Current current) {
    return update(position, new TopicCommand.DestroyTopic(name));
  }

  @Override
  public CompletionStage<Void> addSubscriberAsync(
      LogUpdate position,
      String topic,
      com.zeroc.IceStorm.SubscriberRecord record,
      Current current) {
    return update(position, new TopicCommand.AddSubscriber(topic, StormMapping.record(record)));
  }

  @Override
  public CompletionStage<Void> removeSubscriberAsync(
      LogUpdate position, String topic, Identity[] subscribers, Current current) {
    return update(
        position, new TopicCommand.RemoveSubscribers(topic, StormMapping.objectIds(subscribers)));
  }

  private CompletionStage<Void> update(LogUpdate position, TopicCommand command) {
    return ask(new Message.Update(StormMapping.position(position), command));
  }

  private CompletionStage<Void> ask(Message.Call message) {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    loop.request(id -> new Input.Asked(id, message))
        .thenAccept(
            answer -> {
              if (answer instanceof Answer.Done) {
                answered.complete(null);
              } else if (answer instanceof Answer.Inconsistent inconsistent) {
                answered.completeExceptionally(
                    new ObserverInconsistencyException(inconsistent.reason()));
              } else if (answer instanceof Answer.Failed failed) {
                answered.completeExceptionally(new UnknownException(failed.reason()));
              } else {
                answered.completeExceptionally(new UnknownException(answer.toString()));
              }
            });
    return answered;
  }
}
