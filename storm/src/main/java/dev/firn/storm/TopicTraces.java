package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicTables;
import dev.firn.model.ObjectId;
import dev.firn.storm.StormTraces.Category;
import dev.firn.wire.Mapping;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What becomes of topics, as trace lines; nothing is computed for those not wanted. */
final class TopicTraces {
  private final StormTraces traces;
  private final Communicator communicator;
  private final boolean stored;

  /** What was traced already. Engine thread only. */
  private Optional<TopicTables> last = Optional.empty();

  /**
   * @param stored false in transient mode, which tells less
   */
  TopicTraces(StormTraces traces, Communicator communicator, boolean stored) {
    this.traces = traces;
    this.communicator = communicator;
    this.stored = stored;
  }

  /** Endpoints of a proxy, each in quotes; nothing for an indirect proxy. */
  static String endpoints(@Nullable ObjectPrx proxy) {
    return proxy == null
        ? "subscriber proxy is null"
        : Arrays.stream(proxy.ice_getEndpoints())
            .map(endpoint -> "\"" + endpoint + "\"")
            .collect(Collectors.joining(", "));
  }

  /** Traces the topics that are new in these tables. The first call is for those loaded. */
  void update(TopicTables tables) {
    if (!traces.on(Category.TOPIC_MANAGER, 1) && !traces.on(Category.TOPIC, 1)) {
      return;
    }
    if (last.isEmpty()) {
      tables.topics().forEach(this::recreate);
    }
    for (Topic topic : tables.topics()) {
      if (last.isEmpty()) {
        topicManager("loading topic \"" + topic.name() + "\" from database. id: ", topic);
      } else if (last.get().find(topic.name()) == null) {
        topicManager("creating new topic \"" + topic.name() + "\". id: ", topic);
      }
    }
    if (!stored && last.isPresent()) {
      for (Topic topic : last.get().topics()) {
        if (tables.find(topic.name()) == null) {
          traces.trace(Category.TOPIC_MANAGER, 1, () -> "Reaping " + topic.name());
        }
      }
    }
    last = Optional.of(tables);
  }

  private void recreate(Topic topic) {
    for (SubscriberRecord record : topic.subscribers()) {
      trace(
          topic.name(),
          () ->
              " recreate "
                  + text(record.proxy().identity())
                  + (traces.on(Category.TOPIC, 2)
                      ? " endpoints: " + endpoints(Mapping.decode(communicator, record.proxy()))
                      : ""));
    }
  }

  private void topicManager(String beginning, Topic topic) {
    traces.trace(
        Category.TOPIC_MANAGER,
        1,
        () ->
            beginning
                + text(topic.id())
                + (stored
                    ? " subscribers: "
                        + topic.subscribers().stream()
                            .map(this::withEndpoints)
                            .collect(Collectors.joining(","))
                    : ""));
  }

  private String withEndpoints(SubscriberRecord record) {
    return text(record.id())
        + (traces.on(Category.TOPIC_MANAGER, 2)
            ? " endpoints: " + endpoints(Mapping.decode(communicator, record.proxy()))
            : "");
  }

  void nullSubscriber(ObjectId topic, String operation) {
    trace(Topic.nameOf(topic), () -> ": " + operation + ": null proxy");
  }

  void subscribe(Topic topic, ObjectPrx subscriber, Map<String, String> qos) {
    trace(
        topic.name(),
        () ->
            ": subscribeAndGetPublisher: "
                + text(subscriber)
                + (traces.on(Category.TOPIC, 2)
                    ? " endpoints: "
                        + endpoints(subscriber)
                        + " QoS: "
                        + new TreeMap<>(qos)
                            .entrySet().stream()
                                .map(entry -> "[" + entry.getKey() + " = " + entry.getValue() + "]")
                                .collect(Collectors.joining(", "))
                        + " subscriptions: "
                        + subscriptions(topic)
                    : ""));
  }

  void unsubscribe(Topic topic, ObjectPrx subscriber) {
    trace(
        topic.name(),
        () ->
            ": unsubscribe: "
                + text(subscriber)
                + (traces.on(Category.TOPIC, 2)
                    ? " endpoints: " + endpoints(subscriber) + subscriptions(topic)
                    : ""));
  }

  void link(Topic topic, ObjectId target, int cost) {
    trace(topic.name(), () -> ": link " + text(target) + " cost " + cost);
  }

  void unlink(Topic topic, ObjectId target) {
    SubscriberRecord record = topic.findSubscriber(target);
    if (record == null || !record.link()) {
      trace(topic.name(), () -> ": unlink " + Topic.nameOf(target) + " failed - not linked");
    } else {
      trace(topic.name(), () -> " unlink " + text(target));
    }
  }

  void destroy(Topic topic) {
    trace(topic.name(), () -> ": destroy");
  }

  void reap(Topic topic, List<ObjectId> subscribers) {
    trace(topic.name(), () -> ": reap " + list(subscribers));
  }

  private void trace(String topic, Supplier<String> message) {
    traces.trace(Category.TOPIC, 1, () -> topic + message.get());
  }

  private String subscriptions(Topic topic) {
    return "[" + list(topic.subscribers().stream().map(SubscriberRecord::id).toList()) + "]";
  }

  private String list(Collection<ObjectId> ids) {
    return ids.stream().map(this::text).collect(Collectors.joining(","));
  }

  private String text(ObjectPrx proxy) {
    return communicator.identityToString(proxy.ice_getIdentity());
  }

  private String text(ObjectId id) {
    return communicator.identityToString(Mapping.identity(id));
  }
}
