package dev.firn.systemtests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One publish-subscribe service: a single process, or replicas with node ids 1, 2, 3 ... */
final class Storm {
  /** For what takes the reference several election time-outs. */
  static final Duration LONG = Duration.ofMinutes(2);

  private final List<StormProcess> replicas;

  private Storm(List<StormProcess> replicas) {
    this.replicas = List.copyOf(replicas);
  }

  static Storm of(Lab lab, StormVariant variant) {
    Implementation implementation = variant.implementation();
    return switch (variant.mode()) {
      case PERSISTENT -> persistent(lab, implementation, "IceStorm");
      case TRANSIENT -> persistent(lab, implementation, "IceStorm").with("Transient", "1");
      case REPLICATED ->
          replicated(lab, StormMix.of(implementation, implementation, implementation));
    };
  }

  static Storm persistent(Lab lab, Implementation implementation, String name) {
    return new Storm(List.of(lab.storm(implementation, name, name)));
  }

  static Storm replicated(Lab lab, StormMix mix) {
    List<StormProcess> made = new ArrayList<>();
    for (Implementation implementation : mix.replicas()) {
      made.add(lab.storm(implementation, "IceStorm", "replica" + (made.size() + 1)));
    }
    Storm storm = new Storm(made);
    for (int i = 0; i < made.size(); i++) {
      StormProcess replica = made.get(i);
      replica.with("NodeId", Integer.toString(i + 1));
      replica.with("Node.Endpoints", "tcp -h 127.0.0.1 -p " + replica.nodePort());
      for (int j = 0; j < made.size(); j++) {
        String node = "IceStorm/node" + (j + 1) + ":tcp -h 127.0.0.1 -p " + made.get(j).nodePort();
        replica.with("Nodes." + (j + 1), node);
      }
    }
    return storm
        .with("ReplicatedTopicManagerEndpoints", storm.endpoints(StormProcess::managerEndpoint))
        .with("ReplicatedPublishEndpoints", storm.endpoints(StormProcess::publishEndpoint))
        .with("Election.MasterTimeout", "1")
        .with("Election.ElectionTimeout", "1")
        .with("Election.ResponseTimeout", "1");
  }

  /** A property of each replica, without the service's name. */
  Storm with(String suffix, String value) {
    replicas.forEach(replica -> replica.with(suffix, value));
    return this;
  }

  Storm start() {
    replicas.forEach(StormProcess::begin);
    replicas.forEach(StormProcess::awaitReady);
    return this;
  }

  List<StormProcess> replicas() {
    return replicas;
  }

  /** The only replica, or that with the lowest id. */
  StormProcess first() {
    return replicas.get(0);
  }

  StormProcess last() {
    return replicas.get(replicas.size() - 1);
  }

  List<StormProcess> running() {
    return replicas.stream().filter(StormProcess::isRunning).toList();
  }

  boolean isReplicated() {
    return replicas.size() > 1;
  }

  private String endpoints(Function<StormProcess, String> endpoint) {
    return replicas.stream().map(endpoint).collect(Collectors.joining(":"));
  }

  /** The manager at the endpoints of all replicas, as clients are configured. */
  String manager() {
    return first().instance() + "/TopicManager:" + endpoints(StormProcess::managerEndpoint);
  }

  Remote manager(IceClient client) {
    return client.at("IceStorm.TopicManager", manager());
  }

  Remote manager(IceClient client, StormProcess replica) {
    return client.at("IceStorm.TopicManager", replica.manager());
  }

  /** The election node of a replica. */
  String node(StormProcess replica) {
    int id = replicas.indexOf(replica) + 1;
    return replica.instance() + "/node" + id + ":tcp -h 127.0.0.1 -p " + replica.nodePort();
  }

  /** Creates a topic. */
  Remote topic(IceClient client, String name) {
    return client.at("IceStorm.Topic", manager(client).call("create", name));
  }

  /** An existing topic, at this replica only. */
  Remote topicAt(IceClient client, StormProcess replica, String name) {
    String identity = replica.instance() + "/topic." + name;
    return client.at("IceStorm.Topic", identity + ":" + replica.managerEndpoint());
  }

  /** The topic's publisher at this replica only. */
  Remote publisherAt(IceClient client, StormProcess replica, String name) {
    String identity = replica.instance() + "/" + name + ".publish";
    return client.object(identity + ":" + replica.publishEndpoint());
  }

  Remote publisher(IceClient client, Remote topic) {
    return client.object(topic.call("getPublisher").proxy());
  }

  /** Topics, subscribers and links as this replica tells them. */
  Json content(IceClient client, StormProcess replica) {
    return client.ask("storm_content", Map.of("target", manager(client, replica).target()));
  }

  /** Waits until all running replicas tell the same content, and returns it. */
  Json awaitSameContent(IceClient client) {
    List<StormProcess> running = running();
    Await.asserted(
        LONG,
        () -> {
          Json first = content(client, running.get(0));
          for (StormProcess other : running) {
            Json content = content(client, other);
            if (!content.equals(first)) {
              throw new AssertionError(
                  running.get(0) + " has " + first + " but " + other + " has " + content);
            }
          }
        });
    return content(client, running.get(0));
  }

  /** Waits until every running replica serves: it has become part of a group. */
  void awaitServing(IceClient client) {
    for (StormProcess replica : running()) {
      Await.asserted(LONG, () -> manager(client, replica).call("retrieveAll"));
    }
  }

  @Override
  public String toString() {
    return replicas.toString();
  }
}
