package dev.firn.server;

/**
 * What happens to a server, as its registry sees it.
 *
 * @param <P> what the node answers when it has loaded a server
 */
public sealed interface ServerSyncInput<P> {
  /**
   * The server was added or changed; a session that it is assigned to stays, and is part of the
   * target while the server is activated by sessions.
   *
   * @param send whether the node is told now, or when the server is needed
   */
  record Update<P>(ServerTarget target, boolean send) implements ServerSyncInput<P> {}

  /** The server was removed; its node is told. */
  record Remove<P>(boolean withoutRestart) implements ServerSyncInput<P> {}

  /**
   * The server belongs to this session now, or to none if empty; its node is told if the server is
   * activated by sessions and was not as it is to be already.
   */
  record Assign<P>(String sessionId) implements ServerSyncInput<P> {}

  /** The node is told again, even if it has confirmed the server. */
  record Recheck<P>() implements ServerSyncInput<P> {}

  /**
   * Somebody needs the server; answered once.
   *
   * @param waiter a number not in use, also not by {@link Settle}
   * @param upToDate whether it has to be as it was changed last; otherwise what the node answered
   *     before will do while a request is under way
   */
  record Demand<P>(long waiter, boolean upToDate) implements ServerSyncInput<P> {}

  /** Somebody waits until nothing is under way; answered once. */
  record Settle<P>(long waiter) implements ServerSyncInput<P> {}

  /** A node began a session. */
  record NodeUp<P>(String node) implements ServerSyncInput<P> {}

  /** A node's session ended: nobody knows what it still has. */
  record NodeLost<P>(String node) implements ServerSyncInput<P> {}

  /** The node has loaded what {@link ServerSyncOutput.Load} asked for. */
  record Loaded<P>(long attempt, P loaded) implements ServerSyncInput<P> {}

  /** The node does not have the server any more. */
  record Destroyed<P>(long attempt) implements ServerSyncInput<P> {}

  /** The node refused a request. */
  record Refused<P>(long attempt, String reason) implements ServerSyncInput<P> {}

  /** A request was not answered, within its time. */
  record Unanswered<P>(long attempt, String reason) implements ServerSyncInput<P> {}
}
