package dev.firn.testkit;

import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Clients that create, destroy, subscribe and link through any replica; few names, so they meet.
 */
final class StormClients {
  private static final int TOPICS = 5;
  private static final int SUBSCRIBERS = 4;

  private final StormSimulation simulation;
  private final SplittableRandom random;
  private final int pauseMillis;
  private final List<StormUpdate> updates = new ArrayList<>();
  private boolean stopped;
  private long values;

  StormClients(StormSimulation simulation) {
    this.simulation = simulation;
    this.random = simulation.random();
    this.pauseMillis = 20 + random.nextInt(200);
  }

  void start() {
    act();
  }

  void stop() {
    stopped = true;
  }

  /** Whether a replica that lives owes somebody an answer. */
  boolean isWaiting() {
    updates.removeIf(update -> !update.isOwed());
    return !updates.isEmpty();
  }

  List<StormUpdate> waiting() {
    return List.copyOf(updates);
  }

  private void act() {
    if (stopped) {
      return;
    }
    List<StormMachine> machines = simulation.machines();
    StormProcess process = machines.get(random.nextInt(machines.size())).process();
    if (process != null) {
      if (process instanceof FirnNode node && random.nextInt(40) == 0) {
        node.gone(topic(), List.of(subscriber()));
      } else {
        updates.add(simulation.submit(process, command()));
      }
    }
    simulation.agenda().after(1 + random.nextInt(2 * pauseMillis), this::act);
  }

  private TopicCommand command() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> create(topic());
      case 5, 6, 7 -> new TopicCommand.DestroyTopic(topic());
      case 8, 9, 10, 11, 12 -> subscribe(topic(), subscriber());
      case 13, 14 -> new TopicCommand.RemoveSubscribers(topic(), List.of(subscriber()));
      case 15, 16, 17 -> link(topic(), topic());
      case 18 -> create("x".repeat(520));
      default -> new TopicCommand.Unlink(topic(), topicId(topic()));
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

  private String topic() {
    return "t" + random.nextInt(TOPICS);
  }

  private ObjectId subscriber() {
    return new ObjectId("s" + random.nextInt(SUBSCRIBERS), "");
  }
}
