package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Topics, subscribers and links outlive their process, however it ends. */
@EachImplementation
class StormPersistenceTest {
  private Lab lab;
  private Implementation implementation;
  private int services;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
  }

  private Storm service() {
    return Storm.persistent(lab, implementation, "Persistent" + ++services).start();
  }

  @Test
  void topicsSubscribersAndLinksAreThereAfterARestart() {
    Storm storm = service();
    IceClient client = lab.client();
    EventSubscriber subscriber = lab.client().subscriber("kept");
    List<Remote> topics = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      topics.add(storm.topic(client, "topic" + i));
      topics.get(i).call("subscribeAndGetPublisher", Map.of(), subscriber.as("-o"));
      if (i > 0) {
        topics.get(i - 1).call("link", proxyOf(topics.get(i).proxy(), "IceStorm.Topic"), i);
      }
    }
    Json before = storm.content(client, storm.first());
    assertThat(before.get("topic3").get("subscribers").texts())
        .containsExactly("IceStorm/topic.topic4", "kept");

    for (boolean orderly : List.of(true, false)) {
      if (orderly) {
        storm.first().terminate();
      } else {
        storm.first().kill();
      }
      storm.start();
      assertThat(storm.content(client, storm.first())).isEqualTo(before);
    }
    int number = 0;
    for (Remote topic : topics) {
      // Each event is also passed to the next topic: its subscriber is the same one.
      client.publish(storm.publisher(client, topic), "event", number++, 1);
    }
    subscriber.awaitCount(19);
    assertThat(topics.get(0).failure("subscribeAndGetPublisher", Map.of(), subscriber.twoway()))
        .extracting(IceFailure::type)
        .isEqualTo("IceStorm.AlreadySubscribed");
    storm.first().terminate();
  }

  @Test
  void whatWasRemovedStaysRemoved() {
    Storm storm = service();
    IceClient client = lab.client();
    Remote one = storm.topic(client, "one");
    Remote two = storm.topic(client, "two");
    Map<String, Object> leaving = proxyOf("leaving:tcp -h 127.0.0.1 -p 1");
    Map<String, Object> longer = proxyOf("a-much-longer-category/staying:tcp -h 127.0.0.1 -p 1");
    one.call("subscribeAndGetPublisher", Map.of(), leaving);
    one.call("subscribeAndGetPublisher", Map.of(), longer);
    one.call("link", proxyOf(two.proxy(), "IceStorm.Topic"), 1);
    one.call("unlink", proxyOf(two.proxy(), "IceStorm.Topic"));
    one.call("unsubscribe", leaving);
    two.call("destroy");
    storm.first().kill();
    storm.start();
    assertThat(storm.content(client, storm.first()))
        .isEqualTo(
            Json.parse(
                "{\"one\": {\"subscribers\": [\"a-much-longer-category/staying\"],"
                    + " \"links\": {}}}"));
    one.call("unsubscribe", longer);
    one.call("destroy");
    storm.first().kill();
    storm.start();
    assertThat(storm.content(client, storm.first())).isEqualTo(new Json(Map.of()));
    storm.first().terminate();
  }

  @Test
  void whatWasAcknowledgedSurvivesAKillInTheMiddleOfUpdates() {
    Storm storm = service();
    IceClient client = lab.client();
    Remote manager = storm.manager(client);
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      List<CompletableFuture<Json>> running = new ArrayList<>();
      int first = round * 1000;
      for (int i = 0; i < 200; i++) {
        running.add(manager.begin("create", "t" + (first + i)));
      }
      Await.until(
          "some are acknowledged",
          () -> running.stream().filter(CompletableFuture::isDone).count() > 20);
      storm.first().kill();
      for (int i = 0; i < running.size(); i++) {
        try {
          PythonClient.await(running.get(i));
          acknowledged.add("t" + (first + i));
        } catch (IceFailure unknown) {
          // May be there or not.
        }
      }
      storm.start();
      Json topics = manager.call("retrieveAll");
      for (String name : acknowledged) {
        assertThat(topics.has(name)).as(name).isTrue();
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(60);
    storm.first().terminate();
  }

  @Test
  void aSecondProcessDoesNotGetTheDatabase() {
    Storm storm = service();
    IceClient client = lab.client();
    storm.topic(client, "mine");
    StormProcess second =
        lab.storm(implementation, storm.first().name(), "second")
            .with("LMDB.Path", storm.first().database().toString())
            .begin();
    assertThat(second.awaitExit()).isNotZero();
    assertThat(second.console())
        .contains("exception while starting IceStorm service " + storm.first().name());
    assertThat(storm.manager(client).call("retrieve", "mine").isNull()).isFalse();
    storm.first().terminate();
  }
}
