package dev.firn.storm;

import com.zeroc.Ice.Current;
import com.zeroc.IceStorm.NoSuchTopic;
import com.zeroc.IceStorm.SliceChecksums;
import com.zeroc.IceStorm.TopicExists;
import com.zeroc.IceStorm.TopicPrx;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicCommand.Reason;
import dev.firn.model.ObjectId;
import dev.firn.wire.AmdTopicManager;
import dev.firn.wire.IceStormElection.NodePrx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The topic manager. Holds no state: all of it is the engine's. */
final class TopicManagerServant implements AmdTopicManager {
  private final TopicEngine engine;
  private final StormProxies proxies;
  private final String instanceName;
  private final Optional<NodePrx> replicaNode;

  /**
   * @param replicaNode this replica for the others, empty if there are none
   */
  TopicManagerServant(
      TopicEngine engine,
      StormProxies proxies,
      String instanceName,
      Optional<NodePrx> replicaNode) {
    this.engine = engine;
    this.proxies = proxies;
    this.instanceName = instanceName;
    this.replicaNode = replicaNode;
  }

  @Override
  public CompletionStage<TopicPrx> createAsync(String name, Current current) {
    ObjectId id = Topic.idOf(instanceName, name);
    return Requests.answer(
        engine.submit(new TopicCommand.CreateTopic(id)),
        () -> proxies.topic(id),
        rejection ->
            rejection.reason() == Reason.TOPIC_EXISTS
                ? new TopicExists(name)
                : Requests.undeclared(rejection, "cannot create topic `" + name + "'"));
  }

  @Override
  public CompletionStage<TopicPrx> retrieveAsync(String name, Current current) {
    return Requests.pass(
        engine.readGate(),
        () -> {
          Topic topic = engine.tables().find(name);
          if (topic == null) {
            throw new NoSuchTopic(name);
          }
          return CompletableFuture.completedFuture(proxies.topic(topic.id()));
        });
  }

  @Override
  public CompletionStage<Map<String, TopicPrx>> retrieveAllAsync(Current current) {
    return Requests.pass(
        engine.readGate(),
        () -> {
          Map<String, TopicPrx> all = new LinkedHashMap<>();
          for (Topic topic : engine.tables().topics()) {
            all.put(topic.name(), proxies.topic(topic.id()));
          }
          return CompletableFuture.completedFuture(all);
        });
  }

  @Override
  public CompletionStage<Map<String, String>> getSliceChecksumsAsync(Current current) {
    return CompletableFuture.completedFuture(SliceChecksums.checksums);
  }

  @Override
  @SuppressWarnings("NullAway") // The null proxy is the answer where nothing is replicated.
  public CompletionStage<NodePrx> getReplicaNodeAsync(Current current) {
    return CompletableFuture.completedFuture(replicaNode.orElse(null));
  }
}
