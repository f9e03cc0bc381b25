package dev.firn.election;

/** What a replica is doing; the order is that of the wire. */
public enum NodeState {
  /** Alone in its group, serving nobody, looking for others. */
  INACTIVE,
  /** Inviting others, or about to accept an invitation. */
  ELECTION,
  /** The group is known; content is on its way. */
  REORGANIZATION,
  /** Serving. */
  NORMAL;

  /** The name in trace lines. */
  String traceName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
