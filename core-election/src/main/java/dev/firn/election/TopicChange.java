package dev.firn.election;

import dev.firn.model.ObjectId;

/** One row to write: what a store does to disk and {@link TopicTables#with} does to memory. */
public sealed interface TopicChange extends StateChange {
  record PutTopic(ObjectId topic) implements TopicChange {}

  /** Removes the topic with all its subscribers. */
  record DeleteTopic(ObjectId topic) implements TopicChange {}

  /** Adds or replaces a subscriber of a topic that is there. */
  record PutSubscriber(ObjectId topic, SubscriberRecord subscriber) implements TopicChange {}

  record DeleteSubscriber(ObjectId topic, ObjectId subscriber) implements TopicChange {}

  /** Removes all topics; position and promise stay. */
  record Clear() implements TopicChange {}
}
