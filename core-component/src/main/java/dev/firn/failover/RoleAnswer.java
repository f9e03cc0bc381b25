package dev.firn.failover;

/** What a request is answered with. */
public sealed interface RoleAnswer {
  /** The instance has the role that was asked for. */
  record Done() implements RoleAnswer {}

  /** It has not become active. */
  record Failed(String reason) implements RoleAnswer {}

  /** A newer epoch is known. */
  record Stale(long currentEpoch) implements RoleAnswer {}

  /** It has not all of the state, or cannot know; headSeq is what it knows of. */
  record NotSynchronized(long appliedSeq, long headSeq) implements RoleAnswer {}
}
