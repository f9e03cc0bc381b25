package dev.firn.server;

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
    int[] order = rotated(priorities.length, 0);
    for (int i = 1; i < order.length; i++) {
      insert(order, i, (a, b) -> priorities[a] < priorities[b]);
    }
    return order;
  }

  /** Ascending by load, equals by chance. */
  public static int[] byLoad(double[] loads, RandomGenerator random) {
    int[] order = shuffled(loads.length, random);
    for (int i = 1; i < order.length; i++) {
      insert(order, i, (a, b) -> loads[a] < loads[b]);
    }
    return order;
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

  private interface Less {
    boolean test(int a, int b);
  }

  /** A step of an insertion sort: stable, and groups are small. */
  private static void insert(int[] order, int from, Less less) {
    int moved = order[from];
    int place = from;
    while (place > 0 && less.test(moved, order[place - 1])) {
      order[place] = order[place - 1];
      place--;
    }
    order[place] = moved;
  }
}
