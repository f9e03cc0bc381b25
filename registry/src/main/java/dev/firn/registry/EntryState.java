package dev.firn.registry;

/** How far a deployed server has come on its way to its node. */
enum EntryState {
  /** The node has it as it is deployed. */
  LOADED,
  /** A request to the node is under way. */
  SYNCHRONISING,
  /** The node could not be reached when it was needed last, or was never needed yet. */
  UNREACHABLE,
  /** The node refused it when it was needed last. */
  FAILED,
  /** There is no such server. */
  UNKNOWN
}
