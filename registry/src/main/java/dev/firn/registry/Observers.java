package dev.firn.registry;

import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AdapterObserverPrx;
import com.zeroc.IceGrid.ApplicationObserverPrx;
import com.zeroc.IceGrid.NodeObserverPrx;
import com.zeroc.IceGrid.ObjectObserverPrx;
import com.zeroc.IceGrid.RegistryObserverPrx;
import com.zeroc.IceGrid.TopicName;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The subscriptions of one session: at most one per topic. Any thread; guarded by its monitor. */
final class Observers {
  private final ObserverTopics topics;
  private final Map<TopicName, ObserverTopics.Subscription> subscriptions =
      new EnumMap<>(TopicName.class);
  private boolean closed;

  Observers(ObserverTopics topics) {
    this.topics = topics;
  }

  /** Replaces all subscriptions; an observer that is not given is cancelled. */
  synchronized void set(ObserverProxies proxies) {
    set(
        TopicName.RegistryObserverTopicName,
        proxies.registries(),
        proxy -> topics.subscribe(RegistryObserverPrx.uncheckedCast(proxy)));
    set(
        TopicName.NodeObserverTopicName,
        proxies.nodes(),
        proxy -> topics.subscribe(NodeObserverPrx.uncheckedCast(proxy)));
    set(
        TopicName.ApplicationObserverTopicName,
        proxies.applications(),
        proxy -> topics.subscribe(ApplicationObserverPrx.uncheckedCast(proxy)));
    set(
        TopicName.AdapterObserverTopicName,
        proxies.adapters(),
        proxy -> topics.subscribe(AdapterObserverPrx.uncheckedCast(proxy)));
    set(
        TopicName.ObjectObserverTopicName,
        proxies.objects(),
        proxy -> topics.subscribe(ObjectObserverPrx.uncheckedCast(proxy)));
  }

  /** Ends all subscriptions, for good. */
  synchronized void close() {
    closed = true;
    subscriptions.values().forEach(ObserverTopics.Subscription::cancel);
    subscriptions.clear();
  }

  private void set(
      TopicName topic,
      Optional<ObjectPrx> observer,
      Function<ObjectPrx, ObserverTopics.Subscription> subscribe) {
    ObserverTopics.Subscription previous = subscriptions.remove(topic);
    if (previous != null) {
      previous.cancel();
    }
    if (!closed) {
      observer.ifPresent(proxy -> subscriptions.put(topic, subscribe.apply(proxy)));
    }
  }
}
