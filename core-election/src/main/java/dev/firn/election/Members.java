package dev.firn.election;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The members of this replica's own group, itself not counted; of a new one while it is made. */
final class Members {
  private final Core core;
  private final Peers peers;
  private final Runnable onEvicted;
  private final SortedMap<ReplicaId, Member> members = new TreeMap<>();

  /**
   * @param onEvicted runs after a member is gone
   */
  Members(Core core, Peers peers, Runnable onEvicted) {
    this.core = core;
    this.peers = peers;
    this.onEvicted = onEvicted;
  }

  int size() {
    return members.size();
  }

  /** Whether they and this replica are a majority. */
  boolean suffice() {
    return members.size() >= core.config().membersMin();
  }

  boolean contains(ReplicaId id) {
    return members.containsKey(id);
  }

  /** Whether it is still this one, not another life of the same replica. */
  boolean contains(Member member) {
    return member.equals(members.get(member.id()));
  }

  /** Ascending; a copy. */
  List<Member> all() {
    return List.copyOf(members.values());
  }

  /** Ascending; a copy. */
  List<ReplicaId> ids() {
    return List.copyOf(members.keySet());
  }

  void add(Member member) {
    members.put(member.id(), member);
  }

  void clear() {
    members.clear();
  }

  /** Goes on without a member; one that is none is left alone. */
  void evict(ReplicaId id, String reason) {
    if (members.remove(id) != null) {
      core.outputs().election("reaping slave " + id);
      core.outputs().replication("going on without node " + id + ": " + reason);
      peers.get(id).backOff().failed(core.nowMillis());
      onEvicted.run();
    }
  }
}
