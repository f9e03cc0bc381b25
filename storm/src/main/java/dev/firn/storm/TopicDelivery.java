package dev.firn.storm;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceStorm.BadQoS;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Subscription;
import dev.firn.election.Topic;
import dev.firn.model.MalformedEncodingException;
import dev.firn.model.ObjectId;
import dev.firn.wire.Mapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A topic's subscribers and how its events get to them. Changed on the engine's thread only; events
 * come on any.
 */
final class TopicDelivery implements TopicView {
  /**
   * When events are further apart, the thread that brings one also writes it, as far as the workers
   * do not help: handing it over would take longer. When they are closer, handing over is what lets
   * several go in one write.
   */
  private static final long QUIET_NANOS = 50_000;

  private final DeliveryContext context;
  private final String name;
  private final LongAdder published = new LongAdder();
  private final LongAdder forwarded = new LongAdder();
  private final EventSink forPublishers = this::publish;
  private final EventSink forLinks = this::forward;

  /** Of the engine's thread. */
  private final Map<ObjectId, Subscriber> byId = new LinkedHashMap<>();

  private volatile long lastEventNanos = System.nanoTime();
  private volatile List<Subscriber> subscribers = List.of();
  private volatile boolean ended;

  TopicDelivery(DeliveryContext context, String name) {
    this.context = context;
    this.name = name;
  }

  EventSink forPublishers() {
    return forPublishers;
  }

  EventSink forLinks() {
    return forLinks;
  }

  private void publish(Event event) {
    published.increment();
    deliver(event, true);
    context.meter().changed(this);
  }

  /** As for {@link #publish}, but an event goes over one link only. */
  private void forward(Event event) {
    forwarded.increment();
    deliver(event, false);
    context.meter().changed(this);
  }

  private void deliver(Event event, boolean overLinks) {
    DeliveryWorkers workers = context.workers();
    boolean quiet = System.nanoTime() - lastEventNanos > QUIET_NANOS;
    int runs = 0;
    for (Subscriber subscriber : subscribers) {
      if ((overLinks || !subscriber.record().link()) && subscriber.offer(event)) {
        workers.add(subscriber.task());
        runs++;
      }
    }
    if (!quiet) {
      workers.signal();
    } else if (runs > 0) {
      workers.help(runs);
    }
    lastEventNanos = System.nanoTime();
  }

  /**
   * Takes up new and changed subscribers and lets go of the others. A subscriber whose record
   * differs in anything is a new one, and so is one that had left meanwhile.
   *
   * @param before the topic at the last update; empty at the first
   * @param added told of each new subscriber
   * @param removed told of each that is gone
   */
  void update(
      Optional<Topic> before,
      Topic topic,
      Consumer<Subscriber> added,
      Consumer<Subscriber> removed) {
    byId.values()
        .removeIf(
            subscriber -> {
              boolean stays =
                  before.isPresent() && before.get().keeps(subscriber.record().id(), topic);
              if (!stays) {
                close(subscriber, removed);
              }
              return !stays;
            });
    for (SubscriberRecord record : topic.subscribers()) {
      if (!byId.containsKey(record.id())) {
        Subscriber subscriber = create(requireNonNull(topic.findSubscription(record.id())));
        if (subscriber != null) {
          byId.put(record.id(), subscriber);
          added.accept(subscriber);
          context.meter().changed(subscriber);
        }
      }
    }
    subscribers = List.copyOf(byId.values());
  }

  /** Null, with a warning in the log, if the record cannot be used; others are not to suffer. */
  private @Nullable Subscriber create(Subscription subscription) {
    SubscriberRecord record = subscription.record();
    try {
      ObjectPrx given = Mapping.decode(context.communicator(), record.proxy());
      if (given == null) {
        throw new IllegalArgumentException("null proxy");
      }
      Qos qos = record.link() ? Qos.LINK : Qos.of(given, record.qos());
      ObjectPrx proxy = qos.applyTo(given).ice_timeout(context.settings().sendTimeoutMillis());
      var subscriber = new Subscriber(context, subscription, proxy, qos);
      List<String> unknown = Qos.unknownKeys(record.qos());
      if (!unknown.isEmpty()) {
        new SubscriberLog(context, record.id(), proxy, qos).unknownQos(name, unknown);
      }
      return subscriber;
    } catch (BadQoS e) {
      unusable(record, e.reason);
    } catch (LocalException | IllegalArgumentException | MalformedEncodingException e) {
      unusable(record, String.valueOf(e));
    }
    return null;
  }

  /** The text that people of ZeroC's service look for, and what to do. */
  private void unusable(SubscriberRecord record, String why) {
    context
        .logger()
        .warning(
            name
                + " recreate "
                + context.communicator().identityToString(Mapping.identity(record.id()))
                + " failed: "
                + why
                + "; nothing is delivered to it, unsubscribe it");
  }

  /** The topic is gone. */
  void close(Consumer<Subscriber> removed) {
    ended = true;
    byId.values().forEach(subscriber -> close(subscriber, removed));
    byId.clear();
    subscribers = List.of();
  }

  private void close(Subscriber subscriber, Consumer<Subscriber> removed) {
    subscriber.close();
    removed.accept(subscriber);
    context.meter().gone(subscriber);
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long published() {
    return published.sum();
  }

  @Override
  public long forwarded() {
    return forwarded.sum();
  }

  @Override
  public List<Subscriber> subscribers() {
    return subscribers;
  }
}
