package dev.firn.server;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The orders in which a locate prefers the members of a replica group: indexes of members. */
public final class PlacementOrder {
  private PlacementOrder() {}

  /** All orders are equally likely. */
  public static int[] shuffled(int members, RandomGenerator random) {
    int[] order = new int[members];
    for (int i = 0; i < members; i++) {
      int place = random.nextInt(i + 1);
      order[i] = order[place];
      order[place] = i;
    }
    return order;
  }

  /** Ascending by priority, equals in the order of their addition. */
  public static int[] byPriority(int[] priorities) {
    return sorted(rotated(priorities.length, 0), (a, b) -> priorities[a] - (long) priorities[b]);
  }

  /** Ascending by load, equals by chance. */
  public static int[] byLoad(double[] loads, RandomGenerator random) {
    return sorted(shuffled(loads.length, random), (a, b) -> Double.compare(loads[a], loads[b]));
  }

  /** In the order of their addition, from one of them on and around. */
  public static int[] rotated(int members, int first) {
    int[] order = new int[members];
    for (int i = 0; i < members; i++) {
      order[i] = (first + i) % members;
    }
    return order;
  }

  /** What a priority means: a text that is no number means 0. */
  public static int priority(String text) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private interface Difference {
    long between(int a, int b);
  }

  /** Stable. */
  private static int[] sorted(int[] order, Difference difference) {
    return Arrays.stream(order)
        .boxed()
        .sorted((a, b) -> Long.signum(difference.between(a, b)))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
