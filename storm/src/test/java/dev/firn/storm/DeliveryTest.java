package dev.firn.storm;

import static dev.firn.storm.EventSubscriber.await;
import static dev.firn.storm.EventSubscriber.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UnknownException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final String TOPIC = "news";

  private TestDelivery storm = new TestDelivery();

  @AfterEach
  void close() {
    storm.close();
  }

  private void restart(String... options) {
    storm.close();
    storm = new TestDelivery(options);
  }

  private EventSubscriber subscriber(String name) {
    return storm.subscriber(name).active();
  }

  /** Publishes numbers from 0 on, oneway. */
  private void publish(String topic, int count) {
    publish(storm.publisher(storm.client(), topic).ice_oneway(), count);
  }

  /** The first event is under way before others fill the queue. */
  private void publishFirstAlone(ObjectPrx publisher, EventSubscriber subscriber, int count) {
    publish(publisher, 0, 1);
    await("under way", () -> storm.view(TOPIC, subscriber.proxy).outstanding() == 1);
    publish(publisher, 1, count);
    await("all published", () -> storm.topic(TOPIC).published() == count);
  }

  private static void publish(ObjectPrx publisher, int count) {
    publish(publisher, 0, count);
  }

  private static void publish(ObjectPrx publisher, int first, int count) {
    Communicator client = publisher.ice_getCommunicator();
    for (int i = first; i < count; i++) {
      publisher.ice_invoke("event", OperationMode.Normal, numbered(client, i));
    }
    if (publisher.ice_isBatchOneway()) {
      publisher.ice_flushBatchRequests();
    }
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void everySubscriberModeGetsEveryEventOnceAndInOrder() {
    restart(TestDelivery.INSTANCE + ".Flush.Timeout=50");
    storm.create(TOPIC);
    var oneway = subscriber("oneway");
    var twoway = subscriber("twoway");
    var ordered = subscriber("ordered");
    var batch = subscriber("batch");
    var perRequest = subscriber("perRequest");
    storm.subscribe(TOPIC, oneway.proxy.ice_oneway(), Map.of());
    storm.subscribe(TOPIC, twoway.proxy, Map.of());
    storm.subscribe(TOPIC, ordered.proxy, Map.of("reliability", "ordered"));
    storm.subscribe(TOPIC, batch.proxy.ice_batchOneway(), Map.of());
    storm.subscribe(
        TOPIC,
        perRequest.proxy.ice_oneway(),
        Map.of("locatorCacheTimeout", "10", "connectionCached", "0"));

    publish(TOPIC, 1000);

    for (var subscriber : List.of(oneway, twoway, ordered, batch)) {
      subscriber.awaitCount(1000);
      assertThat(subscriber.numbers()).containsExactlyElementsOf(upTo(1000));
    }
    assertThat(oneway.received).allMatch(event -> event.requestId() == 0);
    assertThat(batch.received).allMatch(event -> event.requestId() == 0);
    assertThat(twoway.received).allMatch(event -> event.requestId() > 0);
    perRequest.awaitCount(1000);
    assertThat(perRequest.numbers()).containsExactlyInAnyOrderElementsOf(upTo(1000));
    assertThat(oneway.received).hasSize(1000);
  }

  @Test
  void datagramSubscribersGetEventsOverUdp() {
    restart(TestDelivery.INSTANCE + ".Flush.Timeout=50");
    storm.create(TOPIC);
    var datagram = subscriber("datagram");
    var batch = subscriber("batchDatagram");
    storm.subscribe(TOPIC, datagram.proxy.ice_datagram(), Map.of());
    storm.subscribe(TOPIC, batch.proxy.ice_batchDatagram(), Map.of());

    publish(TOPIC, 50);

    datagram.awaitCount(50);
    batch.awaitCount(50);
    assertThat(datagram.numbers()).containsExactlyElementsOf(upTo(50));
    assertThat(batch.numbers()).containsExactlyElementsOf(upTo(50));
    assertThat(datagram.received).allMatch(event -> event.transport().equals("udp"));
    assertThat(batch.received).allMatch(event -> event.transport().equals("udp"));
  }

  @Test
  void anEventKeepsOperationModeContextParametersAndReachesTheFacet() {
    storm.create(TOPIC);
    var oneway = subscriber("oneway");
    var twoway = subscriber("twoway");
    storm.subscribe(TOPIC, oneway.proxy.ice_oneway().ice_facet("facet"), Map.of());
    storm.subscribe(TOPIC, twoway.proxy, Map.of());
    Communicator client = storm.client();
    byte[] parameters = new byte[100_000];
    ByteBuffer.wrap(parameters)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(parameters.length)
        .put((byte) 1)
        .put((byte) 0);
    var context = Map.of("cost", "7", "a", "b".repeat(300), "\u00fc", "");

    storm
        .publisher(client, TOPIC)
        .ice_invoke("an operation \u20ac", OperationMode.Idempotent, parameters, context);

    for (var subscriber : List.of(oneway, twoway)) {
      subscriber.awaitCount(1);
      var event = subscriber.received.get(0);
      assertThat(event.operation()).isEqualTo("an operation \u20ac");
      assertThat(event.mode()).isEqualTo(OperationMode.Idempotent);
      assertThat(event.context()).isEqualTo(context);
      assertThat(event.parameters()).isEqualTo(ByteBuffer.wrap(parameters));
    }
    assertThat(oneway.received.get(0).facet()).isEqualTo("facet");
    assertThat(twoway.received.get(0).facet()).isEmpty();
  }

  @Test
  void whateverIsCalledOnPublisherIsAnEvent() {
    storm.create(TOPIC);
    var subscriber = subscriber("subscriber");
    storm.subscribe(TOPIC, subscriber.proxy.ice_oneway(), Map.of());
    ObjectPrx publisher = storm.publisher(storm.client(), TOPIC);

    publisher.ice_ping();
    publish(publisher.ice_batchOneway(), 3);

    subscriber.awaitCount(4);
    assertThat(subscriber.received.get(0).operation()).isEqualTo("ice_ping");
    assertThat(subscriber.received.get(0).mode()).isEqualTo(OperationMode.Nonmutating);
    assertThat(subscriber.numbers().subList(1, 4)).containsExactly(0, 1, 2);
  }

  @Test
  void unknownPublishersAndFacetsAreRefused() {
    storm.create(TOPIC);
    var subscriber = subscriber("subscriber");
    storm.subscribe(TOPIC, subscriber.proxy.ice_oneway(), Map.of());
    Communicator client = storm.client();
    ObjectPrx publisher = storm.publisher(client, TOPIC);
    ObjectPrx alone = storm.publisher(client, TOPIC, subscriber.proxy);
    alone.ice_ping();
    subscriber.awaitCount(1);

    assertThatThrownBy(() -> publisher.ice_facet("other").ice_ping())
        .isInstanceOf(FacetNotExistException.class);
    storm.unsubscribe(TOPIC, subscriber.proxy);
    assertThatThrownBy(alone::ice_ping).isInstanceOf(ObjectNotExistException.class);
    storm.destroy(TOPIC);
    assertThatThrownBy(publisher::ice_ping).isInstanceOf(ObjectNotExistException.class);
    assertThatThrownBy(() -> storm.publisher(client, "none").ice_ping())
        .isInstanceOf(ObjectNotExistException.class);
  }

  @Test
  void perSubscriberPublisherReachesOneSubscriber() {
    storm.create(TOPIC);
    var one = subscriber("one");
    var other = subscriber("other");
    storm.subscribe(TOPIC, one.proxy.ice_oneway(), Map.of());
    storm.subscribe(TOPIC, other.proxy.ice_oneway(), Map.of());
    Communicator client = storm.client();

    publish(storm.publisher(client, TOPIC, one.proxy), 10);
    storm.publisher(client, TOPIC).ice_ping();

    one.awaitCount(11);
    other.awaitCount(1);
    assertThat(other.received).hasSize(1);
  }

  @Test
  void whoeverLeftAndCameAgainIsNewSubscriber() {
    storm.create(TOPIC);
    EventSubscriber subscriber = subscriber("again");
    storm.subscribe(TOPIC, subscriber.proxy, Map.of());
    SubscriberView before = storm.view(TOPIC, subscriber.proxy);

    storm.unsubscribeAndSubscribe(TOPIC, subscriber.proxy, Map.of());

    assertThat(storm.view(TOPIC, subscriber.proxy)).isNotSameAs(before);
  }

  @Test
  void linksCarryEventsThatAreCheapEnoughAndOnlyOneHop() {
    try (var target = new TestDelivery()) {
      storm.create("fed1");
      target.create("fed2");
      target.create("fed3");
      storm.link("fed1", "fed2", target, 10);
      target.link("fed2", "fed3", target, 0);
      var second = target.subscriber("second").active();
      var third = target.subscriber("third").active();
      target.subscribe("fed2", second.proxy.ice_oneway(), Map.of());
      target.subscribe("fed3", third.proxy.ice_oneway(), Map.of());
      Communicator client = storm.client();
      ObjectPrx publisher = storm.publisher(client, "fed1");

      for (int i = 0; i < 30; i++) {
        String cost = List.of("0", "10", "15").get(i % 3);
        publisher.ice_invoke(
            "event", OperationMode.Normal, numbered(client, i), Map.of("cost", cost));
      }
      publisher.ice_invoke("last", OperationMode.Normal, numbered(client, 99));
      target.publisher(client, "fed2").ice_ping();

      second.awaitCount(22);
      third.awaitCount(1);
      assertThat(second.numbers().stream().filter(n -> n >= 0).toList())
          .containsExactlyElementsOf(
              IntStream.concat(IntStream.range(0, 30).filter(i -> i % 3 != 2), IntStream.of(99))
                  .boxed()
                  .toList());
      assertThat(second.received)
          .filteredOn(event -> event.number() == 1)
          .allMatch(event -> event.context().equals(Map.of("cost", "10")));
      assertThat(third.received).hasSize(1);
      assertThat(third.received.get(0).operation()).isEqualTo("ice_ping");
    }
  }

  @Test
  void linkForwardsInChunks() {
    restart("Firn.Storm.CoalesceBytes=2000");
    try (var target = new TestDelivery("Ice.MessageSizeMax=8")) {
      storm.create("fed1");
      target.create("fed2");
      storm.link("fed1", "fed2", target, 0);
      var second = target.subscriber("second").active();
      target.subscribe("fed2", second.proxy.ice_oneway(), Map.of());

      publish("fed1", 3000);

      second.awaitCount(3000);
      assertThat(second.numbers()).containsExactlyElementsOf(upTo(3000));
    }
  }

  @Test
  void whoTakesNoMessagesOfSeveralEventsGetsThemAlone() {
    restart(TestDelivery.INSTANCE + ".Discard.Interval=0");
    storm.create(TOPIC);
    var subscriber =
        new EventSubscriber(storm.client("Ice.MessageSizeMax=10"), "subscriber").active();
    storm.subscribe(TOPIC, subscriber.proxy.ice_oneway(), Map.of("retryCount", "-1"));
    ObjectPrx publisher = storm.publisher(storm.client(), TOPIC).ice_oneway();
    byte[] event = ofBytes(1024);

    // A burst may find that the subscriber is still about to break off.
    await(
        "all of a burst",
        () -> {
          int before = subscriber.received.size();
          long published = storm.topic(TOPIC).published() + 200;
          storm.gate.shut();
          for (int i = 0; i < 200; i++) {
            publisher.ice_invoke("event", OperationMode.Normal, event);
          }
          // Those that wait leave together.
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
          storm.gate.open();
          await("sent", () -> storm.topic(TOPIC).published() == published && isIdle(subscriber));
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
          return subscriber.received.size() - before >= 200
              && storm.logger.lines().stream().anyMatch(line -> line.contains("breaks off"));
        });

    assertThat(storm.logger.lines()).filteredOn(line -> line.contains("breaks off")).hasSize(1);
  }

  private boolean isIdle(EventSubscriber subscriber) {
    SubscriberView view = storm.view(TOPIC, subscriber.proxy);
    return view.queued() == 0 && view.outstanding() == 0;
  }

  /** Parameters of this size. */
  private byte[] ofBytes(int size) {
    OutputStream out = new OutputStream(storm.communicator);
    out.startEncapsulation();
    out.writeBlob(new byte[size]);
    out.endEncapsulation();
    return out.finished();
  }

  @Test
  void whileTheGateIsShutEventsWaitInOrderAndPublishersGetNoAnswer() {
    storm.create(TOPIC);
    var subscriber = subscriber("subscriber");
    storm.subscribe(TOPIC, subscriber.proxy.ice_oneway(), Map.of());
    Communicator client = storm.client();
    ObjectPrx publisher = storm.publisher(client, TOPIC);
    publisher.ice_ping();
    storm.gate.shut();

    var answers =
        IntStream.range(0, 100)
            .mapToObj(
                i -> publisher.ice_invokeAsync("event", OperationMode.Normal, numbered(client, i)))
            .toList();
    // Served after those above by the same thread: none of them holds it.
    assertThatThrownBy(() -> storm.publisher(client, "none").ice_ping())
        .isInstanceOf(ObjectNotExistException.class);
    assertThat(answers).noneMatch(answer -> answer.isDone());
    storm.gate.open();

    answers.forEach(answer -> assertThat(answer.join().returnValue).isTrue());
    subscriber.awaitCount(101);
    assertThat(subscriber.numbers().subList(1, 101)).containsExactlyElementsOf(upTo(100));
  }

  @Test
  void whenTheGateFailsWaitingPublishersFail() {
    storm.create(TOPIC);
    ObjectPrx publisher = storm.publisher(storm.client(), TOPIC);
    publisher.ice_ping();
    storm.gate.shut();
    var answer = publisher.ice_invokeAsync("event", OperationMode.Normal, new byte[0]);

    storm.gate.fail(new UnknownOutcomeException("the service stops"));

    assertThatThrownBy(answer::join).hasCauseInstanceOf(UnknownException.class);
  }

  @Test
  void slowSubscriberDelaysNobody() {
    storm.create(TOPIC);
    var slow = subscriber("slow");
    slow.answers.set(false);
    var dead = storm.subscriber("dead");
    var quick = subscriber("quick");
    storm.subscribe(TOPIC, slow.proxy, Map.of());
    storm.subscribe(TOPIC, dead.proxy.ice_oneway(), Map.of());
    storm.subscribe(TOPIC, quick.proxy.ice_oneway(), Map.of());

    publish(TOPIC, 20_000);

    quick.awaitCount(20_000);
    slow.awaitCount(5);
    await("five are under way", () -> storm.view(TOPIC, slow.proxy).outstanding() == 5);
    assertThat(slow.received).hasSize(5);
    assertThat(storm.view(TOPIC, slow.proxy).queued()).isEqualTo(19_995);
  }

  @Test
  void fullQueueDropsTheOldestEventsIfTheyMayBeDropped() {
    restart(
        TestDelivery.INSTANCE + ".Send.QueueSizeMax=2000",
        TestDelivery.INSTANCE + ".Send.QueueSizeMaxPolicy=DropEvents");
    storm.create(TOPIC);
    var subscriber = storm.subscriber("subscriber");
    storm.subscribe(TOPIC, subscriber.proxy, Map.of("reliability", "ordered"));
    ObjectPrx publisher = storm.publisher(storm.client(), TOPIC).ice_oneway();

    publishFirstAlone(publisher, subscriber, 5000);
    subscriber.active();

    subscriber.awaitCount(2001);
    assertThat(subscriber.numbers())
        .containsExactlyElementsOf(
            IntStream.concat(IntStream.of(0), IntStream.range(3000, 5000)).boxed().toList());
  }

  @Test
  void fullQueueRemovesTheSubscriberOtherwise() {
    restart(TestDelivery.INSTANCE + ".Send.QueueSizeMax=2000");
    storm.create(TOPIC);
    var subscriber = storm.subscriber("subscriber");
    storm.subscribe(TOPIC, subscriber.proxy, Map.of("reliability", "ordered"));
    Communicator client = storm.client();
    ObjectPrx alone = storm.publisher(client, TOPIC, subscriber.proxy);

    publishFirstAlone(storm.publisher(client, TOPIC).ice_oneway(), subscriber, 5000);
    await("reaped", () -> !storm.isSubscribed(TOPIC, subscriber.proxy));
    subscriber.active();

    subscriber.awaitCount(1);
    assertThatThrownBy(alone::ice_ping).isInstanceOf(ObjectNotExistException.class);
    assertThat(subscriber.numbers()).containsExactly(0);
  }

  @Test
  void shortQueueIsEnoughForSubscriberThatKeepsUp() {
    restart(
        TestDelivery.INSTANCE + ".Send.QueueSizeMax=2",
        TestDelivery.INSTANCE + ".Flush.Timeout=50");
    storm.create(TOPIC);
    var oneway = subscriber("oneway");
    var batch = subscriber("batch");
    storm.subscribe(TOPIC, oneway.proxy.ice_oneway(), Map.of());
    storm.subscribe(TOPIC, batch.proxy.ice_batchOneway(), Map.of());
    // A socket is not yet connected at the first events: as many as fit are to be sent later.
    storm.publisher(storm.client(), TOPIC).ice_ping();
    oneway.awaitCount(1);
    batch.awaitCount(1);

    publish(storm.publisher(storm.client(), TOPIC).ice_batchOneway(), 500);

    oneway.awaitCount(501);
    batch.awaitCount(501);
    assertThat(storm.reaped).isEmpty();
  }

  @Test
  void whatIsQueuedLeavesBeforeTheEnd() {
    restart(TestDelivery.INSTANCE + ".Flush.Timeout=60000");
    storm.create(TOPIC);
    var batch = subscriber("batch");
    var oneway = subscriber("oneway");
    storm.subscribe(TOPIC, batch.proxy.ice_batchOneway(), Map.of());
    storm.subscribe(TOPIC, oneway.proxy.ice_oneway(), Map.of());
    publish(TOPIC, 500);
    await("published", () -> storm.topic(TOPIC).published() == 500);
    assertThat(batch.received).isEmpty();

    assertThat(storm.stop(Duration.ofSeconds(60))).isTrue();

    batch.awaitCount(500);
    oneway.awaitCount(500);
  }

  @Test
  void theEndDoesNotWaitForEver() {
    storm.create(TOPIC);
    var slow = subscriber("slow");
    slow.answers.set(false);
    storm.subscribe(TOPIC, slow.proxy, Map.of());
    publish(TOPIC, 20);
    await("published", () -> storm.topic(TOPIC).published() == 20);

    assertThat(storm.stop(Duration.ofMillis(100))).isFalse();

    assertThat(storm.logger.lines())
        .contains(
            "warning: 20 events for 1 subscribers were not delivered within 100 ms at the end of"
                + " the service");
  }

  @Test
  void unknownQualityOfServiceIsWarnedOfOnce() {
    storm.create(TOPIC);
    var subscriber = subscriber("subscriber");

    storm.subscribe(TOPIC, subscriber.proxy, Map.of("persistent", "true", "retryCount", "1"));
    storm.create("other");

    assertThat(storm.logger.lines())
        .containsOnlyOnce(
            "warning: subscriber subscribers/subscriber of topic news: unknown quality of service"
                + " [persistent]");
  }

  @Test
  void aQueueWithoutLimitDropsNothing() {
    restart(
        TestDelivery.INSTANCE + ".Send.QueueSizeMax=0",
        TestDelivery.INSTANCE + ".Send.QueueSizeMaxPolicy=DropEvents");
    storm.create(TOPIC);
    var subscriber = subscriber("subscriber");
    subscriber.answers.set(false);
    storm.subscribe(TOPIC, subscriber.proxy, Map.of("reliability", "ordered"));
    publishFirstAlone(storm.publisher(storm.client(), TOPIC), subscriber, 2_000);

    subscriber.answerAll();

    subscriber.awaitCount(2_000);
    assertThat(subscriber.numbers()).isEqualTo(upTo(2_000));
  }
}
