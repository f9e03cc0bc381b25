package dev.firn.testkit;

import dev.firn.model.ObjectEntry;
import dev.firn.model.Topic;
import dev.firn.replication.PushedUpdate;
import dev.firn.replication.ReplicaInfo;
import dev.firn.replication.SessionId;
import java.util.List;
import java.util.Map;

/** What registries ask of each other: the operations of the internal interfaces. */
sealed interface Request {
  // Slave to master.

  record Register(ReplicaInfo info, Peer peer) implements Request {}

  record Subscribe(SessionId session, Map<String, Long> serials, long epochNumber)
      implements Request {}

  record RegisterWellKnown(SessionId session, List<ObjectEntry> entries) implements Request {}

  record KeepAlive(SessionId session) implements Request {}

  record ReceivedUpdate(SessionId session, Topic topic, int serial, String failure)
      implements Request {}

  record Destroy(SessionId session) implements Request {}

  // Master to slave.

  /**
   * @param lineage whose history it belongs to; only the checks look at it
   */
  record Update(long attempt, PushedUpdate update, Lineage lineage) implements Request {}

  record RegisterWithReplica() implements Request {}

  record Ping() implements Request {}

  /** Where a slave's observer lives. */
  record Peer(int machine, long incarnation, long attempt) {}
}
