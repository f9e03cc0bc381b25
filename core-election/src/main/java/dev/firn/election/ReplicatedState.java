package dev.firn.election;

import java.util.List;

/**
 * What the replicas of a service agree on, at one moment. Immutable: a change makes a new instance.
 *
 * <p>The election and the replication know no more of it than this. One kind of state, with its own
 * kinds of commands, changes and contents, is used throughout a group; an instance may throw {@link
 * IllegalArgumentException} or {@link ClassCastException} for those of another kind.
 */
public interface ReplicatedState {
  /** How far it has come. */
  LogPosition position();

  /** The highest generation that this replica promised or proposed; survives restarts. */
  long promise();

  ReplicatedState with(List<? extends StateChange> changes);

  /** Validates and computes at the coordinator, which decides; changes nothing itself. */
  StateResult apply(StateCommand command);

  /**
   * The same at a member, for what a coordinator has decided: a refusal means that this state is
   * not the coordinator's.
   */
  StateResult follow(StateCommand command);

  /** Everything but position and promise, for a replica that may have anything. */
  List<? extends StateContent> content();

  /** The changes after which a state has exactly this content; without the position. */
  List<StateChange> changesTo(List<? extends StateContent> content);
}
