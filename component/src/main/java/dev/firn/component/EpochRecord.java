package dev.firn.component;

import dev.firn.wire.EpochContext;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The newest epoch of each group that has called. Any thread. */
final class EpochRecord {
  /** Groups whose epochs are remembered; a receiver does not know how many there are. */
  private static final int GROUPS_MAX = 10_000;

  private final Map<String, Long> newest = new ConcurrentHashMap<>();

  /**
   * Checks the context of a request, and learns from it.
   *
   * @throws StaleEpoch a newer epoch of the caller's group has called before
   */
  void check(Map<String, String> context) throws StaleEpoch {
    if (!context.containsKey(EpochContext.EPOCH)) {
      return;
    }
    Optional<EpochContext> caller = EpochContext.of(context);
    if (caller.isEmpty()
        || (newest.size() >= GROUPS_MAX && !newest.containsKey(caller.get().group()))) {
      return;
    }
    long current = newest.merge(caller.get().group(), caller.get().epoch(), Math::max);
    if (caller.get().epoch() < current) {
      throw new StaleEpoch(current);
    }
  }
}
