package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many events, and subscribers that are slow, hang or break their connections. */
@EachImplementation
class StormStressTest {
  private static final Map<String, String> ORDERED = Map.of("reliability", "ordered");

  private Implementation implementation;
  private Lab lab;
  private IceClient client;

  @Initializer
  void start(Implementation implementation) {
    this.implementation = implementation;
  }

  @BeforeEach
  void open() {
    lab = new Lab();
    client = lab.client();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Storm service() {
    return Storm.persistent(lab, implementation, "Stress");
  }

  private EventSubscriber subscriber(String name, Map<String, ?> options) {
    IceClient host = lab.client();
    host.adapter(name, "Endpoints=tcp -h 127.0.0.1");
    EventSubscriber subscriber = host.subscriber(name, name, options);
    host.activate(name);
    return subscriber;
  }

  @Test
  void twentyThousandEventsReachEveryone() {
    Storm storm = service().start();
    Remote topic = storm.topic(client, "flood");
    Remote linked = storm.topic(client, "linkedFlood");
    topic.call("link", proxyOf(linked.proxy(), "IceStorm.Topic"), 0);
    EventSubscriber oneway = lab.client().subscriber("oneway");
    EventSubscriber batch = lab.client().subscriber("batch");
    EventSubscriber far = lab.client().subscriber("far");
    topic.call("subscribeAndGetPublisher", Map.of(), oneway.as(EventSubscriber.ONEWAY));
    topic.call("subscribeAndGetPublisher", Map.of(), batch.as(EventSubscriber.BATCH));
    linked.call("subscribeAndGetPublisher", Map.of(), far.as(EventSubscriber.BATCH));
    Remote publisher = storm.publisher(client, topic);
    client.publish(publisher.changed("ice_oneway"), "event", 0, 10_000);
    client.publish(publisher.changed("ice_batchOneway"), "event", 10_000, 10_000);
    for (EventSubscriber subscriber : List.of(oneway, batch, far)) {
      subscriber.awaitInOrder(0, 20_000);
    }
    assertThat(topic.call("getSubscribers").items()).hasSize(3);
  }

  @Test
  void slowAndHangingSubscribersHoldUpNobody() {
    Storm storm = service().start();
    Remote topic = storm.topic(client, "slow");
    EventSubscriber fast = lab.client().subscriber("fast");
    EventSubscriber slow = subscriber("slow", Map.of("delayMillis", 100));
    EventSubscriber hanging = subscriber("hanging", Map.of("holds", true));
    EventSubscriber orderedHanging = subscriber("orderedHanging", Map.of("holds", true));
    topic.call("subscribeAndGetPublisher", ORDERED, orderedHanging.twoway());
    topic.call("subscribeAndGetPublisher", Map.of(), hanging.twoway());
    topic.call("subscribeAndGetPublisher", Map.of(), slow.twoway());
    topic.call("subscribeAndGetPublisher", ORDERED, fast.twoway());
    client.publish(storm.publisher(client, topic), "event", 0, 2000);
    fast.awaitInOrder(0, 2000);
    assertThat(slow.count()).isLessThan(2000);
    hanging.awaitCount(1);
    assertThat(hanging.count()).isEqualTo(1);
    assertThat(topic.call("getSubscribers").items()).hasSize(4);
    // Each of them can leave, and what it had queued harms nobody.
    for (EventSubscriber subscriber : List.of(slow, hanging, orderedHanging, fast)) {
      topic.call("unsubscribe", subscriber.twoway());
    }
    topic.call("destroy");
    client.ask("release", Map.of());
  }

  @Test
  void brokenConnectionsHarmOnlyTheirOwner() {
    Storm storm = service().with("Discard.Interval", "1").start();
    Remote topic = storm.topic(client, "erratic");
    EventSubscriber steady = lab.client().subscriber("steady");
    EventSubscriber patient = subscriber("patient", Map.of("closeEvery", 10));
    EventSubscriber once = subscriber("once", Map.of("closeEvery", 10));
    topic.call("subscribeAndGetPublisher", ORDERED, steady.twoway());
    topic.call("subscribeAndGetPublisher", Map.of("retryCount", "-1"), patient.twoway());
    topic.call("subscribeAndGetPublisher", Map.of(), once.as(EventSubscriber.ONEWAY));
    Remote publisher = storm.publisher(client, topic);
    List<Integer> published = new ArrayList<>();
    Await.until(
        () -> "the patient one was offline twice and came back; it received " + patient.count(),
        Await.LIMIT,
        () -> {
          client.publish(publisher, "event", published.size() * 10, 10);
          published.add(0);
          return patient.count() > 25;
        });
    steady.awaitInOrder(0, published.size() * 10);
    storm.first().awaitConsole("subscriber offline");
    assertThat(topic.call("getSubscribers").items().stream().map(Json::identity))
        .contains("steady", "patient");
  }

  /** Ready to accept connections but not to answer until it is activated. */
  private EventSubscriber waiting(IceClient host) {
    host.adapter("Waiting", "Endpoints=tcp -h 127.0.0.1");
    return host.subscriber("Waiting", "waiting", Map.of());
  }

  @Test
  void aFullQueueDropsTheOldestEvents() {
    Storm storm =
        service()
            .with("Send.QueueSizeMax", "2000")
            .with("Send.QueueSizeMaxPolicy", "DropEvents")
            .start();
    Remote topic = storm.topic(client, "dropping");
    IceClient host = lab.client();
    EventSubscriber waiting = waiting(host);
    EventSubscriber other = lab.client().subscriber("other");
    topic.call("subscribeAndGetPublisher", ORDERED, waiting.twoway());
    topic.call("subscribeAndGetPublisher", ORDERED, other.twoway());
    // The first is on its way before others can push it out of the queue.
    client.publish(storm.publisher(client, topic), "event", 0, 1);
    other.awaitCount(1);
    client.publish(storm.publisher(client, topic), "event", 1, 4999);
    host.activate("Waiting");
    waiting.awaitCount(2001);
    List<Long> expected = new ArrayList<>(List.of(0L));
    expected.addAll(EventSubscriber.range(3000, 2000));
    assertThat(waiting.numbers()).isEqualTo(expected);
    assertThat(topic.call("getSubscribers").items()).hasSize(2);
  }

  @Test
  void aFullQueueEndsTheSubscription() {
    Storm storm = service().with("Send.QueueSizeMax", "2000").start();
    Remote topic = storm.topic(client, "removing");
    IceClient host = lab.client();
    EventSubscriber waiting = waiting(host);
    EventSubscriber other = lab.client().subscriber("other");
    Json own = topic.call("subscribeAndGetPublisher", ORDERED, waiting.twoway());
    topic.call("subscribeAndGetPublisher", Map.of(), other.as(EventSubscriber.ONEWAY));
    // The first is on its way before the queue is full.
    client.publish(storm.publisher(client, topic), "event", 0, 1);
    other.awaitCount(1);
    topic.call("unsubscribe", other.twoway());
    client.publish(storm.publisher(client, topic), "event", 1, 4999);
    Await.until("it is removed", () -> topic.call("getSubscribers").items().isEmpty());
    host.activate("Waiting");
    waiting.awaitCount(1);
    assertThat(waiting.numbers()).containsExactly(0L);
    assertThat(client.object(own.proxy()).failure("ice_ping").type())
        .isEqualTo("Ice.ObjectNotExistException");
    client.publish(storm.publisher(client, topic), "event", 5000, 10);
    assertThat(waiting.numbers()).containsExactly(0L);
    // It may come back.
    topic.call("subscribeAndGetPublisher", ORDERED, waiting.twoway());
    client.publish(storm.publisher(client, topic), "event", 6000, 1);
    waiting.awaitCount(2);
  }

  @Test
  void anUnknownPolicyIsToldAndTheDefaultTaken() {
    Storm storm = service().with("Send.QueueSizeMaxPolicy", "Whatever").start();
    assertThat(storm.first().console())
        .contains("invalid value `Whatever' for `Stress.Send.QueueSizeMaxPolicy'");
  }

  @Test
  @FirnOnly
  @Tag("reference-defect")
  void whatIsQueuedIsDeliveredBeforeTheEnd() {
    assumeThat(implementation).isEqualTo(Implementation.FIRN);
    Storm storm = service();
    storm.first().withGlobal("Firn.Storm.DrainLimit", "60");
    storm.start();
    Remote topic = storm.topic(client, "draining");
    EventSubscriber subscriber = subscriber("drained", Map.of("delayMillis", 2));
    topic.call("subscribeAndGetPublisher", ORDERED, subscriber.twoway());
    client.publish(storm.publisher(client, topic), "event", 0, 500);
    storm.first().terminate();
    subscriber.awaitInOrder(0, 500);
  }

  @Test
  @FirnOnly
  @Tag("reference-defect")
  void aSubscriberThatHangsDoesNotHoldUpTheEnd() {
    assumeThat(implementation).isEqualTo(Implementation.FIRN);
    Storm storm = service().start();
    storm.first().withGlobal("Firn.Storm.DrainLimit", "1");
    storm.first().terminate();
    storm.start();
    Remote topic = storm.topic(client, "endless");
    EventSubscriber hanging = subscriber("hanging", Map.of("holds", true));
    topic.call("subscribeAndGetPublisher", ORDERED, hanging.twoway());
    client.publish(storm.publisher(client, topic), "event", 0, 10);
    hanging.awaitCount(1);
    storm.first().terminate();
    client.ask("release", Map.of());
  }

  @Test
  @FirnOnly
  @Tag("reference-defect")
  void aBatchSubscriberGoesOnAfterAnError() {
    assumeThat(implementation).isEqualTo(Implementation.FIRN);
    Storm storm = service().with("Discard.Interval", "1").start();
    Remote topic = storm.topic(client, "batchRetry");
    int port = Ports.free();
    topic.call(
        "subscribeAndGetPublisher",
        Map.of("retryCount", "-1"),
        proxyOf("late -O:tcp -h 127.0.0.1 -p " + port));
    Remote publisher = storm.publisher(client, topic);
    Await.until(
        "offline",
        () -> {
          client.publish(publisher, "event", 0, 1);
          return storm.first().console().contains("subscriber offline");
        });
    IceClient host = lab.client();
    host.adapter("Late", "Endpoints=tcp -h 127.0.0.1 -p " + port);
    EventSubscriber late = host.subscriber("Late", "late", Map.of());
    host.activate("Late");
    Await.until(
        "delivered again",
        () -> {
          client.publish(publisher, "event", 1, 1);
          return late.count() > 3;
        });
  }

  @Test
  void eventsLargerThanTheMessageLimitAreThePublishersAffair() {
    Storm storm = service().start();
    Remote topic = storm.topic(client, "large");
    EventSubscriber subscriber = lab.client().subscriber("large");
    topic.call("subscribeAndGetPublisher", ORDERED, subscriber.twoway());
    IceClient publishing = lab.client("Ice.MessageSizeMax=10000");
    Remote publisher = storm.publisher(publishing, topic);
    publishing.publish(publisher, "event", 0, 1, Map.of("padding", 1_000_000));
    CompletableFuture<Json> tooLarge =
        publishing.beginPublish(publisher, "event", 1, 1, Map.of("padding", 2_000_000));
    try {
      PythonClient.await(tooLarge);
      throw new AssertionError("an event above Ice.MessageSizeMax was accepted");
    } catch (IceFailure refused) {
      assertThat(refused.type()).startsWith("Ice.");
    }
    client.publish(storm.publisher(client, topic), "event", 2, 1);
    subscriber.awaitCount(2);
    assertThat(subscriber.numbers()).containsExactly(0L, 2L);
    assertThat(topic.call("getSubscribers").items()).hasSize(1);
  }
}
