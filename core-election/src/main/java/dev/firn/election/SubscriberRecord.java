package dev.firn.election;

import static java.util.Objects.requireNonNull;

import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A subscription, or a link to another topic: what is stored and replicated of it.
 *
 * @param topicName the topic subscribed to, as on the wire; may be empty
 * @param id the subscriber's identity; of a link, the linked topic's
 * @param link whether this is a link
 * @param proxy the subscriber as it was given; of a link, the linked topic's link object
 * @param qos as it was given, unknown keys included; empty for a link
 * @param cost of a link; 0 for a subscriber
 * @param linkedTopic the topic as it was given to {@code link}; {@link EncodedProxy#NULL} for a
 *     subscriber
 */
public record SubscriberRecord(
    String topicName,
    ObjectId id,
    boolean link,
    EncodedProxy proxy,
    SortedMap<String, String> qos,
    int cost,
    EncodedProxy linkedTopic) {
  public SubscriberRecord {
    requireNonNull(topicName, "topicName");
    requireNonNull(id, "id");
    requireNonNull(proxy, "proxy");
    requireNonNull(linkedTopic, "linkedTopic");
    qos = Collections.unmodifiableSortedMap(new TreeMap<>(qos));
  }

  public static SubscriberRecord subscriber(
      String topicName, ObjectId id, EncodedProxy proxy, SortedMap<String, String> qos) {
    return new SubscriberRecord(topicName, id, false, proxy, qos, 0, EncodedProxy.NULL);
  }

  public static SubscriberRecord link(
      String topicName, ObjectId id, EncodedProxy linkProxy, int cost, EncodedProxy linkedTopic) {
    return new SubscriberRecord(
        topicName, id, true, linkProxy, Collections.emptySortedMap(), cost, linkedTopic);
  }
}
