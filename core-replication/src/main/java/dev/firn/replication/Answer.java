package dev.firn.replication;

import dev.firn.model.Rejection;

/** What a waiting caller is told. */
public sealed interface Answer {
  /** Done, and acknowledged by every slave that was connected. */
  record Done() implements Answer {}

  /** Not done. */
  record NotDone(Rejection rejection) implements Answer {}

  /** A slave got a session. */
  record SessionCreated(SessionId session) implements Answer {}

  /** The slave's name is in use by another live process. */
  record ReplicaActive(String name) implements Answer {}

  /** The slave's database is not older than the master's. */
  record DatabaseRefused(String reason) implements Answer {}

  /** The session does not exist any more. */
  record NoSession() implements Answer {}
}
