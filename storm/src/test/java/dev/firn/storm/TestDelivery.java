package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Subscription;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import dev.firn.wire.Mapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Deliveries with an engine that keeps topics in memory and obeys at once, on loopback. */
final class TestDelivery implements AutoCloseable {
  static final String INSTANCE = "TestStorm";
  private static final int PORT_MIN = 21_000;
  private static final int PORTS = 900;
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger((int) (ProcessHandle.current().pid() % PORTS));

  final RecordingStormLogger logger = new RecordingStormLogger();
  final List<ObjectId> reaped = new CopyOnWriteArrayList<>();
  final TestGate gate = new TestGate();

  /** The group of replicas that this one is in, as it were. */
  volatile long group = 1;

  /** The next report of a subscriber that is gone comes to nothing, as when the group ends. */
  final AtomicBoolean forgetting = new AtomicBoolean();

  final Communicator communicator;
  final Delivery delivery;
  private final ObjectAdapter publish;
  private final List<Communicator> clients = new ArrayList<>();
  private final List<EventSubscriber> subscribers = new ArrayList<>();
  private TopicTables tables = TopicTables.EMPTY;
  private boolean stopped;

  TestDelivery(String... options) {
    communicator = communicator(options);
    publish = listen(communicator, "Publish");
    publish.activate();
    var settings = new StormSettings(communicator.getProperties(), INSTANCE);
    var traces = new StormTraces(communicator.getProperties(), INSTANCE, logger);
    delivery =
        new Delivery(
            DeliverySettings.of(settings, logger),
            communicator,
            publish,
            new Engine(),
            traces,
            logger);
  }

  /** A communicator of another process, as it were. */
  Communicator client(String... options) {
    Communicator client = communicator(options);
    clients.add(client);
    return client;
  }

  /** A subscriber in a process of its own, as it were; not active yet. */
  EventSubscriber subscriber(String name) {
    var subscriber = new EventSubscriber(client(), name);
    subscribers.add(subscriber);
    return subscriber;
  }

  private Communicator communicator(String... options) {
    InitializationData init = new InitializationData();
    init.logger = logger;
    init.properties = Util.createProperties();
    init.properties.setProperty(INSTANCE + ".InstanceName", INSTANCE);
    init.properties.setProperty("Ice.Default.Host", "127.0.0.1");
    init.properties.setProperty("Ice.Warn.Connections", "0");
    for (String option : options) {
      String[] nameAndValue = option.split("=", 2);
      init.properties.setProperty(nameAndValue[0], nameAndValue[1]);
    }
    return Util.initialize(init);
  }

  static int newPort() {
    return PORT_MIN + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
  }

  /** An adapter with a TCP and a UDP endpoint, not active yet. */
  static ObjectAdapter listen(Communicator communicator, String name) {
    for (int attempt = 0; ; attempt++) {
      int port = newPort();
      try {
        return communicator.createObjectAdapterWithEndpoints(
            name + port, "tcp -p " + port + ":udp -p " + port);
      } catch (com.zeroc.Ice.SocketException e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }

  void create(String topic) {
    apply(new TopicCommand.CreateTopic(Topic.idOf(INSTANCE, topic)));
  }

  void destroy(String topic) {
    apply(new TopicCommand.DestroyTopic(topic));
  }

  void subscribe(String topic, ObjectPrx subscriber, Map<String, String> qos) {
    ObjectId id = Mapping.objectId(subscriber.ice_getIdentity());
    EncodedProxy proxy = Mapping.encode(communicator, subscriber);
    apply(
        new TopicCommand.AddSubscriber(
            topic, SubscriberRecord.subscriber(topic, id, proxy, new TreeMap<>(qos))));
  }

  void unsubscribe(String topic, ObjectPrx subscriber) {
    apply(
        new TopicCommand.RemoveSubscribers(
            topic, List.of(Mapping.objectId(subscriber.ice_getIdentity()))));
  }

  /** Both in one group of updates, as when a reaped subscriber has just come again. */
  void unsubscribeAndSubscribe(String topic, ObjectPrx subscriber, Map<String, String> qos) {
    ObjectId id = Mapping.objectId(subscriber.ice_getIdentity());
    EncodedProxy proxy = Mapping.encode(communicator, subscriber);
    apply(
        new TopicCommand.RemoveSubscribers(topic, List.of(id)),
        new TopicCommand.AddSubscriber(
            topic, SubscriberRecord.subscriber(topic, id, proxy, new TreeMap<>(qos))));
  }

  void link(String topic, String target, TestDelivery targets, int cost) {
    ObjectId id = Topic.idOf(INSTANCE, target);
    ObjectPrx link = targets.publish.createProxy(PublisherIds.link(id));
    apply(
        new TopicCommand.AddSubscriber(
            topic,
            SubscriberRecord.link(
                topic, id, Mapping.encode(communicator, link), cost, EncodedProxy.NULL)));
  }

  /** As a publisher in another process has it. */
  ObjectPrx publisher(Communicator client, String topic) {
    return client.stringToProxy(
        publish.createProxy(PublisherIds.publisher(Topic.idOf(INSTANCE, topic))).toString());
  }

  ObjectPrx publisher(Communicator client, String topic, ObjectPrx subscriber) {
    Identity id =
        PublisherIds.perSubscriber(
            communicator,
            INSTANCE,
            Topic.idOf(INSTANCE, topic),
            Mapping.objectId(subscriber.ice_getIdentity()));
    return client.stringToProxy(publish.createProxy(id).toString());
  }

  TopicView topic(String name) {
    return delivery.find(name).orElseThrow();
  }

  SubscriberView view(String topic, ObjectPrx subscriber) {
    ObjectId id = Mapping.objectId(subscriber.ice_getIdentity());
    return topic(topic).subscribers().stream()
        .filter(view -> view.record().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  boolean isSubscribed(String topic, ObjectPrx subscriber) {
    ObjectId id = Mapping.objectId(subscriber.ice_getIdentity());
    return topic(topic).subscribers().stream().anyMatch(view -> view.record().id().equals(id));
  }

  private synchronized void apply(TopicCommand... group) {
    for (TopicCommand command : group) {
      var result = command.applyTo(tables, TopicCommand.KEY_SIZE_MAX);
      if (!(result instanceof TopicCommand.Result.Applied applied)) {
        throw new AssertionError(command + ": " + result);
      }
      tables = tables.with(applied.changes());
    }
    delivery.update(tables);
  }

  boolean stop(Duration limit) {
    stopped = true;
    publish.destroy();
    return delivery.stop(limit);
  }

  @Override
  public void close() {
    subscribers.forEach(EventSubscriber::answerAll);
    clients.forEach(Communicator::destroy);
    if (!stopped) {
      stop(Duration.ZERO);
    }
    communicator.destroy();
  }

  /** What deliveries use of an engine: tables, gates and reaping. The rest is the service's. */
  private final class Engine implements TopicEngine {
    @Override
    public void start(Consumer<TopicTables> listener) {
      throw new AssertionError("deliveries do not call this");
    }

    @Override
    public TopicTables tables() {
      return tables;
    }

    @Override
    public CompletableFuture<TopicCommand.Result> submit(TopicCommand command) {
      throw new AssertionError("deliveries do not call this");
    }

    @Override
    public Gate readGate() {
      return Gate.OPEN;
    }

    @Override
    public Gate publishGate() {
      return gate;
    }

    @Override
    public long group() {
      return group;
    }

    @Override
    public void reap(String topic, Subscription subscription, long found) {
      ObjectId id = subscription.record().id();
      if (found == group && forgetting.compareAndSet(true, false)) {
        return;
      }
      reaped.add(id);
      apply(new TopicCommand.RemoveSubscribers(topic, List.of(id)));
    }

    @Override
    public CompletableFuture<TopicCommand.Result> reapForPeer(
        String topic, List<ObjectId> subscribers) {
      throw new AssertionError("deliveries do not call this");
    }

    @Override
    public void shutdown() {}
  }

  /** A gate that tests open and close. */
  static final class TestGate implements Gate {
    private CompletableFuture<Void> open = CompletableFuture.completedFuture(null);

    synchronized void shut() {
      open = new CompletableFuture<>();
    }

    void open() {
      whenOpen().complete(null);
    }

    void fail(RuntimeException reason) {
      whenOpen().completeExceptionally(reason);
    }

    @Override
    public boolean isOpen() {
      return whenOpen().isDone() && !whenOpen().isCompletedExceptionally();
    }

    @Override
    public synchronized CompletableFuture<Void> whenOpen() {
      return open;
    }
  }
}
