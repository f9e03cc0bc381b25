package dev.firn.registry;

import dev.firn.replication.PushedUpdate;
import dev.firn.replication.ReplicaInfo;
import dev.firn.replication.SessionId;

/** The slaves, as the engine of a master sees them. Called on the engine's thread; none blocks. */
interface MasterPeers {
  /** For a slave, which has no slaves of its own. */
  MasterPeers NONE =
      new MasterPeers() {
        @Override
        public void ping(SessionId session) {
          throw unexpected("ping");
        }

        @Override
        public void push(SessionId session, PushedUpdate update) {
          throw unexpected("push");
        }

        @Override
        public void replicaUp(SessionId session, ReplicaInfo info) {
          throw unexpected("replicaUp");
        }

        @Override
        public void replicaDown(SessionId session, ReplicaInfo info) {
          throw unexpected("replicaDown");
        }

        private IllegalStateException unexpected(String output) {
          return new IllegalStateException("a slave's core wants " + output);
        }
      };

  void ping(SessionId session);

  void push(SessionId session, PushedUpdate update);

  void replicaUp(SessionId session, ReplicaInfo info);

  void replicaDown(SessionId session, ReplicaInfo info);
}
