package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ten thousand of everything; less of the reference, which stores one after the other. */
@EachImplementation
class StormScaleTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private Lab lab;
  private Implementation implementation;
  private int count;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
    count = implementation == Implementation.FIRN ? 10_000 : 1000;
  }

  /** Traces would list all subscribers with each new one. */
  private Storm quiet(String name) {
    return Storm.persistent(lab, implementation, name)
        .with("Trace.Topic", "0")
        .with("Trace.TopicManager", "0")
        .with("Trace.Subscriber", "0");
  }

  @Test
  void tenThousandTopics() {
    Storm storm = quiet("Many").start();
    // The answer to retrieveAll is close to the default limit.
    IceClient client =
        lab.client("Ice.MessageSizeMax=10000", "Ice.Default.InvocationTimeout=80000");
    storm.first().withGlobal("Ice.MessageSizeMax", "10000");
    Remote manager = storm.manager(client);
    client.ask("create_topics", Map.of("target", manager.target(), "prefix", "t", "count", count));
    storm.first().kill();
    storm.start();
    Json all = manager.call("retrieveAll");
    assertThat(all.has("t0")).isTrue();
    assertThat(all.has("t" + (count - 1))).isTrue();
    EventSubscriber subscriber = lab.client().subscriber("one");
    Remote topic = client.at("IceStorm.Topic", manager.call("retrieve", "t" + count / 2));
    topic.call("subscribeAndGetPublisher", Map.of(), subscriber.twoway());
    client.publish(storm.publisher(client, topic), "event", 0, 1);
    subscriber.awaitInOrder(0, 1);
    topic.call("destroy");
    storm.first().terminate();
  }

  @Test
  void tenThousandSubscribersOfATopic() {
    Storm storm = quiet("Popular").start();
    IceClient client = lab.client("Ice.Default.InvocationTimeout=80000");
    Remote topic = storm.topic(client, "popular");
    IceClient host = lab.client();
    host.adapter("Many", "Endpoints=tcp -h 127.0.0.1");
    host.activate("Many");
    List<String> proxies =
        host.ask("many_subscribers", Map.of("adapter", "Many", "count", count)).texts().stream()
            .map(proxy -> proxy.replaceFirst(" -t ", " -o "))
            .toList();
    client.ask("subscribe_many", Map.of("target", topic.target(), "proxies", proxies));
    assertThat(topic.call("getSubscribers").items()).hasSize(count);
    EventSubscriber many = new EventSubscriber(host, "many", "");
    client.publish(storm.publisher(client, topic), "event", 0, 3);
    Await.until(() -> many.count() + " events received", LIMIT, () -> many.count() >= 3L * count);
    assertThat(many.count()).isEqualTo(3L * count);
    topic.call("destroy");
    storm.first().terminate();
  }
}
