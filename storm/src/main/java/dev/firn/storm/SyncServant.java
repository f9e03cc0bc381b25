package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.UnknownException;
import dev.firn.election.Answer;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.TopicContent;
import dev.firn.wire.IceStormElection.TopicManagerSync;
import dev.firn.wire.ReplicaLoop;
import dev.firn.wire.StormMapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives all topics to a coordinator that knows fewer updates. Any thread. */
final class SyncServant implements TopicManagerSync {
  private final ReplicaLoop loop;
  private final Communicator communicator;

  SyncServant(ReplicaLoop loop, Communicator communicator) {
    this.loop = loop;
    this.communicator = communicator;
  }

  @Override
  public CompletionStage<GetContentResult> getContentAsync(Current current) {
    CompletableFuture<GetContentResult> result = new CompletableFuture<>();
    loop.request(id -> new Input.Asked(id, new Message.GetContent()))
        .thenAccept(
            answer -> {
              if (answer instanceof Answer.Content content) {
                result.complete(
                    new GetContentResult(
                        StormMapping.logUpdate(content.position()),
                        ReplicaMapping.contents(
                            communicator, TopicContent.all(content.content()))));
              } else {
                result.completeExceptionally(new UnknownException(answer.toString()));
              }
            });
    return result;
  }
}
