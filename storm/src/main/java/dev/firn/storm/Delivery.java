package dev.firn.storm;

import com.zeroc.Ice.AlreadyRegisteredException;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.NotRegisteredException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectAdapterDeactivatedException;
import dev.firn.election.Topic;
import dev.firn.election.TopicTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Delivers events: the publishers, the subscribers' queues and all that is between them.
 *
 * <p>An event is encoded once, by the thread that received it, which queues it for each subscriber.
 * A few threads take what is queued and hand it to Ice as ready-made messages. A slow or dead
 * subscriber costs the others nothing.
 */
final class Delivery {
  private static final String THREADS = "firn-storm-delivery";
  private static final int THREADS_MAX = 4;

  private record Entry(Topic topic, TopicDelivery delivery) {}

  private final DeliverySettings settings;
  private final DeliveryContext context;
  private final ObjectAdapter publishAdapter;
  private final PublishGate gate;
  private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

  /**
   * @param publishAdapter where publishers and topic links are registered
   * @param engine its publish gate is passed by every event; told of subscribers that are gone
   */
  Delivery(
      DeliverySettings settings,
      Communicator communicator,
      ObjectAdapter publishAdapter,
      TopicEngine engine,
      StormTraces traces,
      Logger logger) {
    this.settings = settings;
    this.publishAdapter = publishAdapter;
    this.gate = new PublishGate(engine.publishGate());
    this.context =
        new DeliveryContext(
            settings,
            communicator,
            engine,
            new DeliveryWorkers(THREADS, threads(settings), logger),
            timer(),
            new ConnectionWatch(),
            traces,
            logger,
            new AtomicReference<>(Meter.NONE));
  }

  private static int threads(DeliverySettings settings) {
    return settings.threads() > 0
        ? settings.threads()
        : Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors());
  }

  private static ScheduledExecutorService timer() {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, "firn-storm-flush");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Takes up new topics and subscribers and lets go of those gone. On the engine's thread. */
  void update(TopicTables tables) {
    for (Iterator<Entry> i = entries.values().iterator(); i.hasNext(); ) {
      Entry entry = i.next();
      Topic now = tables.find(entry.topic().name());
      if (now == null || !now.id().equals(entry.topic().id())) {
        i.remove();
        close(entry);
      }
    }
    for (Topic topic : tables.topics()) {
      Entry entry = entries.get(topic.name());
      if (entry == null) {
        open(topic);
      } else if (!entry.topic().keepsAll(topic)) {
        entries.put(topic.name(), new Entry(topic, entry.delivery()));
        update(Optional.of(entry.topic()), topic, entry.delivery());
      }
    }
  }

  private void open(Topic topic) {
    var delivery = new TopicDelivery(context, topic.name());
    update(Optional.empty(), topic, delivery);
    register(
        PublisherIds.publisher(topic.id()), new PublisherServant(delivery.forPublishers(), gate));
    register(PublisherIds.link(topic.id()), new LinkServant(delivery.forLinks(), gate));
    entries.put(topic.name(), new Entry(topic, delivery));
    context.meter().changed(delivery);
  }

  private void update(Optional<Topic> before, Topic topic, TopicDelivery delivery) {
    delivery.update(
        before,
        topic,
        added -> register(perSubscriber(topic, added), new PublisherServant(added, gate)),
        removed -> unregister(perSubscriber(topic, removed)));
  }

  private void close(Entry entry) {
    unregister(PublisherIds.publisher(entry.topic().id()));
    unregister(PublisherIds.link(entry.topic().id()));
    entry.delivery().close(removed -> unregister(perSubscriber(entry.topic(), removed)));
    context.meter().gone(entry.delivery());
  }

  private Identity perSubscriber(Topic topic, Subscriber subscriber) {
    return PublisherIds.perSubscriber(
        context.communicator(), settings.instanceName(), topic.id(), subscriber.record().id());
  }

  private void register(Identity id, com.zeroc.Ice.Object servant) {
    try {
      publishAdapter.add(servant, id);
    } catch (AlreadyRegisteredException e) {
      // Possible only where a topic's name looks like another's publisher.
      context.logger().warning("cannot register publisher, the identity is in use: " + e.id);
    } catch (ObjectAdapterDeactivatedException e) {
      // At the end of the service.
    }
  }

  private void unregister(Identity id) {
    try {
      publishAdapter.remove(id);
    } catch (NotRegisteredException | ObjectAdapterDeactivatedException e) {
      // It could not be registered, or the service ends.
    }
  }

  /** From now on, or with {@link Meter#NONE} no longer, somebody is told of all that happens. */
  void meter(Meter meter) {
    context.meters().set(meter);
  }

  /** All topics, for metrics. Any thread. */
  List<? extends TopicView> topics() {
    return entries.values().stream().map(Entry::delivery).toList();
  }

  /** The topic of this name, for metrics. Any thread. */
  Optional<TopicView> find(String topic) {
    return Optional.ofNullable(entries.get(topic)).map(Entry::delivery);
  }

  /**
   * Ends, once, after the publishers' adapter: what is queued leaves within the limit; the rest is
   * dropped, with a warning.
   *
   * @return whether all has left
   */
  boolean stop(Duration drainLimit) {
    List<Subscriber> subscribers =
        entries.values().stream().flatMap(e -> e.delivery().subscribers().stream()).toList();
    var drains = new ArrayList<CompletableFuture<Void>>();
    subscribers.forEach(subscriber -> drains.add(subscriber.drain()));
    boolean all =
        await(CompletableFuture.allOf(drains.toArray(CompletableFuture[]::new)), drainLimit);
    if (!all) {
      long events = subscribers.stream().mapToLong(s -> (long) s.queued() + s.outstanding()).sum();
      long slow = drains.stream().filter(drain -> !drain.isDone()).count();
      context
          .logger()
          .warning(
              events
                  + " events for "
                  + slow
                  + " subscribers were not delivered within "
                  + drainLimit.toMillis()
                  + " ms at the end of the service");
    }
    subscribers.forEach(Subscriber::close);
    context.workers().stop();
    context.timer().shutdownNow();
    return all;
  }

  private static boolean await(CompletableFuture<Void> drained, Duration limit) {
    try {
      drained.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("drains do not fail", e);
    }
  }
}
