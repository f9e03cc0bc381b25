package dev.firn.election;

/** A change that a client wants; see {@link ReplicatedState#apply}. */
public interface StateCommand {
  /** What members of the coordinator's group are sent: what was decided, not what was wanted. */
  default StateCommand forMembers() {
    return this;
  }

  /** The operation by which members get it, for reports. */
  String operation();
}
