package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.IceInternal.MetricsAdminI;
import com.zeroc.IceMX.Metrics;
import com.zeroc.IceMX.SubscriberMetrics;
import com.zeroc.IceMX.TopicMetrics;
import com.zeroc.IceMX.UnknownMetricsView;
import com.zeroc.IceStorm.EventData;
import com.zeroc.IceStorm.TopicInternalPrx;
import com.zeroc.IceStorm.TopicPrx;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StormMetricsTest {
  private static final int EVENTS = 25;
  private static final Current ANY = new Current();

  private final TestStorm storm =
      TestStorm.inMemory()
          .property("Ice.Admin.Enabled", "1")
          .property("IceMX.Metrics.Id.GroupBy", "id")
          .property("IceMX.Metrics.State.Map.Subscriber.GroupBy", "state")
          .property(
              "IceMX.Metrics.Qos.Map.Subscriber.GroupBy", "qos.retryCount mode topic service");

  @AfterEach
  void stop() {
    storm.close();
  }

  @Test
  void eventsAreCountedAndGaugesReturnToZero() throws Exception {
    storm.start();
    TopicPrx topic = storm.manager().create("a");
    TopicPrx linked = storm.manager().create("b");
    topic.link(linked, 0);
    topic.subscribeAndGetPublisher(Map.of("retryCount", "-1"), subscriber("gone"));
    publish(topic);

    awaitTopic("a", metrics -> metrics.published == EVENTS && metrics.current == 1);
    awaitTopic("b", metrics -> metrics.forwarded == EVENTS && metrics.published == 0);
    awaitSubscriber(
        "State",
        "offline",
        metrics -> metrics.current == 1 && metrics.queued == 0 && metrics.outstanding == 0);
    awaitSubscriber("State", "online", metrics -> metrics.delivered == EVENTS);
    awaitSubscriber("Qos", "-1 twoway a IceStorm", metrics -> metrics.delivered == 0);
    topic.destroy();
    awaitTopic("a", metrics -> metrics.current == 0 && metrics.published == EVENTS);
    awaitSubscriber("State", "offline", metrics -> metrics.current == 0);
  }

  @Test
  void whatIsForwardedInOneCallIsCountedByEvents() throws Exception {
    storm.start();
    TopicPrx topic = storm.manager().create("a");
    EventData[] events = new EventData[5];
    Arrays.setAll(
        events,
        i -> new EventData("event", OperationMode.Normal, new byte[] {6, 0, 0, 0, 1, 1}, Map.of()));

    TopicInternalPrx.uncheckedCast(topic).getLinkProxy().forward(events);

    awaitTopic("a", metrics -> metrics.forwarded == events.length);
  }

  @Test
  void aViewThatIsEnabledLaterCountsFromThenOn() throws Exception {
    storm.property("IceMX.Metrics.Id.Disabled", "1").start();
    TopicPrx topic = storm.manager().create("a");
    publish(topic);
    admin().enableMetricsView("Id", ANY);
    awaitTopic("a", metrics -> metrics.current == 1 && metrics.published == 0);
    publish(topic);
    awaitTopic("a", metrics -> metrics.published == EVENTS);
  }

  @Test
  void whatIsAnsweredIsCounted() throws Exception {
    storm
        .property("IceMX.Metrics.Later.GroupBy", "id")
        .property("IceMX.Metrics.Later.Disabled", "1");
    storm.start();
    TopicPrx topic = storm.manager().create("a");
    topic.subscribeAndGetPublisher(Map.of(), subscriber("s"));

    assertThat(metrics("Id", "Topic", "a").current).isEqualTo(1);
    assertThat(metrics("State", "Subscriber", "online").current).isEqualTo(1);
    topic.unsubscribe(subscriber("s"));
    assertThat(metrics("State", "Subscriber", "online").current).isZero();
    publish(topic);
    assertThat(((TopicMetrics) metrics("Id", "Topic", "a")).published).isEqualTo(EVENTS);
    admin().enableMetricsView("Later", ANY);
    publish(topic);
    assertThat(((TopicMetrics) metrics("Later", "Topic", "a")).published).isEqualTo(EVENTS);
    topic.destroy();
    assertThat(metrics("Id", "Topic", "a").current).isZero();
  }

  @Test
  void whatWaitsForSubscriberIsCountedAtOnce() throws Exception {
    storm.start();
    TopicPrx topic = storm.manager().create("a");
    EventSubscriber hanging = new EventSubscriber(storm.client(), "hanging").active();
    hanging.answers.set(false);
    topic.subscribeAndGetPublisher(Map.of("reliability", "ordered"), hanging.proxy);
    publish(topic);

    var metrics = (SubscriberMetrics) metrics("State", "Subscriber", "online");
    assertThat(metrics.queued + metrics.outstanding).isEqualTo(EVENTS);
    assertThat(metrics.delivered).isZero();
    hanging.answerAll();
  }

  @Test
  void whoHadEventsUnderWayWhenRemovedIsNotCountedAgain() throws Exception {
    storm.start();
    TopicPrx topic = storm.manager().create("a");
    EventSubscriber hanging = new EventSubscriber(storm.client(), "hanging").active();
    topic.subscribeAndGetPublisher(Map.of(), hanging.proxy);
    publish(topic);
    awaitSubscriber("State", "online", metrics -> metrics.delivered == EVENTS);
    hanging.answers.set(false);
    publish(topic);
    EventSubscriber.await("an event under way", () -> hanging.received.size() > EVENTS);
    topic.unsubscribe(hanging.proxy);
    hanging.answerAll();
    EventSubscriber other = new EventSubscriber(storm.client(), "other").active();
    topic.subscribeAndGetPublisher(Map.of(), other.proxy);
    publish(topic);
    EventSubscriber.await("all events", () -> other.received.size() == EVENTS);
    awaitSubscriber(
        "State",
        "online",
        metrics -> metrics.delivered >= 2 * EVENTS && metrics.queued + metrics.outstanding == 0);
    var metrics = (SubscriberMetrics) metrics("State", "Subscriber", "online");
    assertThat(metrics.delivered).isEqualTo(2L * EVENTS);
    assertThat(metrics.current).isEqualTo(1);
  }

  @Test
  void withTheServiceItsMapsAreGone() throws Exception {
    storm.start();
    storm.manager().create("a");
    awaitTopic("a", metrics -> true);
    storm.stop();
    assertThat(admin().getMetricsView("Id", ANY).returnValue).doesNotContainKey("Topic");
  }

  private static void publish(TopicPrx topic) {
    ObjectPrx publisher = topic.getPublisher();
    for (int i = 0; i < EVENTS; i++) {
      publisher.ice_invoke("event", OperationMode.Normal, new byte[0]);
    }
  }

  private ObjectPrx subscriber(String name) {
    return storm.client().stringToProxy(name + ":tcp -h 127.0.0.1 -p 9");
  }

  private void awaitTopic(String id, Predicate<TopicMetrics> condition) {
    Eventually.await(
        "metrics of topic " + id,
        () ->
            find("Id", "Topic", id)
                .filter(metrics -> condition.test((TopicMetrics) metrics))
                .isPresent());
  }

  private void awaitSubscriber(String view, String id, Predicate<SubscriberMetrics> condition) {
    Eventually.await(
        "metrics of subscribers " + id,
        () ->
            find(view, "Subscriber", id)
                .filter(metrics -> condition.test((SubscriberMetrics) metrics))
                .isPresent());
  }

  private Optional<Metrics> find(String view, String map, String id) {
    try {
      Metrics[] all =
          admin().getMetricsView(view, ANY).returnValue.getOrDefault(map, new Metrics[0]);
      return Arrays.stream(all).filter(metrics -> metrics.id.equals(id)).findFirst();
    } catch (UnknownMetricsView e) {
      return Optional.empty();
    }
  }

  private Metrics metrics(String view, String map, String id) {
    return find(view, map, id).orElseThrow();
  }

  private MetricsAdminI admin() {
    return (MetricsAdminI) storm.communicator().findAdminFacet("Metrics");
  }
}
