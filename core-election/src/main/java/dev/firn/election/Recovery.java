package dev.firn.election;

/** Leaves whatever group the replica is in, for a group of its own that does not serve. */
interface Recovery {
  /**
   * @param reason for the trace
   */
  void recover(String reason);
}
