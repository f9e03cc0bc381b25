package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events reach their subscribers in the mode of each and are otherwise as they were published. */
@EachStorm
class StormDeliveryTest {
  private static final int EVENTS = 1000;

  private StormVariant variant;
  private Lab lab;
  private Storm storm;
  private IceClient client;
  private IceClient publishing;
  private int subscribers;

  @Initializer
  void start(Lab lab, StormVariant variant) {
    this.lab = lab;
    this.variant = variant;
    storm = Storm.of(lab, variant).start();
    client = lab.client();
    publishing = lab.client();
    storm.awaitServing(client);
  }

  /** A subscriber with a communicator of its own, which dispatches in the order of arrival. */
  private EventSubscriber subscriber() {
    return lab.client().subscriber("sub" + ++subscribers);
  }

  private static Json subscribe(Remote topic, EventSubscriber subscriber, String mode) {
    return subscribe(topic, subscriber, mode, Map.of());
  }

  private static Json subscribe(
      Remote topic, EventSubscriber subscriber, String mode, Map<String, String> qos) {
    return topic.call("subscribeAndGetPublisher", qos, subscriber.as(mode));
  }

  private Remote publisher(Remote topic) {
    return storm.publisher(publishing, topic);
  }

  @Test
  void everyModeGetsEveryEvent() {
    Remote topic = storm.topic(client, "modes");
    EventSubscriber twoway = subscriber();
    EventSubscriber ordered = subscriber();
    EventSubscriber oneway = subscriber();
    EventSubscriber batch = subscriber();
    subscribe(topic, twoway, EventSubscriber.TWOWAY);
    subscribe(topic, ordered, EventSubscriber.TWOWAY, Map.of("reliability", "ordered"));
    subscribe(topic, oneway, EventSubscriber.ONEWAY);
    subscribe(topic, batch, EventSubscriber.BATCH);
    assertThat(topic.call("getSubscribers").items().stream().map(Json::identity))
        .containsExactly(
            twoway.identity(), ordered.identity(), oneway.identity(), batch.identity());

    publishing.publish(publisher(topic), "event", 0, EVENTS);

    for (EventSubscriber subscriber : List.of(twoway, ordered, oneway, batch)) {
      subscriber.awaitInOrder(0, EVENTS);
      assertThat(subscriber.received().get("transports").texts()).containsExactly("tcp");
      assertThat(subscriber.received().get("connections").number()).isEqualTo(1);
    }
    for (EventSubscriber subscriber : List.of(twoway, ordered)) {
      assertThat(subscriber.received().get("oneway").number()).isZero();
    }
    for (EventSubscriber subscriber : List.of(oneway, batch)) {
      assertThat(subscriber.received().get("oneway").number()).isEqualTo(EVENTS);
    }
    topic.call("destroy");
  }

  @Test
  void datagramsAreSent() {
    Remote topic = storm.topic(client, "datagrams");
    EventSubscriber datagram = subscriber();
    EventSubscriber batch = subscriber();
    subscribe(topic, datagram, EventSubscriber.DATAGRAM);
    subscribe(topic, batch, EventSubscriber.BATCH_DATAGRAM);
    // Slowly: a receive buffer that overflows would lose some.
    publishing.publish(publisher(topic), "event", 0, 200, Map.of("everyMillis", 1));
    for (EventSubscriber subscriber : List.of(datagram, batch)) {
      subscriber.awaitAll(0, 200);
      assertThat(subscriber.received().get("transports").texts()).containsExactly("udp");
    }
    topic.call("destroy");
  }

  @Test
  void publishersMayUseAnyMode() {
    Remote topic = storm.topic(client, "publishers");
    EventSubscriber subscriber = subscriber();
    subscribe(topic, subscriber, EventSubscriber.TWOWAY, Map.of("reliability", "ordered"));
    Remote publisher = publishing.object(topic.call("getNonReplicatedPublisher").proxy());
    publishing.publish(publisher, "event", 0, 100);
    publishing.publish(publisher.changed("ice_oneway"), "event", 100, 100);
    publishing.publish(publisher.changed("ice_batchOneway"), "event", 200, 100);
    subscriber.awaitInOrder(0, 300);
    publishing.publish(
        publisher.changed("ice_datagram"), "event", 300, 50, Map.of("everyMillis", 1));
    publishing.publish(publisher.changed("ice_batchDatagram"), "event", 350, 50);
    subscriber.awaitAll(0, 400);
    topic.call("destroy");
  }

  @Test
  void requestsArePassedOnWithEverythingThatBelongsToThem() {
    Remote topic = storm.topic(client, "transparent");
    EventSubscriber subscriber = subscriber();
    subscribe(topic, subscriber, EventSubscriber.TWOWAY, Map.of("reliability", "ordered"));
    Remote publisher = publisher(topic);
    Map<String, String> context = Map.of("cost", "-3", "", "empty", "ключ", "значение");
    publishing.publish(publisher, "first", 1, 1, Map.of("mode", "Idempotent", "context", context));
    publishing.publish(publisher, "second", 2, 1, Map.of("mode", "Nonmutating", "padding", 9));
    publishing.publish(publisher, "third", 3, 1, Map.of("encoding", List.of(1, 0)));
    subscriber.awaitInOrder(1, 3);
    List<Json> details = subscriber.received().get("details").items();
    assertThat(details.get(0).get("op").text()).isEqualTo("first");
    assertThat(details.get(0).get("mode").text()).isEqualTo("Idempotent");
    assertThat(details.get(0).get("context")).isEqualTo(Json.parse(new Json(context).toString()));
    assertThat(details.get(0).get("data").text()).isEqualTo("0a000000010101000000");
    assertThat(details.get(1).get("op").text()).isEqualTo("second");
    assertThat(details.get(1).get("context")).isEqualTo(new Json(Map.of()));
    assertThat(details.get(1).get("data").text())
        .isEqualTo("130000000101" + "02000000" + "00".repeat(9));
    assertThat(details.get(2).get("mode").text()).isEqualTo("Normal");
    assertThat(details.get(2).get("data").text()).isEqualTo("0a000000010003000000");
    topic.call("destroy");
  }

  @Test
  void everyOperationIsAnEvent() {
    Remote topic = storm.topic(client, "operations");
    EventSubscriber subscriber = subscriber();
    subscribe(topic, subscriber, EventSubscriber.TWOWAY, Map.of("reliability", "ordered"));
    Remote publisher = publisher(topic);
    publisher.call("ice_ping");
    // Published like the others, and answered with nothing.
    for (String operation : List.of("ice_id", "ice_ids")) {
      assertThat(publisher.failure(operation).type()).startsWith("Ice.").endsWith("Exception");
    }
    assertThat(publisher.changed("ice_facet", "other").failure("ice_ping").type())
        .isEqualTo("Ice.FacetNotExistException");
    subscriber.awaitCount(3);
    assertThat(subscriber.received().get("details").items().stream().map(d -> d.get("op").text()))
        .containsExactly("ice_ping", "ice_id", "ice_ids");
    topic.call("destroy");
  }

  @Test
  void facetsOfSubscribersAreKept() {
    Remote topic = storm.topic(client, "facets");
    IceClient host = lab.client();
    host.adapter("Facets", "Endpoints=tcp -h 127.0.0.1");
    EventSubscriber subscriber = host.subscriber("Facets", "faceted", Map.of("facet", "inner"));
    host.activate("Facets");
    assertThat(subscriber.proxy()).contains("-f inner");
    subscribe(topic, subscriber, EventSubscriber.TWOWAY);
    publishing.publish(publisher(topic), "event", 0, 1);
    subscriber.awaitInOrder(0, 1);
    assertThat(subscriber.received().get("details").item(0).get("facet").text()).isEqualTo("inner");
    topic.call("destroy");
  }

  @Test
  void aSubscriberHasAPublisherOfItsOwn() {
    Remote topic = storm.topic(client, "own");
    EventSubscriber one = subscriber();
    EventSubscriber two = subscriber();
    Remote ownOfOne = publishing.object(subscribe(topic, one, EventSubscriber.TWOWAY).proxy());
    Remote ownOfTwo = publishing.object(subscribe(topic, two, EventSubscriber.ONEWAY).proxy());
    publishing.publish(ownOfOne, "private", 0, 5);
    one.awaitInOrder(0, 5);
    publishing.publish(ownOfTwo, "private", 100, 5);
    two.awaitInOrder(100, 5);
    publishing.publish(publisher(topic), "event", 5, 1);
    one.awaitInOrder(0, 6);
    two.awaitCount(6);
    topic.call("unsubscribe", one.twoway());
    // A replica other than the coordinator may hear of it a moment later.
    Await.asserted(
        () ->
            assertThat(ownOfOne.failure("ice_ping").type())
                .isEqualTo("Ice.ObjectNotExistException"));
    topic.call("destroy");
  }

  @Test
  void oneRequestOneConnectionIfNotCached() {
    Remote topic = storm.topic(client, "balanced");
    IceClient host = lab.client();
    host.adapter("Balanced", "Endpoints=tcp -h 127.0.0.1:tcp -h 127.0.0.1");
    EventSubscriber subscriber = host.subscriber("Balanced", "balanced", Map.of());
    host.activate("Balanced");
    assertThat(Cluster.ports(subscriber.proxy())).hasSize(2);
    subscribe(
        topic,
        subscriber,
        EventSubscriber.TWOWAY,
        Map.of("locatorCacheTimeout", "10", "connectionCached", "0"));
    publishing.publish(publisher(topic), "event", 0, EVENTS);
    subscriber.awaitAll(0, EVENTS);
    assertThat(subscriber.received().get("connections").number()).isEqualTo(2);
    topic.call("destroy");
  }

  @Test
  void nobodySubscribedGetsNothingAndTheOthersGoOn() {
    Remote topic = storm.topic(client, "leaving");
    EventSubscriber staying = subscriber();
    EventSubscriber leaving = subscriber();
    subscribe(topic, staying, EventSubscriber.TWOWAY);
    subscribe(topic, leaving, EventSubscriber.ONEWAY);
    publishing.publish(publisher(topic), "event", 0, 10);
    staying.awaitAll(0, 10);
    leaving.awaitAll(0, 10);
    topic.call("unsubscribe", leaving.twoway());
    publishing.publish(publisher(topic), "event", 10, 10);
    staying.awaitAll(0, 20);
    assertThat(leaving.count()).isEqualTo(10);
    topic.call("destroy");
  }

  @Test
  void aSubscribersOwnExceptionsAreItsOwnAffair() {
    Remote topic = storm.topic(client, "exceptions");
    IceClient host = lab.client();
    host.adapter("Throwing", "Endpoints=tcp -h 127.0.0.1");
    host.activate("Throwing");
    EventSubscriber throwing = host.subscriber("Throwing", "user", Map.of("raises", "user"));
    subscribe(topic, throwing, EventSubscriber.TWOWAY);
    publishing.publish(publisher(topic), "event", 0, 20);
    throwing.awaitAll(0, 20);
    assertThat(topic.call("getSubscribers").items()).hasSize(1);
    topic.call("destroy");
  }

  @Test
  void subscribersThatFailAreRemovedWithTheNextEvent() {
    Remote topic = storm.topic(client, "failing");
    EventSubscriber healthy = subscriber();
    IceClient host = lab.client();
    host.adapter("Gone", "Endpoints=tcp -h 127.0.0.1");
    host.activate("Gone");
    List<String> raised = List.of("ObjectNotExistException", "OperationNotExistException");
    subscribe(topic, healthy, EventSubscriber.TWOWAY);
    for (String exception : raised) {
      EventSubscriber failing =
          host.subscriber("Gone", "raises" + exception, Map.of("raises", exception));
      subscribe(topic, failing, EventSubscriber.TWOWAY);
    }
    String absent = " -h 127.0.0.1 -p " + Ports.free();
    topic.call("subscribeAndGetPublisher", Map.of(), proxyOf("refused:tcp" + absent));
    topic.call("subscribeAndGetPublisher", Map.of(), proxyOf("refused2 -o:tcp" + absent));
    topic.call("subscribeAndGetPublisher", Map.of(), proxyOf("refused3 -O:tcp" + absent));
    topic.call("subscribeAndGetPublisher", Map.of(), proxyOf("nowhere @ NoLocator"));
    assertThat(topic.call("getSubscribers").items()).hasSize(7);
    List<Long> published = new ArrayList<>();
    Remote publisher = publisher(topic);
    Await.until(
        "all that failed are gone",
        () -> {
          long number = published.size();
          publishing.publish(publisher, "event", (int) number, 1);
          published.add(number);
          return topic.call("getSubscribers").items().size() == 1;
        });
    healthy.awaitAll(0, published.size());
    topic.call("destroy");
  }

  @Test
  @FirnOnly
  @Tag("reference-defect")
  void subscribersThatFailAreRemovedAtOnce() {
    assumeThat(variant.isFirn()).as("the reference waits for the next event").isTrue();
    Remote topic = storm.topic(client, "failingAtOnce");
    topic.call(
        "subscribeAndGetPublisher",
        Map.of(),
        proxyOf("refused:tcp -h 127.0.0.1 -p " + Ports.free()));
    publishing.publish(publisher(topic), "event", 0, 1);
    Await.until("removed", () -> topic.call("getSubscribers").items().isEmpty());
    topic.call("destroy");
  }

  @Test
  void aSubscriberMayBeAwayForAWhile() {
    Storm patient =
        Storm.of(lab, new StormVariant(variant.implementation(), StormMode.PERSISTENT))
            .with("Discard.Interval", "1")
            .start();
    Remote topic = patient.topic(client, "patient");
    Remote publisher = patient.publisher(publishing, topic);
    int port = Ports.free();
    IceClient first = lab.client();
    first.adapter("Away", "Endpoints=tcp -h 127.0.0.1 -p " + port);
    first.activate("Away");
    EventSubscriber subscriber = first.subscriber("Away", "away", Map.of());
    subscribe(topic, subscriber, EventSubscriber.TWOWAY, Map.of("retryCount", "-1"));
    publishing.publish(publisher, "event", 0, 1);
    subscriber.awaitInOrder(0, 1);
    first.close();
    Await.until(
        "the subscriber is offline",
        () -> {
          publishing.publish(publisher, "event", 1, 1);
          return patient.first().console().contains("subscriber offline");
        });
    Await.asserted(
        () ->
            assertThat(patient.first().console())
                .containsPattern(
                    "Subscriber:away endpoints: .*subscriber offline: (.|\\n)*discarding events:"
                        + " 1s retryCount: -1"));

    IceClient second = lab.client();
    second.adapter("Away", "Endpoints=tcp -h 127.0.0.1 -p " + port);
    EventSubscriber back = second.subscriber("Away", "away", Map.of());
    second.activate("Away");
    Await.until(
        "delivery goes on",
        () -> {
          publishing.publish(publisher, "event", 2, 1);
          return back.numbers().contains(2L);
        });
    assertThat(topic.call("getSubscribers").items()).hasSize(1);
    // Events from a moment at which it was tried again may have waited for it.
    assertThat(back.numbers()).doesNotContain(0L).isSorted();
    patient.first().terminate();
  }
}
