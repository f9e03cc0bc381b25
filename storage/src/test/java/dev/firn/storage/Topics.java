package dev.firn.storage;

import static java.util.Objects.requireNonNull;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Builds changes of topics for tests. */
final class Topics {
  private Topics() {}

  static ObjectId id(String topic) {
    return Topic.idOf("IceStorm", topic);
  }

  static Collection<SubscriberRecord> subscribers(TopicTables tables, String topic) {
    return requireNonNull(tables.find(topic), topic).subscribers();
  }

  static TopicChange create(String topic) {
    return new TopicChange.PutTopic(id(topic));
  }

  static TopicChange destroy(String topic) {
    return new TopicChange.DeleteTopic(id(topic));
  }

  static SubscriberRecord subscriber(String topic, String name, String category) {
    return SubscriberRecord.subscriber(
        topic,
        new ObjectId(name, category),
        Rows.proxy(name, category, 24_500),
        new TreeMap<>(Map.of("reliability", "ordered", "", "x")));
  }

  static SubscriberRecord link(String topic, String target, int cost) {
    EncodedProxy link = Rows.proxy(target + ".link", "IceStorm", 24_501);
    EncodedProxy linked = Rows.proxy("topic." + target, "IceStorm", 24_501);
    return SubscriberRecord.link(topic, id(target), link, cost, linked);
  }

  static TopicChange put(SubscriberRecord record) {
    return new TopicChange.PutSubscriber(id(record.topicName()), record);
  }

  static TopicChange remove(String topic, ObjectId subscriber) {
    return new TopicChange.DeleteSubscriber(id(topic), subscriber);
  }

  static StateChange position(long generation, long iteration) {
    return new StateChange.SetPosition(new LogPosition(generation, iteration));
  }
}
