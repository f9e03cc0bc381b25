package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.ElectionConfig;
import dev.firn.election.Input;
import dev.firn.election.Replica;
import dev.firn.election.ReplicatedState;
import dev.firn.election.RequestId;
import dev.firn.election.StateCommand;
import dev.firn.election.StateResult;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A storm: clients create, destroy, subscribe and link; few names, so they meet. */
final class SimulatedTopics implements SimulatedService {
  private static final int TOPICS = 5;
  private static final int SUBSCRIBERS = 4;

  private long values;

  @Override
  public ReplicatedState empty() {
    return TopicTables.EMPTY;
  }

  @Override
  public Replica replica(ElectionConfig config, ReplicatedState state, RandomGenerator random) {
    return Replica.ofStorm(config, (TopicTables) state, random);
  }

  @Override
  public boolean isSame(ReplicatedState one, ReplicatedState other) {
    return ((TopicTables) one).sameTopics((TopicTables) other);
  }

  @Override
  public Input submit(RequestId request, StateCommand command) {
    return new Input.Submit(request, command);
  }

  @Override
  public Input forwarded(RequestId request, StateCommand command) {
    return submit(request, command);
  }

  @Override
  public Optional<StateResult> onTheWire(StateResult result) {
    if (result instanceof TopicCommand.Result.Rejected rejected) {
      return rejected.rejection().reason() == TopicCommand.Reason.KEY_TOO_LONG
          ? Optional.empty()
          : Optional.of(result);
    }
    // Changes stay behind.
    return Optional.of(new TopicCommand.Result.Applied(List.of()));
  }

  @Override
  public boolean isForwarding() {
    return true;
  }

  @Override
  public StateCommand certain(String name) {
    return create(name);
  }

  @Override
  public void act(StormSimulation simulation, StormProcess process) {
    SplittableRandom random = simulation.random();
    if (process instanceof FirnNode node && random.nextInt(40) == 0) {
      node.gone(topic(random), subscriber(random));
    } else {
      simulation.clients().submit(process, command(random));
    }
  }

  @Override
  public void heard(StateCommand command, Answer answer) {}

  @Override
  public void succeeded(ReplicatedState before, ReplicatedState after) {}

  private TopicCommand command(SplittableRandom random) {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> create(topic(random));
      case 5, 6, 7 -> new TopicCommand.DestroyTopic(topic(random));
      case 8, 9, 10, 11, 12 -> subscribe(topic(random), subscriber(random));
      case 13, 14 -> new TopicCommand.RemoveSubscribers(topic(random), List.of(subscriber(random)));
      case 15, 16, 17 -> link(topic(random), topic(random));
      case 18 -> create("x".repeat(520));
      default -> new TopicCommand.Unlink(topic(random), topicId(topic(random)));
    };
  }

  static TopicCommand create(String topic) {
    return new TopicCommand.CreateTopic(topicId(topic));
  }

  /** Each subscription is another, also of the same subscriber. */
  private TopicCommand subscribe(String topic, ObjectId subscriber) {
    values++;
    TreeMap<String, String> qos = new TreeMap<>();
    qos.put("retryCount", Long.toString(values));
    EncodedProxy proxy = Values.proxy(subscriber, "v" + values);
    return new TopicCommand.AddSubscriber(
        topic, SubscriberRecord.subscriber(topic, subscriber, proxy, qos));
  }

  private TopicCommand link(String topic, String target) {
    values++;
    ObjectId id = topicId(target);
    EncodedProxy proxy = Values.proxy(id, "link");
    return new TopicCommand.AddSubscriber(
        topic, SubscriberRecord.link(topic, id, proxy, (int) values, proxy));
  }

  static ObjectId topicId(String name) {
    return Topic.idOf("Storm", name);
  }

  private static String topic(SplittableRandom random) {
    return "t" + random.nextInt(TOPICS);
  }

  private static ObjectId subscriber(SplittableRandom random) {
    return new ObjectId("s" + random.nextInt(SUBSCRIBERS), "");
  }
}
