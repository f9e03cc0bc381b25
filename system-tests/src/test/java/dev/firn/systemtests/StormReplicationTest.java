package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three replicas, of one kind or mixed: one answer from each, whatever happens to one of them. */
@EachStormMix
class StormReplicationTest {
  private static final Map<String, String> ORDERED = Map.of("reliability", "ordered");

  private Lab lab;
  private StormMix mix;
  private Storm storm;
  private StormGroup group;
  private IceClient client;

  @Initializer
  void start(Lab lab, StormMix mix) {
    this.lab = lab;
    this.mix = mix;
    storm = Storm.replicated(lab, mix).start();
    client = lab.client("Ice.RetryIntervals=-1");
    group = new StormGroup(storm, client);
    group.awaitAll();
  }

  @AfterEach
  void everyoneIsBackAndNothingIsLeft() {
    for (StormProcess replica : storm.replicas()) {
      if (!replica.isRunning()) {
        replica.start();
      }
    }
    group.awaitAll();
    client.ask("destroy_all", Map.of("target", storm.manager(client, storm.first()).target()));
    assertThat(storm.awaitSameContent(client)).isEqualTo(new Json(Map.of()));
  }

  /** Asks until an answer comes: an update may meet an election. */
  private static void destroyPatiently(Remote topic) {
    Await.asserted(
        Storm.LONG,
        () -> {
          try {
            topic.call("destroy");
          } catch (IceFailure failed) {
            // The one before was carried out, though its outcome was unknown.
            if (!failed.type().equals("Ice.ObjectNotExistException")) {
              throw failed;
            }
          }
        });
  }

  private Map<String, Object> subscriber(String name) {
    return proxyOf(name + ":tcp -h 127.0.0.1 -p 1");
  }

  private void updateThroughEveryRunningReplica(String prefix) {
    List<StormProcess> running = storm.running();
    for (int i = 0; i < running.size(); i++) {
      StormProcess here = running.get(i);
      StormProcess other = running.get((i + 1) % running.size());
      String name = prefix + i;
      storm.manager(client, here).call("create", name);
      assertThat(storm.manager(client, other).failure("create", name).type())
          .isEqualTo("IceStorm.TopicExists");
      Remote topic = storm.topicAt(client, other, name);
      topic.call("subscribeAndGetPublisher", ORDERED, subscriber("a" + i));
      topic.call("subscribeAndGetPublisher", Map.of(), subscriber("b" + i));
      assertThat(
              storm
                  .topicAt(client, here, name)
                  .failure("subscribeAndGetPublisher", Map.of(), subscriber("a" + i))
                  .type())
          .isEqualTo("IceStorm.AlreadySubscribed");
      storm.topicAt(client, here, name).call("unsubscribe", subscriber("a" + i));
      Map<String, Object> itself = proxyOf(topic.proxy(), "IceStorm.Topic");
      storm.topicAt(client, here, name).call("link", itself, i);
      assertThat(topic.failure("link", itself, i).type()).isEqualTo("IceStorm.LinkExists");
      String destroyed = prefix + "destroyed";
      storm.manager(client, other).call("create", destroyed);
      storm.topicAt(client, here, destroyed).call("destroy");
      assertThat(storm.manager(client, other).failure("retrieve", destroyed).type())
          .isEqualTo("IceStorm.NoSuchTopic");
    }
    Json content = storm.awaitSameContent(client);
    for (int i = 0; i < running.size(); i++) {
      assertThat(content.get(prefix + i).get("subscribers").texts())
          .containsExactly("IceStorm/topic." + prefix + i, "b" + i);
      assertThat(content.get(prefix + i).get("links").get(prefix + i).number()).isEqualTo(i);
    }
  }

  @Test
  void everyReplicaTakesUpdatesAndTellsTheSame() {
    updateThroughEveryRunningReplica("all");
  }

  @Test
  void everyReplicaPublishes() {
    storm.topic(client, "published");
    EventSubscriber ordered = lab.client().subscriber("ordered");
    EventSubscriber oneway = lab.client().subscriber("oneway");
    Remote topic = storm.topicAt(client, storm.last(), "published");
    topic.call("subscribeAndGetPublisher", ORDERED, ordered.twoway());
    topic.call("subscribeAndGetPublisher", Map.of(), oneway.as(EventSubscriber.ONEWAY));
    int number = 0;
    for (int round = 0; round < 20; round++) {
      for (StormProcess replica : storm.replicas()) {
        client.publish(storm.publisherAt(client, replica, "published"), "event", number++, 1);
      }
    }
    ordered.awaitAll(0, number);
    oneway.awaitAll(0, number);
    assertThat(ordered.received().get("connections").number()).isEqualTo(3);
    topic.call("unsubscribe", ordered.twoway());
    topic.call("unsubscribe", oneway.twoway());
  }

  /** By the highest id the coordinator is meant, which takes over again when it returns. */
  @Test
  void theOthersGoOnWithoutTheHighestOrTheLowest() {
    for (StormProcess absent : List.of(storm.last(), storm.first())) {
      String name = absent == storm.last() ? "highest" : "lowest";
      absent.terminate();
      group.awaitAll();
      updateThroughEveryRunningReplica(name);
      absent.start();
      group.awaitAll();
      updateThroughEveryRunningReplica(name + "Back");
    }
  }

  @Test
  void aMemberThatWasAwayLearnsWhatWasDestroyedAndChangedMeanwhile() {
    storm.topic(client, "doomed");
    Remote kept = storm.topic(client, "kept");
    kept.call("subscribeAndGetPublisher", Map.of(), subscriber("leaves"));
    kept.call("subscribeAndGetPublisher", ORDERED, subscriber("changes"));
    StormProcess away = storm.first();
    away.kill();
    StormProcess here = storm.last();
    destroyPatiently(storm.topicAt(client, here, "doomed"));
    Remote at = storm.topicAt(client, here, "kept");
    at.call("unsubscribe", subscriber("leaves"));
    at.call("unsubscribe", subscriber("changes"));
    at.call("subscribeAndGetPublisher", Map.of(), subscriber("changes"));
    storm.manager(client, here).call("create", "young");
    away.start();
    group.awaitAll();
    Json content = storm.awaitSameContent(client);
    assertThat(content.has("doomed")).isFalse();
    assertThat(content.has("young")).isTrue();
    assertThat(content.get("kept").get("subscribers").texts()).containsExactly("changes");
  }

  @Test
  void aFailingSubscriberIsRemovedEverywhereWhicheverReplicaNotices() {
    for (StormProcess replica : storm.replicas()) {
      String name = "failing" + storm.replicas().indexOf(replica);
      Remote topic = storm.topic(client, name);
      topic.call(
          "subscribeAndGetPublisher",
          Map.of(),
          proxyOf("gone:tcp -h 127.0.0.1 -p " + Ports.free()));
      Remote publisher = storm.publisherAt(client, replica, name);
      Await.asserted(
          () -> {
            client.publish(publisher, "event", 0, 1);
            for (StormProcess other : storm.replicas()) {
              assertThat(storm.topicAt(client, other, name).call("getSubscribers").items())
                  .isEmpty();
            }
          });
      group.awaitAll();
    }
  }

  @Test
  void theAdminToolsShowTheReplicas() {
    StormProcess coordinator = group.awaitAll();
    long id = storm.replicas().indexOf(coordinator) + 1L;
    for (Implementation tool : mix.replicas().stream().distinct().toList()) {
      StormAdminTool admin = new StormAdminTool(tool, lab);
      // Once more if a replica was too slow for its group just then.
      Await.asserted(() -> expectReplicas(admin.execute(storm.manager(), "replica"), id));
    }
    storm.first().terminate();
    group.awaitAll();
    AdminTool.Result result =
        new StormAdminTool(mix.replicas().get(0), lab).execute(storm.last().manager(), "replica");
    assertThat(result.out()).contains("1: ::Ice::ConnectionRefusedException");
  }

  private static void expectReplicas(AdminTool.Result result, long coordinator) {
    assertThat(result.exit()).as(result.all()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(19).first().isEqualTo("replica count: 3");
    for (int i = 1; i <= 3; i++) {
      assertThat(lines)
          .contains(i + ": id:         " + i)
          .contains(i + ": coord:      " + coordinator)
          .contains(i + ": state:      normal")
          .contains(i + ": max:        3");
    }
    assertThat(result.out())
        .containsPattern("(?m)^1: group name: \\d:[0-9A-Fa-f-]{36}")
        .containsPattern("(?m)^" + coordinator + ": group: {6}\\d,\\d$");
  }

  @Test
  void acknowledgedUpdatesSurviveTheKillOfTheCoordinator() {
    StormProcess coordinator = group.awaitAll();
    EventSubscriber subscriber = lab.client().subscriber("listening");
    Remote topic = storm.topic(client, "events");
    topic.call("subscribeAndGetPublisher", ORDERED, subscriber.twoway());
    IceClient publishing = lab.client("Ice.RetryIntervals=0 50 100 200 500 1000 2000 2000");
    publishing.startLoop("events", storm.publisher(publishing, topic), "ice_ping");
    IceClient updating = lab.client("Ice.Default.InvocationTimeout=20000");
    Remote manager = storm.manager(updating);
    List<String> acknowledged = new ArrayList<>();
    int asked = 0;
    boolean killed = false;
    while (acknowledged.size() < 100) {
      String name = "t" + asked++;
      try {
        manager.call("create", name);
        acknowledged.add(name);
      } catch (IceFailure unknown) {
        // Existing by now, perhaps.
        assertThat(killed).as("failed before the kill: " + unknown).isTrue();
      }
      if (acknowledged.size() == 50 && !killed) {
        coordinator.kill();
        killed = true;
      }
    }
    group.awaitAll();
    Json survivors = storm.awaitSameContent(client);
    assertThat(acknowledged).allMatch(survivors::has);
    long before = subscriber.count();
    Await.until("events go on", Storm.LONG, () -> subscriber.count() > before + 20);
    coordinator.start();
    group.awaitAll();
    Json all = storm.awaitSameContent(client);
    assertThat(acknowledged).allMatch(all::has);
    Json loop = publishing.stopLoop("events");
    if (mix.isFirnOnly()) {
      assertThat(loop.get("errors").items()).isEmpty();
    }
    System.out.println(
        "coordinator killed in "
            + mix
            + ": longest gap of a publisher "
            + loop.get("gapMillis").number()
            + " ms, "
            + (asked - acknowledged.size())
            + " updates failed");
    storm.topicAt(client, storm.first(), "events").call("unsubscribe", subscriber.twoway());
  }

  @Test
  void withoutAMajorityNothingIsUpdatedAndThenItGoesOn() {
    storm.topic(client, "before");
    storm.replicas().get(0).kill();
    storm.replicas().get(1).kill();
    StormProcess alone = storm.last();
    IceClient impatient = lab.client("Ice.Default.InvocationTimeout=2000");
    Await.asserted(
        Storm.LONG,
        () -> {
          Remote manager = storm.manager(impatient, alone);
          assertThat(manager.failure("create", "minority" + System.nanoTime()).type())
              .isIn("Ice.InvocationTimeoutException", "Ice.UnknownException");
          assertThat(group.view(alone).isNormal()).isFalse();
        });
    // Pings and questions that need no agreement are answered all the time.
    assertThat(storm.topicAt(client, alone, "before").call("getSubscribers").items()).isEmpty();
    storm.manager(client, alone).call("ice_ping");
    storm.first().start();
    group.awaitAll();
    storm.manager(client, alone).call("create", "majority");
    storm.replicas().get(1).start();
    group.awaitAll();
    assertThat(storm.awaitSameContent(client).has("majority")).isTrue();
  }
}
