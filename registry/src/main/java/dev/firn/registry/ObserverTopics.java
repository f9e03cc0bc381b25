package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.AdapterObserverPrx;
import com.zeroc.IceGrid.ApplicationObserverPrx;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.NodeObserverPrx;
import com.zeroc.IceGrid.ObjectObserverPrx;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.RegistryObserverPrx;
import com.zeroc.IceGrid.ServerDynamicInfo;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.Serials;
import dev.firn.model.Topic;
import dev.firn.wire.DescriptorWriter;
import dev.firn.wire.Mapping;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The five event topics that administrators observe: registry, node, application, adapter, object.
 *
 * <p>Each keeps its state and a serial, both changed together under one lock, so that a subscriber
 * gets the state first and then every later change, without gap or repetition. The lock covers
 * queueing only; arguments are made and calls are sent on a thread of its own.
 */
final class ObserverTopics implements NodeStates {
  private static final int QUEUE_MAX = 50_000;
  private static final int SEND_TIMEOUT_MILLIS = 60_000;

  /** What a session holds of its subscription. */
  interface Subscription {
    void cancel();
  }

  private final Communicator communicator;
  private final Traces traces;
  private final ExecutorService executor;
  private final ObserverTopic<RegistryObserverPrx> registryTopic;
  private final ObserverTopic<NodeObserverPrx> nodeTopic;
  private final ObserverTopic<ApplicationObserverPrx> applicationTopic;
  private final ObserverTopic<AdapterObserverPrx> adapterTopic;
  private final ObserverTopic<ObjectObserverPrx> objectTopic;
  private final SortedMap<String, RegistryInfo> registries = new TreeMap<>();
  private final NodeTable nodes = new NodeTable();
  private RegistryTables tables = RegistryTables.EMPTY;

  ObserverTopics(Communicator communicator, Traces traces) {
    this(communicator, traces, QUEUE_MAX);
  }

  /**
   * @param queueMax how many updates may wait for one observer
   */
  ObserverTopics(Communicator communicator, Traces traces, int queueMax) {
    this.communicator = communicator;
    this.traces = traces;
    // At most one task per subscriber is queued, so the queue is bounded by those.
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "firn-observers");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    registryTopic = new ObserverTopic<>("RegistryObserver", executor, queueMax);
    nodeTopic = new ObserverTopic<>("NodeObserver", executor, queueMax);
    applicationTopic = new ObserverTopic<>("ApplicationObserver", executor, queueMax);
    adapterTopic = new ObserverTopic<>("AdapterObserver", executor, queueMax);
    objectTopic = new ObserverTopic<>("ObjectObserver", executor, queueMax);
  }

  /**
   * Tells observers what changed. The first call, with no events, sets the initial state.
   *
   * <p>Called on the one thread that changes tables, right after {@code tables} became visible;
   * only queues.
   */
  synchronized void publish(RegistryTables tables, List<RegistryEvent> events) {
    Serials previous = this.tables.serials();
    this.tables = tables;
    events.forEach(event -> queue(event, dbSerial(event, previous)));
  }

  /** This registry itself at its start, later slaves. Only queues. */
  synchronized void registryUp(RegistryInfo info) {
    registries.put(info.name, info);
    registryTopic.changeWithoutContext(
        () -> info, (to, serial, up, context) -> to.registryUpAsync(up, context));
  }

  /** A slave's session is over. Only queues. */
  synchronized void registryDown(String name) {
    if (registries.remove(name) != null) {
      registryTopic.changeWithoutContext(
          () -> name, (to, serial, down, context) -> to.registryDownAsync(down, context));
    }
  }

  @Override
  public synchronized void nodeUp(NodeDynamicInfo node) {
    nodes.up(node);
    nodeTopic.changeWithoutContext(
        () -> node, (to, serial, up, context) -> to.nodeUpAsync(up, context));
  }

  @Override
  public synchronized void nodeDown(String node) {
    if (nodes.down(node)) {
      nodeTopic.changeWithoutContext(
          () -> node, (to, serial, down, context) -> to.nodeDownAsync(down, context));
    }
  }

  @Override
  public synchronized void updateServer(String node, ServerDynamicInfo server) {
    if (nodes.update(node, server)) {
      nodeTopic.changeWithoutContext(
          () -> server, (to, serial, info, context) -> to.updateServerAsync(node, info, context));
    }
  }

  @Override
  public synchronized void updateAdapter(String node, AdapterDynamicInfo adapter) {
    if (nodes.update(node, adapter)) {
      nodeTopic.changeWithoutContext(
          () -> adapter, (to, serial, info, context) -> to.updateAdapterAsync(node, info, context));
    }
  }

  /** The number of changes of the application topic since this process started. */
  synchronized int applicationSerial() {
    return applicationTopic.serial();
  }

  synchronized Subscription subscribe(RegistryObserverPrx observer) {
    RegistryInfo[] state = registries.values().toArray(RegistryInfo[]::new);
    return subscription(
        registryTopic,
        registryTopic.subscribe(
            RegistryObserverPrx.uncheckedCast(timed(observer)),
            OptionalLong.empty(),
            () -> state,
            (to, serial, infos, context) -> to.registryInitAsync(infos, context),
            (subscriber, failure) -> failed(registryTopic, subscriber, failure)));
  }

  synchronized Subscription subscribe(NodeObserverPrx observer) {
    NodeDynamicInfo[] state = nodes.all();
    return subscription(
        nodeTopic,
        nodeTopic.subscribe(
            NodeObserverPrx.uncheckedCast(timed(observer)),
            OptionalLong.empty(),
            () -> state,
            (to, serial, infos, context) -> to.nodeInitAsync(infos, context),
            (subscriber, failure) -> failed(nodeTopic, subscriber, failure)));
  }

  synchronized Subscription subscribe(ApplicationObserverPrx observer) {
    RegistryTables state = tables;
    return subscription(
        applicationTopic,
        applicationTopic.subscribe(
            ApplicationObserverPrx.uncheckedCast(timed(observer)),
            dbSerial(Topic.APPLICATIONS),
            () -> Mapping.applicationInfos(state.applications()),
            (to, serial, infos, context) -> to.applicationInitAsync(serial, infos, context),
            (subscriber, failure) -> failed(applicationTopic, subscriber, failure)));
  }

  synchronized Subscription subscribe(AdapterObserverPrx observer) {
    RegistryTables state = tables;
    return subscription(
        adapterTopic,
        adapterTopic.subscribe(
            AdapterObserverPrx.uncheckedCast(timed(observer)),
            dbSerial(Topic.ADAPTERS),
            () -> Mapping.adapterInfos(communicator, state.adapters()),
            (to, serial, infos, context) -> to.adapterInitAsync(infos, context),
            (subscriber, failure) -> failed(adapterTopic, subscriber, failure)));
  }

  synchronized Subscription subscribe(ObjectObserverPrx observer) {
    RegistryTables state = tables;
    return subscription(
        objectTopic,
        objectTopic.subscribe(
            ObjectObserverPrx.uncheckedCast(timed(observer)),
            dbSerial(Topic.OBJECTS),
            () -> Mapping.objectInfos(communicator, state.objects()),
            (to, serial, infos, context) -> to.objectInitAsync(infos, context),
            (subscriber, failure) -> failed(objectTopic, subscriber, failure)));
  }

  /** Nobody is told anything any more. */
  void shutdown() {
    synchronized (this) {
      registryTopic.endAll();
      nodeTopic.endAll();
      applicationTopic.endAll();
      adapterTopic.endAll();
      objectTopic.endAll();
    }
    executor.shutdown();
  }

  /** How many observers there are, of all topics. */
  synchronized int subscribers() {
    return registryTopic.size()
        + nodeTopic.size()
        + applicationTopic.size()
        + adapterTopic.size()
        + objectTopic.size();
  }

  /** Changes that the registry makes by itself, of its own objects, do not count. */
  private OptionalLong dbSerial(RegistryEvent event, Serials previous) {
    long serial = tables.serials().of(event.topic());
    boolean counted =
        serial != previous.of(event.topic())
            || event instanceof RegistryEvent.ApplicationsReplaced
            || event instanceof RegistryEvent.AdaptersReplaced
            || event instanceof RegistryEvent.ObjectsReplaced;
    return counted ? OptionalLong.of(serial) : OptionalLong.empty();
  }

  private OptionalLong dbSerial(Topic topic) {
    return OptionalLong.of(tables.serials().of(topic));
  }

  private void queue(RegistryEvent event, OptionalLong dbSerial) {
    if (event instanceof RegistryEvent.ApplicationsReplaced replaced) {
      applicationTopic.change(
          dbSerial,
          () -> Mapping.applicationInfos(replaced.entries()),
          (to, serial, infos, context) -> to.applicationInitAsync(serial, infos, context));
    } else if (event instanceof RegistryEvent.ApplicationAdded added) {
      applicationTopic.change(
          dbSerial,
          () -> Mapping.applicationInfo(added.entry()),
          (to, serial, info, context) -> to.applicationAddedAsync(serial, info, context));
    } else if (event instanceof RegistryEvent.ApplicationUpdated updated) {
      applicationTopic.change(
          dbSerial,
          () -> DescriptorWriter.updateInfo(updated.entry().info(), updated.update()),
          (to, serial, info, context) -> to.applicationUpdatedAsync(serial, info, context));
    } else if (event instanceof RegistryEvent.ApplicationRemoved removed) {
      applicationTopic.change(
          dbSerial,
          removed::name,
          (to, serial, name, context) -> to.applicationRemovedAsync(serial, name, context));
    } else if (event instanceof RegistryEvent.AdaptersReplaced replaced) {
      adapterTopic.change(
          dbSerial,
          () -> Mapping.adapterInfos(communicator, replaced.entries()),
          (to, serial, infos, context) -> to.adapterInitAsync(infos, context));
    } else if (event instanceof RegistryEvent.AdapterAdded added) {
      adapterTopic.change(
          dbSerial,
          () -> Mapping.adapterInfo(communicator, added.entry()),
          (to, serial, info, context) -> to.adapterAddedAsync(info, context));
    } else if (event instanceof RegistryEvent.AdapterUpdated updated) {
      adapterTopic.change(
          dbSerial,
          () -> Mapping.adapterInfo(communicator, updated.entry()),
          (to, serial, info, context) -> to.adapterUpdatedAsync(info, context));
    } else if (event instanceof RegistryEvent.AdapterRemoved removed) {
      adapterTopic.change(
          dbSerial, removed::id, (to, serial, id, context) -> to.adapterRemovedAsync(id, context));
    } else if (event instanceof RegistryEvent.ObjectsReplaced replaced) {
      objectTopic.change(
          dbSerial,
          () -> Mapping.objectInfos(communicator, replaced.entries()),
          (to, serial, infos, context) -> to.objectInitAsync(infos, context));
    } else if (event instanceof RegistryEvent.ObjectAdded added) {
      objectTopic.change(
          dbSerial,
          () -> Mapping.objectInfo(communicator, added.entry()),
          (to, serial, info, context) -> to.objectAddedAsync(info, context));
    } else if (event instanceof RegistryEvent.ObjectUpdated updated) {
      objectTopic.change(
          dbSerial,
          () -> Mapping.objectInfo(communicator, updated.entry()),
          (to, serial, info, context) -> to.objectUpdatedAsync(info, context));
    } else if (event instanceof RegistryEvent.ObjectRemoved removed) {
      objectTopic.change(
          dbSerial,
          () -> Mapping.identity(removed.id()),
          (to, serial, id, context) -> to.objectRemovedAsync(id, context));
    } else {
      throw new IllegalStateException("unknown event " + event);
    }
  }

  private static ObjectPrx timed(ObjectPrx observer) {
    return observer.ice_twoway().ice_invocationTimeout(SEND_TIMEOUT_MILLIS);
  }

  private <P extends ObjectPrx> Subscription subscription(
      ObserverTopic<P> topic, Subscriber<P> subscriber) {
    return () -> {
      subscriber.end();
      synchronized (this) {
        topic.remove(subscriber);
      }
    };
  }

  private <P extends ObjectPrx> void failed(
      ObserverTopic<P> topic, Subscriber<P> subscriber, Throwable failure) {
    synchronized (this) {
      topic.remove(subscriber);
    }
    String line = topic.name() + " `" + subscriber.observer() + "' is dropped: " + failure;
    if (failure instanceof Subscriber.QueueFullException) {
      traces.logger().warning(line);
    } else {
      traces.trace(Traces.Category.SUBSCRIBER, 1, () -> line);
    }
  }
}
