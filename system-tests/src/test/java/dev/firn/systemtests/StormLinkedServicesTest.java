package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A topic of one service linked to a topic of another, of either implementation. */
@EachStormPair
class StormLinkedServicesTest {
  private static final Pattern OFFLINE =
      Pattern.compile("-! .*Subscriber:Down/topic\\.fed1.*subscriber offline");

  private StormPair pair;
  private Lab lab;
  private Storm up;
  private Storm down;
  private IceClient client;
  private Remote from;
  private Remote to;
  private EventSubscriber subscriber;
  private int number;

  @Initializer
  void start(StormPair pair) {
    this.pair = pair;
  }

  @BeforeEach
  void link() {
    lab = new Lab();
    up = Storm.persistent(lab, pair.service(), "Up").with("Discard.Interval", "1");
    down = Storm.persistent(lab, pair.other(), "Down");
    up.with("InstanceName", "Up").start();
    down.with("InstanceName", "Down").start();
    client = lab.client();
    from = up.topic(client, "fed1");
    to = down.topic(client, "fed1");
    from.call("link", proxyOf(to.proxy(), "IceStorm.Topic"), 0);
    subscriber = lab.client().subscriber("far");
    to.call("subscribeAndGetPublisher", Map.of(), subscriber.twoway());
    number = 0;
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void publish() {
    client.publish(up.publisher(client, from), "event", number++, 1);
  }

  private void publishUntilReceived() {
    long before = subscriber.count();
    Await.until(
        "the link works",
        () -> {
          publish();
          return subscriber.count() > before;
        });
  }

  private long offlineWarnings() {
    return OFFLINE.matcher(up.first().console()).results().count();
  }

  @Test
  void aLinkIsThereAfterTheRestartOfEitherService() {
    publish();
    subscriber.awaitInOrder(0, 1);
    up.first().terminate();
    up.start();
    publish();
    subscriber.awaitInOrder(0, 2);
    down.first().terminate();
    down.start();
    publishUntilReceived();
    assertThat(from.call("getLinkInfoSeq").item(0).get("name").text()).isEqualTo("fed1");
  }

  @Test
  void aLinkIsOfflineWhileItsTargetIsDown() {
    publish();
    subscriber.awaitInOrder(0, 1);
    down.first().terminate();
    Await.until(
        "offline",
        () -> {
          publish();
          return offlineWarnings() > 0;
        });
    // Longer than the discard interval: only the first failure in a row is a warning.
    Await.until(
        "it fails again",
        () -> {
          publish();
          return up.first().console().contains("retry: 2/");
        });
    assertThat(offlineWarnings()).isEqualTo(1);
    assertThat(from.call("getLinkInfoSeq").items()).hasSize(1);
    down.start();
    publishUntilReceived();
    assertThat(offlineWarnings()).isEqualTo(1);
    // In working order again: the next failure is the first in a row.
    down.first().terminate();
    Await.until(
        "offline again",
        () -> {
          publish();
          return offlineWarnings() > 1;
        });
  }

  @Test
  void aLinkToAServiceThatForgotItsTopicVanishes() {
    down.first().terminate();
    try (Stream<Path> files = Files.list(down.first().database())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
    down.start();
    Await.until(
        "the link is gone",
        () -> {
          publish();
          return from.call("getSubscribers").items().isEmpty();
        });
    up.first().terminate();
    up.start();
    assertThat(from.call("getSubscribers").items()).isEmpty();
  }

  @Test
  void eventsPassInOrderAndInNumbers() {
    EventSubscriber ordered = lab.client().subscriber("ordered");
    to.call("subscribeAndGetPublisher", Map.of("reliability", "ordered"), ordered.twoway());
    Remote oneway = up.publisher(client, from).changed("ice_oneway");
    client.publish(
        oneway, "event", 0, 5000, Map.of("padding", 50, "context", Map.of("key", "value")));
    ordered.awaitInOrder(0, 5000);
    subscriber.awaitAll(0, 5000);
    Json event = ordered.received().get("details").item(7);
    assertThat(event.get("op").text()).isEqualTo("event");
    assertThat(event.get("context").get("key").text()).isEqualTo("value");
    assertThat(event.get("data").text()).isEqualTo("3c0000000101" + "07000000" + "00".repeat(50));
  }
}
