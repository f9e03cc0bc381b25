package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Anything in any order, checked against what simple nodes end up with. */
class ServerSyncProperties {
  private static final List<String> NODES = List.of("a", "b", "c");

  @Property(seed = "20261122", tries = 3_000)
  void newestDescriptorWinsAndNobodyWaitsForEver(@ForAll long seed) {
    Random random = new Random(seed);
    SyncNodes nodes = new SyncNodes();
    Optional<ServerTarget> newest = Optional.empty();
    String session = "";
    int revision = 0;
    String uuid = "u0";
    for (int i = 0; i < 60; i++) {
      switch (random.nextInt(12)) {
        case 0, 1 -> {
          if (newest.isEmpty()) {
            uuid = "u" + i;
            session = "";
          }
          String activation = random.nextInt(3) == 0 ? "manual" : "session";
          ServerTarget next =
              ServerSyncTest.target(NODES.get(random.nextInt(3)), uuid, ++revision, activation);
          newest = Optional.of(forSession(next, session));
          nodes.step(new ServerSyncInput.Update<>(next, random.nextInt(4) != 0));
        }
        case 2 -> {
          newest = Optional.empty();
          nodes.step(new ServerSyncInput.Remove<>(random.nextBoolean()));
        }
        case 3 -> nodes.demand(true);
        case 4 -> nodes.demand(false);
        case 5 -> nodes.settle();
        case 6 -> nodes.step(new ServerSyncInput.NodeLost<>(NODES.get(random.nextInt(3))));
        case 7 -> nodes.step(new ServerSyncInput.NodeUp<>(NODES.get(random.nextInt(3))));
        case 8 -> {
          String id = random.nextBoolean() ? "" : "s" + i;
          if (newest.isPresent()) {
            session = id;
            newest = newest.map(target -> forSession(target, id));
          }
          nodes.step(new ServerSyncInput.Assign<>(id));
        }
        case 9 -> nodes.step(new ServerSyncInput.Recheck<>());
        default -> answer(nodes, random);
      }
      check(nodes, newest);
    }
    heal(nodes, newest);
  }

  private static ServerTarget forSession(ServerTarget target, String id) {
    return target.isActivatedBySession() ? target.withSession(id) : target;
  }

  /** Answers a request, perhaps one that nobody waits for any more. */
  private static void answer(SyncNodes nodes, Random random) {
    if (nodes.requests.isEmpty()) {
      return;
    }
    SyncNodes.Request request = nodes.requests.get(random.nextInt(nodes.requests.size()));
    switch (random.nextInt(6)) {
      case 0 -> nodes.refuse(request);
      case 1 -> nodes.ignore(request);
      case 2 -> nodes.carryOut(request, false);
      default -> nodes.carryOut(request, true);
    }
  }

  private static void check(SyncNodes nodes, Optional<ServerTarget> newest) {
    assertThat(nodes.sync.target()).isEqualTo(newest);
    if (!nodes.sync.isUnderWay()) {
      assertThat(nodes.waiting).isEmpty();
    }
    if (nodes.sync.isConfirmed()) {
      ServerTarget target = newest.orElseThrow();
      assertThat(nodes.sync.loaded()).contains(SyncNodes.loaded(target));
    }
    nodes
        .answers
        .values()
        .forEach(
            outcome -> {
              if (outcome instanceof SyncOutcome.Failed<String> failed) {
                assertThat(failed.failure().node()).isIn(NODES);
              }
            });
    nodes.answers.clear();
    nodes.settled.clear();
  }

  /** Once nodes answer, everything is as deployed, and nothing is left over. */
  private static void heal(SyncNodes nodes, Optional<ServerTarget> newest) {
    // Nobody waits for what was asked before the last request.
    nodes.requests.subList(0, Math.max(0, nodes.requests.size() - 1)).clear();
    nodes.carryOutAll();
    assertThat(nodes.waiting).isEmpty();
    NODES.forEach(
        node -> {
          nodes.step(new ServerSyncInput.NodeUp<>(node));
          nodes.carryOutAll();
        });
    nodes.step(new ServerSyncInput.Recheck<>());
    long waiter = nodes.demand(true);
    nodes.carryOutAll();
    assertThat(nodes.waiting).isEmpty();
    if (newest.isPresent()) {
      assertThat(nodes.answers.get(waiter))
          .isEqualTo(new SyncOutcome.Ready<>(SyncNodes.loaded(newest.get())));
      assertThat(nodes.content).containsEntry(newest.get().node(), newest.get());
    } else {
      assertThat(nodes.answers.get(waiter)).isEqualTo(new SyncOutcome.Gone<>());
      assertThat(nodes.sync.isGone()).isTrue();
    }
  }
}
