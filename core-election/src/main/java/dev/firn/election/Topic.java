package dev.firn.election;

import static java.util.Objects.requireNonNull;

import dev.firn.model.ObjectId;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * A topic with its subscribers and links at one moment. Immutable.
 *
 * <p>Equal are topics with the same subscribers, in whatever order they came.
 */
public final class Topic {
  private static final String PREFIX = "topic.";

  private final ObjectId id;
  private final TreePMap<ObjectId, Subscription> subscriptions;
  private final TreePMap<Long, SubscriberRecord> inOrder;
  private final long nextNumber;

  private Topic(
      ObjectId id,
      TreePMap<ObjectId, Subscription> subscriptions,
      TreePMap<Long, SubscriberRecord> inOrder,
      long nextNumber) {
    this.id = requireNonNull(id, "id");
    this.subscriptions = subscriptions;
    this.inOrder = inOrder;
    this.nextNumber = nextNumber;
  }

  public static Topic of(ObjectId id) {
    return new Topic(id, TreePMap.empty(), TreePMap.empty(), 0);
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

  /** Subscribers and links in the order in which they came; of a restart, of their identities. */
  public Collection<SubscriberRecord> subscribers() {
    return Collections.unmodifiableCollection(inOrder.values());
  }

  public @Nullable SubscriberRecord findSubscriber(ObjectId subscriber) {
    Subscription found = subscriptions.get(subscriber);
    return found == null ? null : found.record();
  }

  /** The subscription of this subscriber, or null. */
  public @Nullable Subscription findSubscription(ObjectId subscriber) {
    return subscriptions.get(subscriber);
  }

  /** Whether this very subscription is there, neither changed nor replaced by a later one. */
  public boolean has(Subscription subscription) {
    return subscription.equals(subscriptions.get(subscription.record().id()));
  }

  /**
   * Whether a subscriber is the same as in a later moment of this topic: it has neither changed nor
   * left and come again meanwhile.
   */
  public boolean keeps(ObjectId subscriber, Topic later) {
    return Objects.equals(subscriptions.get(subscriber), later.subscriptions.get(subscriber));
  }

  /** Whether {@link #keeps} is true of all subscribers, and there are no others later. */
  public boolean keepsAll(Topic later) {
    return id.equals(later.id) && subscriptions.equals(later.subscriptions);
  }

  /** One that replaces another takes its place. */
  Topic plus(SubscriberRecord subscriber) {
    Subscription before = subscriptions.get(subscriber.id());
    long number = before == null ? nextNumber : before.number();
    return new Topic(
        id,
        subscriptions.plus(subscriber.id(), new Subscription(number, subscriber)),
        inOrder.plus(number, subscriber),
        Math.max(nextNumber, number + 1));
  }

  Topic minus(ObjectId subscriber) {
    Subscription before = subscriptions.get(subscriber);
    return before == null
        ? this
        : new Topic(
            id, subscriptions.minus(subscriber), inOrder.minus(before.number()), nextNumber);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Topic topic && id.equals(topic.id) && sameSubscribers(topic);
  }

  private boolean sameSubscribers(Topic other) {
    return subscriptions.size() == other.subscriptions.size()
        && inOrder.values().stream()
            .allMatch(subscriber -> subscriber.equals(other.findSubscriber(subscriber.id())));
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return name() + subscriptions.keySet();
  }
}
