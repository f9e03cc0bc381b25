package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listeners in Python that are slow, dead or late, and what the writer sees of them: nothing. */
@FirnOnly
class ReplicatorListenersTest {
  private static final String WRITER = "writer";

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private IceClient client;
  private Remote stream;
  private final Map<String, String> model = new TreeMap<>();
  private int published;

  @BeforeEach
  void connect() {
    client = lab.client().with("Streams.ice");
    stream = group.stream(client);
  }

  @AfterEach
  void close() {
    client.ask("release", Map.of());
    lab.close();
  }

  private void start(String ack) {
    group.startReplicator("--Replicator.Ack=" + ack, "--Firn.Replicator.Register=0");
    assertThat(stream.call("claim", WRITER, 0).number()).isEqualTo(1);
  }

  private CompletableFuture<Json> begin(String key, String payload) {
    model.put(key, payload);
    return stream.begin("publish", 1, ++published, List.of(item(key, payload)), List.of());
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      int number = published + 1;
      String payload = String.format("%04x", number);
      assertThat(PythonClient.await(begin("key" + number % 50, payload)).number())
          .isEqualTo(number);
    }
  }

  private static Map<String, Object> item(String key, String payload) {
    return Map.of(
        "$struct",
        "Failover.V1.Item",
        "key",
        key,
        "typeId",
        "text",
        "version",
        1,
        "payload",
        Map.of("$bytes", payload));
  }

  private StateFollower follower(String instance, String... flags) {
    Map<String, Object> options = new TreeMap<>();
    for (String flag : flags) {
      options.put(flag, true);
    }
    return StateFollower.of(lab, stream, instance, options);
  }

  @Test
  void whoJoinsLateHasWhatThereIsAndThenEveryChangeOnce() {
    start("memory");
    publish(100);
    StateFollower late = follower("late").listen();
    publish(100);
    late.awaitSeq(200);
    assertThat(late.items()).isEqualTo(model);
    assertThat(late.followed().get("snapshots").number()).isEqualTo(1);

    // Joins while all the time something changes.
    for (int i = 0; i < 10; i++) {
      StateFollower joining = follower("joining" + i).listen();
      publish(20);
      joining.awaitSeq(published);
      assertThat(joining.items()).isEqualTo(model);
    }
    late.awaitSeq(published);
    assertThat(late.items()).isEqualTo(model);
    Await.until("heartbeats", () -> late.followed().get("heartbeats").number() > 2);
  }

  @Test
  void aHungAndADeadListenerDelayNobody() {
    start("memory");
    publish(10);
    StateFollower hung = follower("hung", "holds").listen();
    StateFollower well = follower("well").listen();
    StateFollower dead = follower("dead").listen();
    dead.awaitSeq(10);
    dead.client().close();
    publish(500);
    well.awaitSeq(published);
    assertThat(well.items()).isEqualTo(model);
    assertThat(hung.seq()).isEqualTo(10);

    // It has missed nothing once it goes on; what was too much it asks for again.
    hung.release();
    Await.until(
        "it has caught up",
        () -> {
          hung.listen();
          return hung.items().equals(model);
        });
    publish(10);
    hung.awaitSeq(published);
    assertThat(hung.items()).isEqualTo(model);
  }

  @Test
  void withAckStandbyAnUpdateCountsWhenAStandbyHasIt() {
    start("standby");
    StateFollower standby = follower("standby", "acks", "holds").listen();
    CompletableFuture<Json> waits = begin("key1", "01");
    // It is stored, but not yet acknowledged.
    Await.until("it is stored", () -> stream.call("info").get("seq").number() == 1);
    assertThat(waits).isNotDone();
    standby.release();
    assertThat(PythonClient.await(waits).number()).isEqualTo(1);
    publish(20);
    standby.awaitSeq(21);
    assertThat(standby.items()).isEqualTo(model);

    // The last one has gone: it counts all the same after a while, which is said.
    standby.client().close();
    publish(3);
    assertThat(group.replicator().err()).contains("standby");
  }
}
