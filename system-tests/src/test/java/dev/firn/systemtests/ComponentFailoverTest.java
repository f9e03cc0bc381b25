package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to a group, its state and its clients when something of it fails. */
@FirnOnly
class ComponentFailoverTest {
  private static final Duration AWAY = Duration.ofMillis(1_500);

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final ComponentGroup.Instance one = group.member(1);
  private final ComponentGroup.Instance two = group.member(2);
  private ChildProcess replicator;

  @BeforeEach
  void start() {
    group.startLocator();
    replicator = group.startReplicator();
    one.start();
    two.start();
    one.awaitState(client, "Standby");
    two.awaitState(client, "Standby");
    one.activate(client);
    one.count(client, 1, 10);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aPlannedHandOverLosesNothingAndCanBeTakenBack() {
    one.replica(client).call("standby");
    two.activate(client);
    two.count(client, 11, 20);
    two.replica(client).call("standby");
    one.activate(client);
    one.count(client, 21, 30);
    assertThat(one.status(client).get("epoch").number()).isEqualTo(3);
    assertThat(two.replica(client).call("isActive").bool()).isFalse();
  }

  @Test
  void aHigherEpochForTheActiveOneCostsNoRequest() {
    for (long epoch = 2; epoch <= 6; epoch++) {
      List<CompletableFuture<Json>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(one.counter(client).begin("increment"));
      }
      CompletableFuture<Json> raised = one.managed(client).begin("promote", epoch, false);
      for (int i = 0; i < 20; i++) {
        answers.add(one.counter(client).begin("increment"));
      }
      PythonClient.await(raised);
      SortedSet<Long> numbers = new TreeSet<>();
      answers.forEach(answer -> numbers.add(PythonClient.await(answer).number()));
      assertThat(numbers).hasSize(40);
      assertThat(numbers.last()).isEqualTo(10 + 40 * (epoch - 1));
      assertThat(one.state(client)).isEqualTo("Active");
      assertThat(one.status(client).get("epoch").number()).isEqualTo(epoch);
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesTheDeathOfTheActiveOne() {
    one.process().kill();
    two.activate(client);
    two.count(client, 11, 20);
    one.start();
    one.awaitState(client, "Standby");
    two.process().kill();
    one.activate(client);
    one.count(client, 21, 30);
  }

  @Test
  void aStandbyThatDiesConcernsNobodyAndRejoins() {
    two.process().kill();
    one.count(client, 11, 20);
    two.start();
    two.awaitState(client, "Standby");
    one.process().kill();
    two.activate(client);
    two.count(client, 21, 22);
  }

  @Test
  void anActiveOneThatHungAnswersNobodyAfterAnotherWasPromoted() {
    one.process().pause();
    CompletableFuture<Json> asked = one.counter(client).begin("value");
    CompletableFuture<Json> counted = one.counter(client).begin("increment");
    two.activate(client);
    // Longer than an instance serves without a look at the clock.
    long end = System.nanoTime() + AWAY.toNanos();
    long last = 10;
    do {
      two.count(client, ++last, last);
    } while (System.nanoTime() < end);
    one.process().signal("CONT");
    one.awaitState(client, "Standby");
    failed(asked);
    failed(counted);
    two.count(client, last + 1, last + 2);
    two.replica(client).call("standby");
    one.activate(client);
    one.count(client, last + 3, last + 4);
  }

  private static void failed(CompletableFuture<Json> answer) {
    Json value;
    try {
      value = PythonClient.await(answer);
    } catch (IceFailure expected) {
      return;
    }
    throw new AssertionError("the old active one answered " + value);
  }

  @Test
  void withoutTheReplicatorTheActiveOneServesAndSaysThatItIsNotProtected() {
    replicator.kill();
    one.count(client, 11, 20);
    Await.until(
        "unprotected",
        () -> one.status(client).get("lastError").text().startsWith("unprotected: "));
    assertThat(one.status(client).get("lastError").text()).doesNotContain("dev.firn", "java.");
    two.awaitState(client, "Syncing");
    replicator = group.startReplicator();
    two.awaitState(client, "Standby");
    Await.until("protected", () -> one.status(client).get("lastError").text().isEmpty());
    one.count(client, 21, 22);
    one.process().kill();
    two.activate(client);
    two.count(client, 23, 24);
  }

  /** Whatever it was asked while it hung, it answers in the end. */
  @Test
  void aReplicatorThatHungDuringAPromotionDoesNotTakeTheRoleBack() {
    two.awaitInStepWith(one, client);
    replicator.pause();
    one.process().kill();
    two.managed(client).call("promote", 0, true);
    two.count(client, 11, 15);
    Await.until("unprotected", () -> !two.status(client).get("lastError").text().isEmpty());
    replicator.signal("CONT");
    Await.until("protected", () -> two.status(client).get("lastError").text().isEmpty());
    assertThat(two.replica(client).call("isActive").bool()).isTrue();
    two.count(client, 16, 20);
    one.start();
    one.awaitState(client, "Standby");
    two.process().kill();
    one.activate(client);
    one.count(client, 21, 22);
  }

  @Test
  void whoHasBeenAskedToStandByHasTheStateAgain() {
    for (int i = 0; i < 5; i++) {
      one.replica(client).call("standby");
      assertThat(one.state(client)).isEqualTo("Standby");
      one.activate(client);
    }
  }

  @Test
  void withoutReplicatorAndActiveOneOnlyWhoAcceptsLossIsPromoted() {
    two.awaitInStepWith(one, client);
    replicator.kill();
    one.process().kill();
    two.awaitState(client, "Syncing");
    assertThat(two.replica(client).call("activate").bool()).isFalse();
    assertThat(two.managed(client).failure("promote", 0, false).type()).contains("NotSynchronized");
    two.managed(client).call("promote", 0, true);
    two.count(client, 11, 12);
  }
}
