package dev.firn.election;

import java.util.List;

/**
 * A replica at one moment, for administrators: {@code Node.query}.
 *
 * @param coordinator of its group; itself if it is alone
 * @param members of the group without the coordinator, ascending; empty on a slave
 * @param max size of the largest group it knows of
 * @param generation of the group it serves in, -1 if it does not
 */
public record ReplicaView(
    ReplicaId id,
    ReplicaId coordinator,
    String group,
    NodeState state,
    List<Member> members,
    int max,
    long generation) {
  public ReplicaView {
    members = List.copyOf(members);
  }

  /**
   * @param position when it accepted the invitation
   */
  public record Member(ReplicaId id, LogPosition position) {}
}
