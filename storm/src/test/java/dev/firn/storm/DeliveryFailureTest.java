package dev.firn.storm;

import static dev.firn.storm.EventSubscriber.await;
import static dev.firn.storm.EventSubscriber.numbered;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OperationNotExistException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryFailureTest {
  private static final String TOPIC = "news";

  private TestDelivery storm =
      new TestDelivery(
          TestDelivery.INSTANCE + ".Trace.Subscriber=1",
          TestDelivery.INSTANCE + ".Flush.Timeout=20");

  @AfterEach
  void close() {
    storm.close();
  }

  private void restart(String... options) {
    storm.close();
    storm = new TestDelivery(options);
  }

  private void publish(int number) {
    var client = storm.communicator;
    storm
        .publisher(client, TOPIC)
        .ice_collocationOptimized(false)
        .ice_invoke("event", OperationMode.Normal, numbered(client, number));
  }

  /** A subscriber that no longer listens. */
  private ObjectPrx gone(String name) {
    var subscriber = storm.subscriber(name).active();
    subscriber.adapter.destroy();
    return subscriber.proxy;
  }

  @Test
  void deadSubscribersOfEveryModeAreRemovedByTheFirstEvent() {
    storm.create(TOPIC);
    ObjectPrx oneway = gone("oneway").ice_oneway();
    ObjectPrx twoway = gone("twoway");
    ObjectPrx batch = gone("batch").ice_batchOneway();
    for (ObjectPrx subscriber : new ObjectPrx[] {oneway, twoway, batch}) {
      storm.subscribe(TOPIC, subscriber, Map.of());
    }

    publish(1);

    for (ObjectPrx subscriber : new ObjectPrx[] {oneway, twoway, batch}) {
      await("removed", () -> !storm.isSubscribed(TOPIC, subscriber));
    }
    awaitLine(
        "Subscriber: subscribers/oneway subscriber errored out:"
            + " ::Ice::ConnectionRefusedException: Connection refused retry: 0/0");
    assertThat(storm.logger.lines()).noneMatch(line -> line.startsWith("warning"));
  }

  @Test
  void perSubscriberPublisherAlsoFindsTheDead() {
    storm.create(TOPIC);
    ObjectPrx dead = gone("dead").ice_oneway();
    storm.subscribe(TOPIC, dead, Map.of());
    ObjectPrx alone = storm.publisher(storm.client(), TOPIC, dead);

    alone.ice_ping();

    await("removed", () -> !storm.isSubscribed(TOPIC, dead));
    assertThatThrownBy(alone::ice_ping).isInstanceOf(ObjectNotExistException.class);
  }

  @Test
  void objectThatIsGoneIsNotTriedAgain() {
    storm.create(TOPIC);
    var subscriber = storm.subscriber("subscriber").active();
    subscriber.adapter.remove(subscriber.proxy.ice_getIdentity());
    storm.subscribe(TOPIC, subscriber.proxy.ice_facet("other"), Map.of("retryCount", "-1"));
    subscriber.adapter.removeFacet(subscriber.proxy.ice_getIdentity(), "facet");

    publish(1);

    await("removed", () -> !storm.isSubscribed(TOPIC, subscriber.proxy));
  }

  /** Longer than it would take to find out that nobody listens: nobody is to find out. */
  @Test
  void whoeverIsAwayBetweenTwoEventsStaysSubscribed() throws InterruptedException {
    storm.create(TOPIC);
    List<EventSubscriber> subscribers =
        List.of(storm.subscriber("oneway").active(), storm.subscriber("twoway").active());
    storm.subscribe(TOPIC, subscribers.get(0).proxy.ice_oneway(), Map.of());
    storm.subscribe(TOPIC, subscribers.get(1).proxy, Map.of());
    publish(1);
    subscribers.forEach(subscriber -> subscriber.awaitCount(1));

    subscribers.forEach(subscriber -> subscriber.adapter.destroy());
    TimeUnit.SECONDS.sleep(4);
    assertThat(storm.reaped).isEmpty();
    subscribers.forEach(this::comeBack);

    publish(2);
    subscribers.forEach(subscriber -> subscriber.awaitCount(2));
  }

  @Test
  void whoeverStaysAwayIsRemovedByAnEvent() {
    storm.create(TOPIC);
    EventSubscriber subscriber = storm.subscriber("subscriber").active();
    storm.subscribe(TOPIC, subscriber.proxy.ice_oneway(), Map.of());
    publish(1);
    subscriber.awaitCount(1);

    subscriber.adapter.destroy();

    publishUntil(() -> !storm.isSubscribed(TOPIC, subscriber.proxy));
  }

  @Test
  void whomAReplicaWithoutAGroupDoesNotReachStaysAndIsServedAgain() {
    storm.create(TOPIC);
    EventSubscriber subscriber = storm.subscriber("subscriber").active();
    storm.subscribe(TOPIC, subscriber.proxy, Map.of());
    subscriber.adapter.destroy();
    storm.group = TopicEngine.NO_GROUP;

    publishUntil(() -> view(subscriber).state() == SubscriberState.OFFLINE);
    storm.group = 2;
    comeBack(subscriber);

    publishUntil(() -> !subscriber.received.isEmpty());
    assertThat(storm.reaped).isEmpty();
  }

  @Test
  void aDeliveryThatBeganInAnotherGroupJudgesNobody() {
    storm.create(TOPIC);
    EventSubscriber subscriber = storm.subscriber("subscriber").active();
    subscriber.answers.set(false);
    storm.subscribe(TOPIC, subscriber.proxy, Map.of());
    publish(1);
    subscriber.awaitCount(1);

    storm.group = 2;
    requireNonNull(subscriber.connection.get()).close(ConnectionClose.Forcefully);
    await("offline", () -> view(subscriber).state() == SubscriberState.OFFLINE);
    subscriber.answerAll();

    publishUntil(() -> subscriber.received.size() > 1);
    assertThat(storm.reaped).isEmpty();
  }

  @Test
  void whoWasGivenUpInAnotherGroupIsJudgedAnew() {
    storm.create(TOPIC);
    EventSubscriber subscriber = storm.subscriber("subscriber").active();
    storm.subscribe(TOPIC, subscriber.proxy, Map.of());
    subscriber.adapter.destroy();
    storm.forgetting.set(true);
    publish(1);
    await("given up", () -> view(subscriber).state() == SubscriberState.REAPED);
    comeBack(subscriber);

    storm.group = 2;
    publish(2);

    subscriber.awaitCount(1);
    assertThat(view(subscriber).state()).isEqualTo(SubscriberState.ONLINE);
    assertThat(storm.reaped).isEmpty();
  }

  /** What was delivered over a connection that is closed counts from the start, oneway too. */
  @Test
  void aOnewaySubscriberThatWasServedBetweenMayFailAgain() {
    restart(TestDelivery.INSTANCE + ".Discard.Interval=2");
    storm.create(TOPIC);
    EventSubscriber subscriber = storm.subscriber("subscriber").active();
    storm.subscribe(TOPIC, subscriber.proxy.ice_oneway(), Map.of("retryCount", "1"));
    publish(1);
    subscriber.awaitCount(1);
    subscriber.adapter.destroy();
    publishUntil(() -> view(subscriber).state() == SubscriberState.OFFLINE);

    ObjectAdapter again = comeBack(subscriber);
    publishUntil(() -> subscriber.received.size() > 1);
    again.destroy();
    publishUntil(
        () ->
            !storm.isSubscribed(TOPIC, subscriber.proxy)
                || view(subscriber).state() == SubscriberState.OFFLINE);

    assertThat(storm.reaped).isEmpty();
  }

  @Test
  void whoFailsWhileTheServiceEndsHoldsItUpNoLonger() {
    storm.create(TOPIC);
    EventSubscriber subscriber = storm.subscriber("subscriber").active();
    subscriber.answers.set(false);
    storm.subscribe(TOPIC, subscriber.proxy, Map.of("retryCount", "-1"));
    for (int i = 0; i < 5; i++) {
      publish(i);
    }
    subscriber.awaitCount(5);

    requireNonNull(subscriber.connection.get()).close(ConnectionClose.Forcefully);

    assertThat(storm.stop(Duration.ofSeconds(30))).isTrue();
  }

  private ObjectAdapter comeBack(EventSubscriber subscriber) {
    ObjectAdapter again =
        storm
            .client()
            .createObjectAdapterWithEndpoints(
                "again" + subscriber.proxy.ice_getIdentity().name,
                Arrays.stream(subscriber.proxy.ice_getEndpoints())
                    .map(Object::toString)
                    .collect(Collectors.joining(":")));
    again.add(subscriber, subscriber.proxy.ice_getIdentity());
    again.activate();
    return again;
  }

  /** The log follows the state: it is written outside the subscriber's lock. */
  private void awaitLine(String line) {
    await("logged: " + line, () -> storm.logger.lines().contains(line));
  }

  @Test
  void failureThatMayPassMakesOfflineForAWhile() {
    restart(
        TestDelivery.INSTANCE + ".Trace.Subscriber=1",
        TestDelivery.INSTANCE + ".Discard.Interval=2");
    storm.create(TOPIC);
    var subscriber = storm.subscriber("subscriber").active();
    subscriber.failure = new OperationNotExistException();
    storm.subscribe(TOPIC, subscriber.proxy, Map.of("retryCount", "2"));

    publish(1);
    await("offline", () -> view(subscriber).state() == SubscriberState.OFFLINE);
    publish(2);
    assertThat(view(subscriber).queued()).isZero();
    awaitLine(
        "warning: Subscriber:subscribers/subscriber subscriber offline:"
            + " ::Ice::OperationNotExistException discarding events: 2s retryCount: 2");
    assertThat(storm.logger.lines()).filteredOn(line -> line.startsWith("warning")).hasSize(1);
    // Others may have left before the answer to the second came.
    publishUntil(() -> subscriber.received.size() >= 2);
    await("offline again", () -> view(subscriber).state() == SubscriberState.OFFLINE);
    awaitLine(
        "Subscriber: subscribers/subscriber subscriber offline:"
            + " ::Ice::OperationNotExistException discarding events: 2s retry: 2/2");

    subscriber.failure = null;
    publishUntil(() -> view(subscriber).delivered() > 0);

    // It may fail twice again: a success counts from the start.
    subscriber.failure = new OperationNotExistException();
    publishUntil(() -> view(subscriber).state() == SubscriberState.OFFLINE);
    assertThat(storm.reaped).isEmpty();
  }

  @Test
  void userExceptionIsAnAnswerLikeAnyOther() {
    storm.create(TOPIC);
    var subscriber = storm.subscriber("subscriber").active();
    subscriber.userException = true;
    storm.subscribe(TOPIC, subscriber.proxy, Map.of());

    publish(1);
    publish(2);

    await("delivered", () -> view(subscriber).delivered() == 2);
    assertThat(view(subscriber).state()).isEqualTo(SubscriberState.ONLINE);
  }

  @Test
  void batchSubscriberIsServedAgainAfterFailure() {
    restart(
        TestDelivery.INSTANCE + ".Discard.Interval=0", TestDelivery.INSTANCE + ".Flush.Timeout=10");
    storm.create(TOPIC);
    var subscriber = storm.subscriber("subscriber").active();
    ObjectPrx batch = subscriber.proxy.ice_batchOneway();
    storm.subscribe(TOPIC, batch, Map.of("retryCount", "-1"));
    publish(1);
    subscriber.awaitCount(1);
    String endpoints = subscriber.adapter.getEndpoints()[0].toString();
    subscriber.adapter.destroy();
    publish(2);
    await(
        "offline",
        () ->
            storm.logger.lines().stream()
                .anyMatch(line -> line.contains("subscriber offline: ::Ice::Connection")));

    var again =
        subscriber.proxy.ice_getCommunicator().createObjectAdapterWithEndpoints("again", endpoints);
    again.add(subscriber, subscriber.proxy.ice_getIdentity());
    again.activate();

    publishUntil(() -> subscriber.received.size() > 2);
  }

  @Test
  void closedConnectionAloneIsNoProofOfDeath() {
    storm.create(TOPIC);
    var subscriber = storm.subscriber("subscriber").active();
    storm.subscribe(TOPIC, subscriber.proxy.ice_oneway(), Map.of());
    publish(1);
    subscriber.awaitCount(1);

    for (int i = 0; i < 10; i++) {
      int before = subscriber.received.size();
      requireNonNull(subscriber.connection.get()).close(ConnectionClose.Gracefully);
      // One that is written just then may be lost, as it is oneway.
      publishUntil(() -> subscriber.received.size() > before);
    }

    assertThat(storm.isSubscribed(TOPIC, subscriber.proxy)).isTrue();
    assertThat(view(subscriber).state()).isEqualTo(SubscriberState.ONLINE);
  }

  @Test
  void linkToDestroyedTopicIsRemoved() {
    try (var target = new TestDelivery()) {
      storm.create(TOPIC);
      target.create("other");
      storm.link(TOPIC, "other", target, 0);
      target.destroy("other");

      publish(1);

      await("removed", () -> storm.topic(TOPIC).subscribers().isEmpty());
    }
  }

  @Test
  void linkToStoppedServiceGoesOfflineAndWorksAgain() {
    restart(TestDelivery.INSTANCE + ".Discard.Interval=1");
    storm.create(TOPIC);
    try (var target = new TestDelivery()) {
      target.create("other");
      storm.link(TOPIC, "other", target, 0);
    }

    publish(1);

    await(
        "offline",
        () ->
            storm.logger.lines().stream()
                .anyMatch(
                    line ->
                        line.startsWith(
                            "warning: Subscriber:TestStorm/topic.other subscriber"
                                + " offline: ")));
    assertThat(storm.topic(TOPIC).subscribers()).hasSize(1);
    assertThat(storm.reaped).isEmpty();
  }

  @Test
  void subscriberThatCannotBeDecodedHarmsNobody() {
    storm.create(TOPIC);
    var subscriber = storm.subscriber("subscriber").active();
    storm.subscribe(TOPIC, subscriber.proxy, Map.of("reliability", "broken"));
    var other = storm.subscriber("other").active();
    storm.subscribe(TOPIC, other.proxy, Map.of());

    publish(1);

    other.awaitCount(1);
    assertThat(storm.logger.lines())
        .contains(
            "warning: news recreate subscribers/subscriber failed: invalid reliability: broken;"
                + " nothing is delivered to it, unsubscribe it");
  }

  private SubscriberView view(EventSubscriber subscriber) {
    return storm.view(TOPIC, subscriber.proxy);
  }

  private void publishUntil(BooleanSupplier condition) {
    await(
        "published until it is so",
        () -> {
          publish(100);
          return condition.getAsBoolean();
        });
  }
}
