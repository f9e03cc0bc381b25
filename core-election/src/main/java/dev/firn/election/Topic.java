package dev.firn.election;

import static java.util.Objects.requireNonNull;

import dev.firn.model.ObjectId;
import java.util.Collection;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** A topic with its subscribers and links at one moment. Immutable. */
public final class Topic {
  private static final String PREFIX = "topic.";

  private final ObjectId id;
  private final TreePMap<ObjectId, SubscriberRecord> subscribers;

  private Topic(ObjectId id, TreePMap<ObjectId, SubscriberRecord> subscribers) {
    this.id = requireNonNull(id, "id");
    this.subscribers = subscribers;
  }

  public static Topic of(ObjectId id) {
    return new Topic(id, TreePMap.empty());
  }

  /** The identity of a new topic of this name. */
  public static ObjectId idOf(String instanceName, String name) {
    return new ObjectId(PREFIX + name, instanceName);
  }

  /** The name in a topic's identity; the old form, without a category, is the bare name. */
  public static String nameOf(ObjectId id) {
    return id.category().isEmpty() || !id.name().startsWith(PREFIX)
        ? id.name()
        : id.name().substring(PREFIX.length());
  }

  public ObjectId id() {
    return id;
  }

  public String name() {
    return nameOf(id);
  }

  /** Subscribers and links in the order of their identities. */
  public Collection<SubscriberRecord> subscribers() {
    return Collections.unmodifiableCollection(subscribers.values());
  }

  public @Nullable SubscriberRecord findSubscriber(ObjectId subscriber) {
    return subscribers.get(subscriber);
  }

  Topic plus(SubscriberRecord subscriber) {
    return new Topic(id, subscribers.plus(subscriber.id(), subscriber));
  }

  Topic minus(ObjectId subscriber) {
    return new Topic(id, subscribers.minus(subscriber));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Topic topic
        && id.equals(topic.id)
        && subscribers.equals(topic.subscribers);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return name() + subscribers.keySet();
  }
}
