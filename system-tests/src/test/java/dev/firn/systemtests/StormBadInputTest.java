package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What strangers send to the ports of a replica harms nobody but themselves. */
@EachImplementation
class StormBadInputTest {
  private static final Duration CLOSED_WITHIN = Await.LIMIT;
  private static final int REQUEST = 0;
  private static final int BATCH_REQUEST = 1;

  private Implementation implementation;
  private Lab lab;
  private Storm storm;
  private IceClient client;
  private EventSubscriber subscriber;
  private int published;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
    published = 0;
    StormMix three = StormMix.of(implementation, implementation, implementation);
    storm = Storm.replicated(lab, three).start();
    client = lab.client();
    storm.awaitServing(client);
    subscriber = lab.client().subscriber("witness");
    storm
        .topic(client, "witnessed")
        .call("subscribeAndGetPublisher", Map.of("reliability", "ordered"), subscriber.twoway());
  }

  /** Updates, reads and events, at a replica of each role; nobody left the group. */
  @AfterEach
  void theServiceWorks() {
    IceClient next = lab.client();
    for (StormProcess replica : storm.replicas()) {
      Remote manager = storm.manager(next, replica);
      manager.call("create", "works");
      storm.topicAt(next, replica, "works").call("destroy");
      Remote publisher = storm.publisherAt(next, replica, "witnessed");
      next.publish(publisher, "event", published++, 1);
      subscriber.awaitCount(published);
    }
    assertThat(subscriber.numbers()).isEqualTo(EventSubscriber.range(0, published));
    next.close();
  }

  private List<Integer> ports() {
    StormProcess replica = storm.first();
    return List.of(replica.managerPort(), replica.publishPort(), replica.nodePort());
  }

  private void expectClosed(String what, byte[] bytes) {
    for (int port : ports()) {
      try (RawConnection connection = new RawConnection(port)) {
        connection.awaitValidation().send(bytes);
        assertThat(connection.isClosedWithin(CLOSED_WITHIN))
            .as("%s on port %d", what, port)
            .isTrue();
      }
    }
  }

  @Test
  void garbageEndsTheConnection() {
    byte[] garbage = new byte[4096];
    new Random(7).nextBytes(garbage);
    expectClosed("random bytes", garbage);
    expectClosed("zeros", new byte[64]);
    byte[] protocol = RawConnection.message(REQUEST);
    protocol[4] = 9;
    expectClosed("unknown protocol", protocol);
    expectClosed("unknown message type", RawConnection.message(77));
    expectClosed("negative size", RawConnection.message(REQUEST, -1));
  }

  @Test
  void malformedRequestsHarmOnlyTheirSender() {
    byte[] endless = new byte[40];
    Arrays.fill(endless, (byte) 0xff);
    for (byte[] body : List.of(new byte[0], new byte[] {1, 0, 0, 0}, endless)) {
      for (int port : ports()) {
        try (RawConnection connection = new RawConnection(port)) {
          connection.awaitValidation().send(RawConnection.message(REQUEST, body));
          connection.send(RawConnection.message(BATCH_REQUEST, body));
          connection.endOutput();
          assertThat(connection.isClosedWithin(CLOSED_WITHIN)).isTrue();
        }
      }
    }
  }

  @Test
  void stalledAndIdleConnectionsHoldUpNobody() {
    List<RawConnection> open = new ArrayList<>();
    for (int port : ports()) {
      open.add(new RawConnection(port).send(new byte[] {'I', 'c', 'e'}));
      RawConnection half = new RawConnection(port).awaitValidation();
      open.add(half.send(RawConnection.message(REQUEST, 5000, new byte[9])));
      for (int i = 0; i < 100; i++) {
        open.add(new RawConnection(port));
      }
    }
    theServiceWorks();
    open.forEach(RawConnection::close);
  }

  private Remote node(StormProcess replica) {
    return new StormGroup(storm, client).node(replica);
  }

  private static Map<String, Object> llu(long generation) {
    return Map.of(
        "$struct", "IceStormElection.LogUpdate", "generation", generation, "iteration", 0);
  }

  @Test
  void unknownNodesAreNotListenedTo() {
    for (StormProcess replica : storm.replicas()) {
      Remote node = node(replica);
      node.call("invitation", 99, "99:a-group");
      node.call("accept", 99, "99:a-group", List.of(), proxyOf("o:tcp -p 1"), llu(1), 3);
      ready(node, 99, "99:a-group", proxyOf("c:tcp -h 127.0.0.1 -p 1"));
      assertThat(node.call("areYouThere", "99:a-group", 99).bool()).isFalse();
      replica.awaitConsole("ignoring invitation from unknown node 99");
      replica.awaitConsole("ignoring accept from unknown node 99");
    }
  }

  @Test
  void answersToQuestionsOfAnotherGroupAreIgnored() {
    Json before = node(storm.last()).call("query");
    for (StormProcess replica : storm.replicas()) {
      Remote node = node(replica);
      node.call("accept", 1, "1:old", List.of(), proxyOf("o:tcp -h 127.0.0.1 -p 1"), llu(9), 3);
      node.call("accept", 2, "", List.of(-1, 77), null, llu(-1), -4);
      ready(node, 1, "1:old", proxyOf("c:tcp -h 127.0.0.1 -p 1"));
      ready(node, 2, "2:old", null);
      assertThat(node.call("areYouThere", "1:old", 1).bool()).isFalse();
    }
    assertThat(node(storm.last()).call("query").get("group")).isEqualTo(before.get("group"));
  }

  /** Ignored, or refused with the reason. */
  private static void ready(
      Remote node, int from, String group, @Nullable Map<String, Object> coordinator) {
    try {
      node.call("ready", from, group, coordinator, 3, 9);
    } catch (IceFailure refused) {
      assertThat(refused.type()).isEqualTo("Ice.UnknownException");
    }
  }

  @Test
  void replicasTellOfThemselves() {
    List<Long> coordinators = new ArrayList<>();
    for (StormProcess replica : storm.replicas()) {
      Json nodes = node(replica).call("nodes");
      assertThat(nodes.items())
          .extracting(info -> info.get("id").number())
          .containsExactly(1L, 2L, 3L);
      Json info = node(replica).call("query");
      assertThat(info.get("state").text()).isEqualTo("NodeStateNormal");
      assertThat(info.get("max").number()).isEqualTo(3);
      assertThat(info.get("replica").identity()).isEqualTo("IceStorm/TopicManager");
      coordinators.add(info.get("coord").number());
      Json named =
          client.at("IceStorm.TopicManagerInternal", replica.manager()).call("getReplicaNode");
      assertThat(Cluster.ports(named.proxy())).containsExactly(replica.nodePort());
    }
    assertThat(coordinators.stream().distinct()).hasSize(1);
  }

  @Test
  @FirnOnly
  @Tag("reference-defect")
  void reapingForStrangersIsHarmless() {
    assumeThat(implementation).isEqualTo(Implementation.FIRN);
    for (StormProcess replica : storm.replicas()) {
      Remote topic =
          client.at(
              "IceStorm.TopicInternal", "IceStorm/topic.witnessed:" + replica.managerEndpoint());
      for (List<Object> ids :
          List.<List<Object>>of(
              List.of(),
              List.of(identityOf("nobody")),
              List.of(Map.of("$struct", "Ice.Identity")))) {
        try {
          topic.call("reap", ids);
        } catch (IceFailure refused) {
          // By a slave, or for an identity that is none.
          assertThat(refused.type()).isIn("IceStorm.ReapWouldBlock", "Ice.UnknownException");
        }
      }
      assertThat(topic.call("getSubscribers").items()).hasSize(1);
    }
  }

  @Test
  void forwardedEventsMayBeAnything() {
    Remote link =
        client.at(
            "IceStorm.TopicLink", "IceStorm/witnessed.link:" + storm.first().publishEndpoint());
    link.call("forward", List.of());
    assertThat(
            client
                .at("IceStorm.TopicLink", "IceStorm/x.link:" + storm.first().publishEndpoint())
                .failure("forward", List.of())
                .type())
        .isEqualTo("Ice.ObjectNotExistException");
  }

  @Test
  void proxiesThatLeadNowhereAreTheirOwnersAffair() {
    Remote topic = storm.topic(client, "nowhere");
    for (String proxy :
        List.of(
            "a",
            "b @ Nobody",
            "c:tcp -h no.such.host.invalid -p 1",
            "d -e 7.9:tcp -h 127.0.0.1 -p 1",
            "e:opaque -t 99 -v abcd",
            "f -D @ Nobody")) {
      topic.call("subscribeAndGetPublisher", Map.of(), proxyOf(proxy));
    }
    Remote publisher = storm.publisher(client, topic);
    Await.until(
        "all are gone",
        () -> {
          client.publish(publisher, "event", 0, 1);
          return topic.call("getSubscribers").items().isEmpty();
        });
    // Not a topic.
    String self = storm.manager();
    @Nullable Object[] link = {proxyOf(self, "IceStorm.Topic"), 0};
    assertThat(topic.failure("link", link).type()).startsWith("Ice.");
    assertThat(topic.call("getSubscribers").items()).isEmpty();
    topic.call("destroy");
  }
}
