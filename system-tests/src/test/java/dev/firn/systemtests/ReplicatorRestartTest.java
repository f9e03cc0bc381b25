package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicators that die or hang while a group counts. */
@FirnOnly
class ReplicatorRestartTest {
  private static final String LOOP = "counting";

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final ComponentGroup.Instance one = group.member(1);
  private final ComponentGroup.Instance two = group.member(2);

  @BeforeEach
  void start() {
    group.startLocator();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void startInstances() {
    one.start();
    two.start();
    one.awaitState(client, "Standby");
    two.awaitState(client, "Standby");
    one.activate(client);
  }

  /** Counts all the time; what was answered is numbered without a hole. */
  private List<Long> stopCounting() {
    List<Long> answers =
        client.stopLoop(LOOP).get("answers").items().stream().map(Json::number).toList();
    assertThat(answers).isSorted().doesNotHaveDuplicates();
    return answers;
  }

  private long counted() {
    return client.loopState(LOOP).get("count").number();
  }

  private void awaitCounting() {
    long goal = counted() + 20;
    Await.until("counting goes on", () -> counted() >= goal);
  }

  private void awaitProtected() {
    one.awaitState(client, "Active");
    Await.until("protected", () -> one.status(client).get("lastError").text().isEmpty());
    two.awaitState(client, "Standby");
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "quorum", "standby"})
  void aReplicatorThatIsKilledAndComesBackLosesNothing(String ack) {
    group.startReplicator("--Replicator.Ack=" + ack);
    startInstances();
    client.startKeepingLoop(LOOP, one.counter(client), "increment");
    awaitCounting();
    for (int i = 0; i < 2; i++) {
      group.replicator().kill();
      two.awaitState(client, "Syncing");
      awaitCounting();
      group.startReplicator("--Replicator.Ack=" + ack);
      awaitProtected();
      awaitCounting();
    }
    List<Long> answers = stopCounting();
    one.process().kill();
    two.activate(client);
    two.count(client, answers.size() + 1, answers.size() + 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"quorum", "standby"})
  void whatIsOnDiskOutlivesAllProcesses(String ack) {
    group.startReplicator("--Replicator.Ack=" + ack);
    startInstances();
    one.count(client, 1, 30);
    group.replicator().kill();
    one.process().kill();
    two.process().kill();
    group.startReplicator("--Replicator.Ack=" + ack);
    two.start();
    two.awaitState(client, "Standby");
    two.managed(client).call("promote", 0, false);
    two.count(client, 31, 40);
  }

  @Test
  void ofThreeReplicatorsAnyMayDieOrHangWhileTheGroupCounts() {
    ReplicatorTrio trio = new ReplicatorTrio(lab, group.locatorProxies());
    one.with("StateReplicator.Proxy", trio.proxy());
    startInstances();
    client.startKeepingLoop(LOOP, one.counter(client), "increment");
    awaitCounting();
    for (int i = 0; i < ReplicatorTrio.COUNT; i++) {
      trio.node(i).kill();
      awaitProtected();
      awaitCounting();
      trio.start(i);
      awaitProtected();
      trio.node(i).pause();
      awaitProtected();
      awaitCounting();
      trio.node(i).signal("CONT");
      awaitProtected();
      awaitCounting();
    }
    List<Long> answers = stopCounting();
    one.process().kill();
    // The replicators may be forming their group once more.
    Await.until("promoted", () -> two.replica(client).call("activate").bool());
    two.count(client, answers.size() + 1, answers.size() + 5);
  }
}
