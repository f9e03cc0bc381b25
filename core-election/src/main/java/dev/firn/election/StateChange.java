package dev.firn.election;

/** Something to write: what a store does to disk and {@link ReplicatedState#with} to memory. */
public interface StateChange {
  record SetPosition(LogPosition position) implements StateChange {}

  /** No update of a lower generation may be accepted from now on. */
  record SetPromise(long generation) implements StateChange {}
}
