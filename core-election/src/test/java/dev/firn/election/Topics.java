package dev.firn.election;

import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.Collections;

/** Commands of tests. */
final class Topics {
  private Topics() {}

  static ObjectId id(String name) {
    return Topic.idOf("Test", name);
  }

  static TopicCommand create(String name) {
    return new TopicCommand.CreateTopic(id(name));
  }

  static TopicCommand destroy(String name) {
    return new TopicCommand.DestroyTopic(name);
  }

  static SubscriberRecord record(String topic, String subscriber) {
    return SubscriberRecord.subscriber(
        topic, new ObjectId(subscriber, ""), EncodedProxy.NULL, Collections.emptySortedMap());
  }

  static TopicCommand subscribe(String topic, String subscriber) {
    return new TopicCommand.AddSubscriber(topic, record(topic, subscriber));
  }

  static TopicCommand unsubscribe(String topic, String subscriber) {
    return new TopicCommand.RemoveSubscribers(
        topic, java.util.List.of(new ObjectId(subscriber, "")));
  }
}
