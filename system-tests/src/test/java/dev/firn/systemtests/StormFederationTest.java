package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Topics linked within one service: what passes a link, and how far. */
@EachStorm
class StormFederationTest {
  private static final int EVENTS = 10;

  private Lab lab;
  private Storm storm;
  private IceClient client;

  @Initializer
  void start(Lab lab, StormVariant variant) {
    this.lab = lab;
    storm = Storm.of(lab, variant).start();
    client = lab.client();
    storm.awaitServing(client);
  }

  private static void link(Remote from, Remote to, int cost) {
    from.call("link", proxyOf(to.proxy(), "IceStorm.Topic"), cost);
  }

  private EventSubscriber subscribe(Remote topic, String name) {
    EventSubscriber subscriber = lab.client().subscriber(name);
    topic.call("subscribeAndGetPublisher", Map.of("reliability", "ordered"), subscriber.twoway());
    return subscriber;
  }

  @Test
  void eventsPassOneLinkIfTheyCostNoMore() {
    Remote fed1 = storm.topic(client, "fed1");
    Remote fed2 = storm.topic(client, "fed2");
    Remote fed3 = storm.topic(client, "fed3");
    link(fed1, fed2, 10);
    link(fed2, fed3, 5);
    EventSubscriber at1 = subscribe(fed1, "at1");
    EventSubscriber at2 = subscribe(fed2, "at2");
    EventSubscriber at3 = subscribe(fed3, "at3");

    int number = 0;
    for (Map.Entry<Remote, List<String>> published :
        List.of(
            Map.entry(fed1, List.of("0", "10", "15")),
            Map.entry(fed2, List.of("0", "5")),
            Map.entry(fed3, List.of("0")))) {
      Remote publisher = storm.publisher(client, published.getKey());
      for (String cost : published.getValue()) {
        client.publish(publisher, "event", number, EVENTS, Map.of("context", Map.of("cost", cost)));
        number += EVENTS;
      }
    }
    // What comes last: a link delivers in order.
    client.publish(storm.publisher(client, fed1), "last", 1000, 1);
    client.publish(storm.publisher(client, fed2), "last", 1001, 1);
    client.publish(storm.publisher(client, fed3), "last", 1002, 1);

    at1.awaitCount(31);
    at2.awaitCount(42);
    at3.awaitCount(32);
    assertThat(at1.numbers()).containsExactlyInAnyOrderElementsOf(numbers(0, 10, 20, 1000));
    assertThat(at2.numbers())
        .containsExactlyInAnyOrderElementsOf(numbers(0, 10, 30, 40, 1000, 1001));
    assertThat(at3.numbers()).containsExactlyInAnyOrderElementsOf(numbers(30, 40, 50, 1001, 1002));
    // The cost travels with the event.
    assertThat(at2.received().get("details").items())
        .filteredOn(event -> event.get("op").text().equals("event"))
        .extracting(event -> event.get("context").get("cost").text())
        .contains("0", "10", "5");
    for (Remote topic : List.of(fed1, fed2, fed3)) {
      topic.call("destroy");
    }
  }

  /** Ten numbers from each start; one for those of 1000 and above. */
  private static List<Long> numbers(int... starts) {
    return java.util.Arrays.stream(starts)
        .boxed()
        .flatMap(start -> EventSubscriber.range(start, start >= 1000 ? 1 : EVENTS).stream())
        .toList();
  }

  @Test
  void aLinkOfNoCostPassesEverythingAndANegativeOneOnlyGifts() {
    Remote from = storm.topic(client, "costs");
    Remote free = storm.topic(client, "free");
    Remote negative = storm.topic(client, "negative");
    link(from, free, 0);
    link(from, negative, -5);
    EventSubscriber atFree = subscribe(free, "atFree");
    EventSubscriber atNegative = subscribe(negative, "atNegative");
    Remote publisher = storm.publisher(client, from);
    int number = 0;
    for (String cost : List.of("1000000", "nonsense", "0", "-5", "-4")) {
      client.publish(publisher, "event", number++, 1, Map.of("context", Map.of("cost", cost)));
    }
    client.publish(publisher, "last", number, 1, Map.of("context", Map.of("cost", "-9")));
    atFree.awaitInOrder(0, 6);
    atNegative.awaitCount(2);
    assertThat(atNegative.numbers()).containsExactly(3L, 5L);
    for (Remote topic : List.of(from, free, negative)) {
      topic.call("destroy");
    }
  }

  @Test
  void cyclesDoNotCarryEventsAround() {
    Remote one = storm.topic(client, "cycle1");
    Remote two = storm.topic(client, "cycle2");
    link(one, two, 0);
    link(two, one, 0);
    link(one, one, 0);
    EventSubscriber atOne = subscribe(one, "atOne");
    EventSubscriber atTwo = subscribe(two, "atTwo");
    client.publish(storm.publisher(client, one), "event", 0, 100);
    atTwo.awaitInOrder(0, 100);
    // Directly and over the link to itself.
    atOne.awaitCount(200);
    client.publish(storm.publisher(client, two), "event", 100, 1);
    atTwo.awaitInOrder(0, 101);
    atOne.awaitCount(201);
    assertThat(atOne.count()).isEqualTo(201);
    one.call("destroy");
    two.call("destroy");
  }

  @Test
  void aLinkToADestroyedTopicDisappears() {
    Remote from = storm.topic(client, "linked");
    Remote to = storm.topic(client, "vanishing");
    link(from, to, 0);
    to.call("destroy");
    Remote publisher = storm.publisher(client, from);
    Await.until(
        "the link is gone",
        () -> {
          client.publish(publisher, "event", 0, 1);
          return from.call("getSubscribers").items().isEmpty();
        });
    // Another replica may answer, which hears of the removal a moment later.
    Await.asserted(() -> assertThat(from.call("getLinkInfoSeq").items()).isEmpty());
    from.call("destroy");
  }

  @Test
  void thousandsOfEventsPassALinkInOrder() {
    Remote from = storm.topic(client, "many");
    Remote to = storm.topic(client, "manyTarget");
    link(from, to, 0);
    EventSubscriber subscriber = subscribe(to, "manySubscriber");
    Remote oneway = storm.publisher(client, from).changed("ice_oneway");
    client.publish(oneway, "event", 0, 5000);
    subscriber.awaitInOrder(0, 5000);
    from.call("destroy");
    to.call("destroy");
  }
}
