package dev.firn.server;

/** Who wants a server to start. */
enum StartKind {
  MANUAL,
  ON_DEMAND,
  /** The node itself. */
  ALWAYS
}
