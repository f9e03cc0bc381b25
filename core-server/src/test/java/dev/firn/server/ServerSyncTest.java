package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.ExpandedServer;
import dev.firn.model.ServerDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerSyncTest {
  private final SyncNodes nodes = new SyncNodes();

  static ServerTarget target(String node, String uuid, int revision) {
    return target(node, uuid, revision, "session");
  }

  static ServerTarget target(String node, String uuid, int revision, String activation) {
    ServerDescriptor server =
        ServerDescriptor.builder("server", "/bin/server").activation(activation).build();
    return new ServerTarget(
        "app", uuid, revision, new ExpandedServer(node, server, Optional.empty()), "", false);
  }

  private void update(String node, int revision) {
    nodes.step(new ServerSyncInput.Update<>(target(node, "u", revision), true));
  }

  @Test
  void loadedServerIsAnsweredAtOnce() {
    update("a", 1);
    nodes.carryOutAll();
    long waiter = nodes.demand(true);
    assertThat(nodes.answers).containsEntry(waiter, new SyncOutcome.Ready<>("a/u/1/"));
    assertThat(nodes.requests).isEmpty();
  }

  @Test
  void changeThatIsNotSentWaitsForDemand() {
    nodes.step(new ServerSyncInput.Update<>(target("a", "u", 1), false));
    assertThat(nodes.requests).isEmpty();
    long waiter = nodes.demand(true);
    assertThat(nodes.requests).hasSize(1);
    nodes.carryOutAll();
    assertThat(nodes.answers).containsEntry(waiter, new SyncOutcome.Ready<>("a/u/1/"));
  }

  @Test
  void changeWhileLoadingIsLoadedNextAndOnlyThenAnswered() {
    update("a", 1);
    long waiter = nodes.demand(true);
    update("a", 2);
    nodes.carryOut(nodes.requests.get(0), true);
    assertThat(nodes.answers).doesNotContainKey(waiter);
    nodes.carryOutAll();
    assertThat(nodes.answers).containsEntry(waiter, new SyncOutcome.Ready<>("a/u/2/"));
  }

  @Test
  void olderProxyWillDoForServersThatStart() {
    update("a", 1);
    nodes.carryOutAll();
    update("a", 2);
    long waiter = nodes.demand(false);
    assertThat(nodes.answers).containsEntry(waiter, new SyncOutcome.Ready<>("a/u/1/"));
  }

  @Test
  void olderProxyWillNotDoOnceTheUpdateHasFailed() {
    update("a", 1);
    nodes.carryOutAll();
    update("a", 2);
    nodes.refuse(nodes.requests.get(0));
    long waiter = nodes.demand(false);
    assertThat(nodes.requests).as("tried again").hasSize(1);
    assertThat(nodes.answers).doesNotContainKey(waiter);
    nodes.refuse(nodes.requests.get(0));
    assertThat(nodes.answers)
        .containsEntry(waiter, new SyncOutcome.Failed<>(new SyncFailure.Refused("a", true, "no")));
  }

  @Test
  void refusalOfAnOlderVersionIsDropped() {
    update("a", 1);
    long settle = nodes.settle();
    update("a", 2);
    nodes.refuse(nodes.requests.get(0));
    nodes.carryOutAll();
    assertThat(nodes.settled).containsEntry(settle, Optional.empty());
  }

  @Test
  void refusedServerIsTriedAgainWithTheNextDemand() {
    update("a", 1);
    long settle = nodes.settle();
    nodes.refuse(nodes.requests.get(0));
    assertThat(nodes.settled)
        .containsEntry(settle, Optional.of(new SyncFailure.Refused("a", true, "no")));
    assertThat(nodes.requests).isEmpty();
    long waiter = nodes.demand(true);
    nodes.carryOutAll();
    assertThat(nodes.answers.get(waiter)).isInstanceOf(SyncOutcome.Ready.class);
  }

  @Test
  void movedServerIsDestroyedBeforeItIsLoadedElsewhere() {
    update("a", 1);
    nodes.carryOutAll();
    update("b", 2);
    assertThat(nodes.requests).hasSize(1);
    assertThat(nodes.requests.get(0).load()).isFalse();
    assertThat(nodes.requests.get(0).target()).isEqualTo(target("a", "u", 1));
    nodes.carryOutAll();
    assertThat(nodes.content).containsOnlyKeys("b");
  }

  @Test
  void movedServerDoesNotWaitForAnUnreachableNodeWhichIsCleanedWhenItReturns() {
    update("a", 1);
    nodes.carryOutAll();
    update("b", 2);
    nodes.ignore(nodes.requests.get(0));
    nodes.carryOutAll();
    assertThat(nodes.content).containsOnlyKeys("a", "b");
    assertThat(nodes.sync.isConfirmed()).isTrue();
    nodes.step(new ServerSyncInput.NodeUp<>("a"));
    nodes.carryOutAll();
    assertThat(nodes.content).containsOnlyKeys("b");
  }

  @Test
  void serverThatReturnsToItsNodeIsNotDestroyedThere() {
    update("a", 1);
    nodes.carryOutAll();
    update("b", 2);
    nodes.ignore(nodes.requests.get(0));
    nodes.carryOutAll();
    update("a", 3);
    assertThat(nodes.requests.get(0).target().node()).isEqualTo("b");
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.NodeUp<>("a"));
    assertThat(nodes.requests).isEmpty();
    assertThat(nodes.content).containsOnlyKeys("a");
  }

  @Test
  void serverOfAnotherApplicationWithTheSameIdIsDestroyedFirst() {
    update("a", 1);
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.Remove<>(false));
    nodes.step(new ServerSyncInput.Update<>(target("a", "v", 1), true));
    assertThat(nodes.requests).hasSize(1);
    assertThat(nodes.requests.get(0).load()).isFalse();
    nodes.carryOutAll();
    assertThat(nodes.content).containsEntry("a", target("a", "v", 1));
  }

  @Test
  void whatWasNotDestroyedInTimeIsNotDestroyedOnceItIsReplaced() {
    update("a", 1);
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.Remove<>(false));
    nodes.step(new ServerSyncInput.Update<>(target("a", "v", 1), true));
    nodes.ignore(nodes.requests.get(0));
    nodes.carryOutAll();
    assertThat(nodes.sync.isConfirmed()).isTrue();
    nodes.step(new ServerSyncInput.NodeUp<>("a"));
    assertThat(nodes.requests).isEmpty();
  }

  @Test
  void removedServerIsGoneForWhoWaitsAndForWhoAsks() {
    update("a", 1);
    long early = nodes.demand(true);
    nodes.step(new ServerSyncInput.Remove<>(false));
    long late = nodes.demand(false);
    assertThat(nodes.answers.get(early)).isEqualTo(new SyncOutcome.Gone<>());
    assertThat(nodes.answers.get(late)).isEqualTo(new SyncOutcome.Gone<>());
    assertThat(nodes.sync.isGone()).isFalse();
    nodes.carryOutAll();
    assertThat(nodes.sync.isGone()).isTrue();
    assertThat(nodes.content).isEmpty();
  }

  @Test
  void lostNodeEndsTheRequestAndForgetsTheProxies() {
    update("a", 1);
    nodes.carryOutAll();
    update("a", 2);
    long waiter = nodes.demand(true);
    nodes.step(new ServerSyncInput.NodeLost<>("a"));
    assertThat(nodes.answers.get(waiter))
        .isEqualTo(
            new SyncOutcome.Failed<>(new SyncFailure.Unreachable("a", "the node is not active")));
    assertThat(nodes.sync.loaded()).isEmpty();
    SyncNodes.Request late = nodes.requests.get(0);
    nodes.carryOut(late, true);
    assertThat(nodes.sync.isConfirmed()).isFalse();
  }

  @Test
  void lostNodeOfAnotherServerChangesNothing() {
    update("a", 1);
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.NodeLost<>("b"));
    assertThat(nodes.sync.isConfirmed()).isTrue();
  }

  @Test
  void sessionStaysOverUpdates() {
    update("a", 1);
    nodes.step(new ServerSyncInput.Assign<>("alice"));
    update("a", 2);
    nodes.carryOutAll();
    assertThat(nodes.sync.loaded()).contains("a/u/2/alice");
    nodes.step(new ServerSyncInput.Assign<>(""));
    nodes.carryOutAll();
    assertThat(nodes.sync.loaded()).contains("a/u/2/");
  }

  @Test
  void otherActivationEndsTheSessionsHoldOnTheServer() {
    update("a", 1);
    nodes.step(new ServerSyncInput.Assign<>("alice"));
    nodes.step(new ServerSyncInput.Update<>(target("a", "u", 2, "manual"), true));
    nodes.carryOutAll();
    assertThat(nodes.sync.loaded()).contains("a/u/2/");
    update("a", 3);
    nodes.carryOutAll();
    assertThat(nodes.sync.loaded()).as("it was not released").contains("a/u/3/alice");
  }

  @Test
  void sessionThatIsReleasedDuringAnotherActivationDoesNotComeBack() {
    update("a", 1);
    nodes.step(new ServerSyncInput.Assign<>("alice"));
    nodes.step(new ServerSyncInput.Update<>(target("a", "u", 2, "manual"), true));
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.Assign<>(""));
    assertThat(nodes.requests).as("the node has it as it is to be").isEmpty();
    update("a", 3);
    nodes.carryOutAll();
    assertThat(nodes.sync.loaded()).contains("a/u/3/");
  }

  @Test
  void recheckAsksTheNodeAgain() {
    update("a", 1);
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.Recheck<>());
    assertThat(nodes.requests).hasSize(1);
    assertThat(nodes.sync.isConfirmed()).isFalse();
  }

  private void updateWithoutRestart(String node, int revision) {
    ServerTarget target = target(node, "u", revision).withoutRestart(true);
    nodes.step(new ServerSyncInput.Update<>(target, true));
  }

  @Test
  void sessionRestartsAServerThatWasLastUpdatedWithoutRestart() {
    updateWithoutRestart("a", 1);
    assertThat(nodes.requests.get(0).target().withoutRestart()).isTrue();
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.Assign<>("alice"));
    assertThat(nodes.requests.get(0).target().withoutRestart()).isFalse();
  }

  @Test
  void sessionRestartsAServerWhoseUpdateWithoutRestartIsUnderWay() {
    updateWithoutRestart("a", 1);
    nodes.step(new ServerSyncInput.Assign<>("alice"));
    nodes.carryOut(nodes.requests.get(0), true);
    assertThat(nodes.requests.get(0).target().withoutRestart()).isFalse();
  }

  @Test
  void serverThatIsLoadedAgainMayBeRestarted() {
    updateWithoutRestart("a", 1);
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.Recheck<>());
    assertThat(nodes.requests.get(0).target().withoutRestart()).isFalse();
  }

  @Test
  void movedServerIsStoppedWhereItWasThoughItWasLastUpdatedWithoutRestart() {
    updateWithoutRestart("a", 1);
    nodes.carryOutAll();
    update("b", 2);
    assertThat(nodes.requests.get(0).load()).isFalse();
    assertThat(nodes.requests.get(0).target().withoutRestart()).isFalse();
  }

  @Test
  void movedServerIsNotStoppedIfTheMoveIsWithoutRestart() {
    updateWithoutRestart("a", 1);
    updateWithoutRestart("b", 2);
    nodes.carryOut(nodes.requests.get(0), true);
    assertThat(nodes.requests.get(0).load()).isFalse();
    assertThat(nodes.requests.get(0).target().withoutRestart()).isTrue();
  }

  @Test
  void firstNodeToOweADestroyIsForgottenWhenThereAreTooMany() {
    // Against the order of names: the order of owing counts.
    for (int i = 0; i <= 17; i++) {
      ServerTarget target = target("n" + (char) ('z' - i), "u", i + 1);
      nodes.step(new ServerSyncInput.Update<>(target, false));
    }
    List<String> destroyed = new ArrayList<>();
    nodes.step(new ServerSyncInput.NodeUp<>("n" + (char) ('z' - 16)));
    while (!nodes.requests.isEmpty() && !nodes.requests.get(0).load()) {
      destroyed.add(nodes.requests.get(0).target().node());
      nodes.carryOut(nodes.requests.get(0), true);
    }
    assertThat(destroyed).hasSize(16).doesNotContain("nz").startsWith("ny", "nx");
  }

  @Test
  void refusedDestroyIsGivenUp() {
    update("a", 1);
    nodes.carryOutAll();
    nodes.step(new ServerSyncInput.Remove<>(true));
    assertThat(nodes.requests.get(0).target().withoutRestart()).isTrue();
    long settle = nodes.settle();
    nodes.refuse(nodes.requests.get(0));
    assertThat(nodes.settled)
        .containsEntry(settle, Optional.of(new SyncFailure.Refused("a", false, "no")));
    assertThat(nodes.sync.isGone()).isTrue();
  }
}
