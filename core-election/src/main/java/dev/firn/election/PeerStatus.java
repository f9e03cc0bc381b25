package dev.firn.election;

import static java.util.Objects.requireNonNull;

/**
 * What a replica says about itself when a peer asks; only Firn's replicas know the question.
 *
 * @param coordinator of the group the replica is in; itself if it is alone
 * @param position how far its topics have come
 * @param promise the highest generation it promised or proposed
 * @param boot differs between two processes of a replica
 * @param max size of the largest group it knows of since its process started
 */
public record PeerStatus(
    NodeState state,
    ReplicaId coordinator,
    String group,
    LogPosition position,
    long promise,
    long boot,
    int max) {
  public PeerStatus {
    requireNonNull(state, "state");
    requireNonNull(coordinator, "coordinator");
    requireNonNull(group, "group");
    requireNonNull(position, "position");
  }
}
