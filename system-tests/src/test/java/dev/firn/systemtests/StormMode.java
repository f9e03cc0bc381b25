package dev.firn.systemtests;

/** How a storm keeps its topics. */
enum StormMode {
  TRANSIENT,
  PERSISTENT,
  /** Three replicas. */
  REPLICATED
}
