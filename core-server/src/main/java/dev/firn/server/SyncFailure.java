package dev.firn.server;

/** Why a node does not have a server as it should. */
public sealed interface SyncFailure {
  String node();

  /** What the node said, or what went wrong on the way to it. */
  String reason();

  /**
   * The node refused.
   *
   * @param load whether to load the server, or else to destroy it
   */
  record Refused(String node, boolean load, String reason) implements SyncFailure {}

  /** There was no answer. */
  record Unreachable(String node, String reason) implements SyncFailure {}
}
