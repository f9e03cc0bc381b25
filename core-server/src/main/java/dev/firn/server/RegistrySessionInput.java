package dev.firn.server;

/** What happens to a {@link RegistrySession}. */
public sealed interface RegistrySessionInput {
  /** Why an attempt brought no session. */
  enum Failure {
    UNREACHABLE,
    /** The registry has a living node of this name. */
    NAME_IN_USE,
    DENIED
  }

  /** Time has passed. */
  record Tick() implements RegistrySessionInput {}

  /** A session is wanted now: the registry announced itself, or the node has just started. */
  record ConnectWanted() implements RegistrySessionInput {}

  /**
   * @param timeoutSeconds of the session; 0 or less: as before
   */
  record Granted(long attempt, int timeoutSeconds) implements RegistrySessionInput {}

  record Failed(long attempt, Failure kind, String reason) implements RegistrySessionInput {}

  record KeptAlive(long attempt) implements RegistrySessionInput {}

  /** The registry does not know the session any more, or does not answer. */
  record Lost(long attempt, String reason) implements RegistrySessionInput {}

  /** A connection closed; whether the registry is there is to be asked. */
  record ConnectionClosed(long attempt) implements RegistrySessionInput {}

  /** The node ends, or the registry is none any more. */
  record Ended() implements RegistrySessionInput {}
}
