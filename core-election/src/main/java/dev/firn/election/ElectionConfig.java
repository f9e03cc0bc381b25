package dev.firn.election;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a replica must know from its start.
 *
 * @param nodes all replicas, itself included, ascending
 * @param coldStartMajority whether a majority suffices for the first group after a full stop,
 *     provided that all its members are Firn's; otherwise all replicas must take part
 * @param publishWhileElecting whether events go on being delivered while there is no group
 * @param updatesPerCallMax updates that a member is sent at once; 1 among storms
 * @param waitingMax updates that may wait for a group or for their turn
 * @param waitingMillisMax how long an update waits for a group; 0 for as long as it takes
 */
public record ElectionConfig(
    ReplicaId self,
    List<ReplicaId> nodes,
    boolean coldStartMajority,
    boolean publishWhileElecting,
    int updatesPerCallMax,
    int waitingMax,
    long waitingMillisMax,
    ElectionTiming timing) {
  public static final int WAITING_MAX = 10_000;

  public ElectionConfig {
    requireNonNull(self, "self");
    requireNonNull(timing, "timing");
    nodes = nodes.stream().sorted().distinct().toList();
    if (!nodes.contains(self)) {
      throw new IllegalArgumentException("replica " + self + " is not one of " + nodes);
    }
    if (updatesPerCallMax < 1 || waitingMax < 1 || waitingMillisMax < 0) {
      throw new IllegalArgumentException(
          "updatesPerCallMax and waitingMax must be >= 1, waitingMillisMax >= 0: %d, %d, %d"
              .formatted(updatesPerCallMax, waitingMax, waitingMillisMax));
    }
  }

  /** Everything but the names by default. */
  public static ElectionConfig of(ReplicaId self, List<ReplicaId> nodes) {
    return new ElectionConfig(self, nodes, false, true, 1, WAITING_MAX, 0, ElectionTiming.DEFAULTS);
  }

  /** The members that a coordinator needs besides itself. */
  int membersMin() {
    return nodes.size() / 2;
  }
}
