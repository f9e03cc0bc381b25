package dev.firn.wire;

import dev.firn.election.Output;
import dev.firn.election.ReplicatedState;

/**
 * The service whose replica a {@link ReplicaLoop} runs. Called on the loop's thread, in the order
 * of what happens; must not block.
 */
public interface ReplicaService {
  /** From now on readers see this state. */
  void published(ReplicatedState state);

  /**
   * The replica serves, or does so no more. {@link ReplicaLoop#view} says in which group.
   *
   * @param readOpen whether it is in a group that serves
   * @param publishOpen the same, or more, if the service goes on with something during elections
   */
  void gates(boolean readOpen, boolean publishOpen);

  void report(Output.Severity severity, String message);

  void trace(Output.Category category, String message);

  /** The store failed; the replica leaves its group. */
  void storeFailed(String reason);

  /** The core threw: the process must end. Called once. */
  void broken(Throwable bug);

  /** Nothing happens any more. Perhaps on the thread that stopped the loop, perhaps twice. */
  void ended();
}
