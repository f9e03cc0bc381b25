package dev.firn.server;

/**
 * What becomes of a demand for a server.
 *
 * @param <P> what the node answers when it has loaded a server
 */
public sealed interface SyncOutcome<P> {
  /** The node has it. */
  record Ready<P>(P loaded) implements SyncOutcome<P> {}

  /** It is not deployed any more. */
  record Gone<P>() implements SyncOutcome<P> {}

  /** The node does not have it, for now. */
  record Failed<P>(SyncFailure failure) implements SyncOutcome<P> {}
}
