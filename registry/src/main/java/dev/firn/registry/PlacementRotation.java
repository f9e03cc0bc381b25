package dev.firn.registry;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Whose turn it is in a replica group that takes turns. Any thread; nobody waits.
 *
 * <p>Every request takes one turn, and none is lost or given twice, however requests overlap.
 */
final class PlacementRotation {
  private final AtomicInteger next = new AtomicInteger();

  /**
   * Takes a turn. Members that cannot serve are passed over and their turns are lost, so that the
   * others stay even.
   *
   * @param members 1 or more; may differ from call to call
   * @return the member whose turn it is; if none can serve, one that cannot
   */
  int take(int members, IntPredicate canServe) {
    while (true) {
      int before = next.get();
      int first = before % members;
      int taken = first;
      while (!canServe.test(taken)) {
        taken = (taken + 1) % members;
        if (taken == first) {
          break;
        }
      }
      if (next.compareAndSet(before, (taken + 1) % members)) {
        return taken;
      }
    }
  }

  /**
   * Another member served the request than the one whose turn it was: the next turn is that of the
   * member behind it, unless somebody took a turn meanwhile. Without this, the neighbour of a
   * member that cannot serve would have two turns in each round.
   */
  void servedBy(int taken, int served, int members) {
    next.compareAndSet((taken + 1) % members, (served + 1) % members);
  }
}
