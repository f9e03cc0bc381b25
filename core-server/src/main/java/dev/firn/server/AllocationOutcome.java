package dev.firn.server;

/** What became of a request. */
public sealed interface AllocationOutcome {
  /** The session has the object. */
  record Granted(AllocatableObject object) implements AllocationOutcome {}

  /** The session has the object no more. */
  record Released(AllocatableObject object) implements AllocationOutcome {}

  /**
   * @param reason empty unless FAILED
   */
  record Refused(Refusal refusal, String reason) implements AllocationOutcome {}

  /** Kinds of refusals: each is an exception of its own. */
  enum Refusal {
    /** There is no such allocatable object. */
    NOT_REGISTERED,
    /** Waited as long as allowed. */
    TIMED_OUT,
    /** The reason says why. */
    FAILED
  }
}
