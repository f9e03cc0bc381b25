package dev.firn.systemtests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * One drill: replicas are killed with kill -9 and started again in random order, while clients
 * change topics and note each answer. At the end all replicas have the same: exactly what was
 * acknowledged, and of what was not answered any part.
 */
final class StormDrill {
  private static final int CLIENTS = 4;

  /** One disturbance among others. */
  private enum Disturbance {
    KILL_ONE,
    KILL_COORDINATOR,
    KILL_TWO,
    KILL_ALL
  }

  private final Storm storm;
  private final StormGroup group;
  private final IceClient client;
  private final Random random;
  private final StormModel model = new StormModel();
  private final List<StormDrillClient> clients = new ArrayList<>();
  private final List<String> history = new ArrayList<>();

  StormDrill(Lab lab, Storm storm, Random random) {
    this.storm = storm.start();
    this.random = random;
    client = lab.client("Ice.RetryIntervals=-1", "Ice.Default.InvocationTimeout=20000");
    group = new StormGroup(storm, client);
    group.awaitAll();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new StormDrillClient(lab, storm, model, i, random.nextLong()));
    }
  }

  /** Disturbs and updates for this long at least, then waits until all replicas are one group. */
  void run(Duration length) {
    clients.forEach(StormDrillClient::start);
    long end = System.nanoTime() + length.toNanos();
    letUpdates(100, Duration.ofSeconds(10));
    while (System.nanoTime() < end) {
      disturb();
    }
    start(storm.replicas());
    group.awaitAll();
    clients.forEach(StormDrillClient::stop);
    System.out.println(
        "storm drill: "
            + history.size()
            + " disturbances, "
            + acknowledged()
            + " acknowledged updates, "
            + clients.stream().mapToInt(StormDrillClient::rejected).sum()
            + " rejected, "
            + clients.stream().mapToInt(StormDrillClient::unknown).sum()
            + " of unknown outcome");
  }

  private int acknowledged() {
    return clients.stream().mapToInt(StormDrillClient::acknowledged).sum();
  }

  private void disturb() {
    Disturbance disturbance = Disturbance.values()[random.nextInt(Disturbance.values().length)];
    List<StormProcess> victims = new ArrayList<>(storm.running());
    Collections.shuffle(victims, random);
    switch (disturbance) {
      case KILL_ONE -> victims = victims.subList(0, 1);
      case KILL_TWO -> victims = victims.subList(0, Math.min(2, victims.size()));
      case KILL_COORDINATOR -> victims = coordinator(victims);
      case KILL_ALL -> {
        // As they are.
      }
    }
    history.add(disturbance + " " + victims.stream().map(this::id).toList());
    for (StormProcess victim : victims) {
      victim.kill();
      letUpdates(1, Duration.ofMillis(random.nextInt(100)));
    }
    letUpdates(random.nextInt(60), Duration.ofMillis(random.nextInt(3000)));
    List<StormProcess> returning =
        new ArrayList<>(storm.replicas().stream().filter(r -> !r.isRunning()).toList());
    Collections.shuffle(returning, random);
    if (disturbance != Disturbance.KILL_ALL && random.nextBoolean()) {
      // One stays away and has old data when it returns, perhaps together with all others.
      returning.remove(0);
    }
    start(returning);
    // Sometimes the next disturbance comes before this one is over. A cold start takes everyone.
    boolean whole = storm.running().size() == storm.replicas().size();
    if (random.nextInt(3) > 0 && whole) {
      group.awaitAll();
      letUpdates(20 + random.nextInt(100), Duration.ofSeconds(5));
    } else {
      letUpdates(random.nextInt(30), Duration.ofMillis(random.nextInt(2000)));
    }
  }

  private int id(StormProcess replica) {
    return storm.replicas().indexOf(replica) + 1;
  }

  private List<StormProcess> coordinator(List<StormProcess> candidates) {
    for (StormProcess replica : candidates) {
      if (group.view(replica).isCoordinator()) {
        return List.of(replica);
      }
    }
    return candidates.subList(0, 1);
  }

  private static void start(List<StormProcess> replicas) {
    List<StormProcess> down = replicas.stream().filter(replica -> !replica.isRunning()).toList();
    down.forEach(StormProcess::begin);
    down.forEach(StormProcess::awaitReady);
  }

  /** Waits until that many more updates are acknowledged, but not longer than the limit. */
  private void letUpdates(int more, Duration limit) {
    int before = acknowledged();
    long end = System.nanoTime() + limit.toNanos();
    while (acknowledged() < before + more && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** What was acknowledged and is not so, or differs between replicas, once they had their time. */
  Set<String> violations() {
    Json content = storm.awaitSameContent(client);
    Set<String> violations = new TreeSet<>(model.violations(content));
    System.out.println(
        "storm drill: "
            + StormModel.facts(content).size()
            + " facts at the end, "
            + violations.size()
            + " wrong");
    return violations;
  }

  @Override
  public String toString() {
    return "storm drill " + history;
  }
}
