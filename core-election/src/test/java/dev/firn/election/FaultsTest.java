package dev.firn.election;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random faults; in the end one group has exactly what was acknowledged. */
final class FaultsTest {
  private static final int TOPICS = 6;

  /**
   * Topics of which all outcomes are known, and whether they are there. A command whose outcome is
   * unknown may be done much later, so its topic is given up for another.
   */
  private final Map<String, Boolean> known = new TreeMap<>();

  private int lastTopic;

  private record Open(String topic, boolean create, Cluster.Answered answered) {}

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 7})
  void whatWasAcknowledgedSurvives(int size) {
    for (long seed = 0; seed < Integer.getInteger("firn.faults.seeds", 15); seed++) {
      try {
        run(size, seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("size " + size + ", seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private void run(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = new int[size];
    for (int i = 0; i < size; i++) {
      ids[i] = i + 1;
    }
    boolean coldMajority = random.nextBoolean();
    Cluster cluster =
        new Cluster(
            c ->
                new ElectionConfig(
                    c.self(), c.nodes(), coldMajority, true, 511, 1000, 0, c.timing()),
            ids);
    known.clear();
    for (int i = 0; i < TOPICS; i++) {
      addTopic();
    }
    cluster.startAll();
    List<Open> open = new ArrayList<>();
    for (int step = 0; step < 150; step++) {
      cluster.run(random.nextInt(1, 200));
      open.removeIf(this::settle);
      fault(cluster, random, ids);
      client(cluster, random, ids, open);
    }
    cluster.heal();
    for (int id : ids) {
      cluster.at(id).breakDisk(false);
      if (!cluster.at(id).isUp()) {
        cluster.at(id).start();
      }
    }
    int[] slaves = new int[size - 1];
    System.arraycopy(ids, 0, slaves, 0, size - 1);
    BooleanSupplier healed = () -> isWhole(cluster, ids);
    cluster.await("whole group", 70_000, healed);
    cluster.run(40_000);
    open.removeIf(this::settle);
    if (!open.isEmpty()) {
      throw new AssertionError("never answered: " + open);
    }
    check(cluster, ids);
  }

  private static boolean isWhole(Cluster cluster, int[] ids) {
    for (int leader : ids) {
      int[] slaves = new int[ids.length - 1];
      int next = 0;
      for (int id : ids) {
        if (id != leader) {
          slaves[next++] = id;
        }
      }
      if (cluster.isGroup(leader, slaves)) {
        return true;
      }
    }
    return false;
  }

  private static void fault(Cluster cluster, SplittableRandom random, int[] ids) {
    int id = ids[random.nextInt(ids.length)];
    int other = ids[random.nextInt(ids.length)];
    Machine machine = cluster.at(id);
    switch (random.nextInt(14)) {
      case 0 -> {
        if (machine.isUp()) {
          machine.kill();
        }
      }
      case 1, 2 -> {
        if (!machine.isUp()) {
          machine.start();
        }
      }
      case 3 -> cluster.isolate(id);
      case 4 -> {
        if (id != other) {
          cluster.cut(id, other);
        }
      }
      case 5, 6 -> cluster.heal();
      case 7 -> machine.breakDisk(true);
      case 8, 9 -> {
        for (int i : ids) {
          cluster.at(i).breakDisk(false);
        }
      }
      default -> {}
    }
  }

  private void client(Cluster cluster, SplittableRandom random, int[] ids, List<Open> open) {
    String topic = List.copyOf(known.keySet()).get(random.nextInt(TOPICS));
    int at = ids[random.nextInt(ids.length)];
    boolean create = random.nextBoolean();
    if (!cluster.at(at).isUp() || open.stream().anyMatch(o -> o.topic().equals(topic))) {
      return;
    }
    Cluster.Answered answered =
        cluster.submit(at, create ? Topics.create(topic) : Topics.destroy(topic));
    cluster.trace().add(cluster.nowMillis() + " client " + at + " " + topic + " " + create);
    open.add(new Open(topic, create, answered));
  }

  private void addTopic() {
    known.put("t" + ++lastTopic, false);
  }

  private boolean settle(Open open) {
    if (!open.answered().isThere()) {
      return false;
    }
    if (open.answered().isDone()) {
      known.put(open.topic(), open.create());
    } else if (open.answered().get() instanceof Answer.UnknownOutcome) {
      known.remove(open.topic());
      addTopic();
    }
    return true;
  }

  private void check(Cluster cluster, int[] ids) {
    TopicTables first = cluster.at(ids[0]).disk();
    for (int id : ids) {
      TopicTables tables = cluster.at(id).disk();
      if (!tables.sameTopics(first)) {
        throw new AssertionError("not converged: " + tables + " and " + first);
      }
    }
    known.forEach(
        (topic, there) -> {
          if ((first.find(topic) != null) != there) {
            throw new AssertionError(
                "%s should be there: %s, in %s%n%s"
                    .formatted(topic, there, first, cluster.history()));
          }
        });
  }
}
