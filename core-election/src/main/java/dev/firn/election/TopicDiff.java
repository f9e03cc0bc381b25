package dev.firn.election;

import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What turns one replica's topics into another's. */
final class TopicDiff {
  private TopicDiff() {}

  static List<TopicContent> contentOf(TopicTables tables) {
    return tables.topics().stream()
        .map(topic -> new TopicContent(topic.id(), List.copyOf(topic.subscribers())))
        .toList();
  }

  /**
   * The changes after which {@code tables} has exactly this content; without the position.
   * Subscribers are compared by all they consist of, not just by identity.
   */
  static List<StateChange> between(TopicTables tables, List<TopicContent> content) {
    Map<String, TopicContent> wanted = new TreeMap<>();
    for (TopicContent topic : content) {
      wanted.put(Topic.nameOf(topic.id()), topic);
    }
    List<StateChange> changes = new ArrayList<>();
    for (Topic topic : tables.topics()) {
      TopicContent same = wanted.get(topic.name());
      if (same == null || !same.id().equals(topic.id())) {
        changes.add(new TopicChange.DeleteTopic(topic.id()));
      }
    }
    for (Map.Entry<String, TopicContent> entry : wanted.entrySet()) {
      addChanges(tables.find(entry.getKey()), entry.getValue(), changes);
    }
    return changes;
  }

  private static void addChanges(
      @Nullable Topic old, TopicContent wanted, List<StateChange> changes) {
    Topic base = old;
    if (base == null || !base.id().equals(wanted.id())) {
      base = Topic.of(wanted.id());
      changes.add(new TopicChange.PutTopic(wanted.id()));
    }
    Map<ObjectId, SubscriberRecord> records = new LinkedHashMap<>();
    for (SubscriberRecord subscriber : wanted.records()) {
      records.put(subscriber.id(), subscriber);
    }
    for (SubscriberRecord subscriber : base.subscribers()) {
      if (!records.containsKey(subscriber.id())) {
        changes.add(new TopicChange.DeleteSubscriber(wanted.id(), subscriber.id()));
      }
    }
    for (SubscriberRecord subscriber : records.values()) {
      if (!subscriber.equals(base.findSubscriber(subscriber.id()))) {
        changes.add(new TopicChange.PutSubscriber(wanted.id(), subscriber));
      }
    }
  }
}
