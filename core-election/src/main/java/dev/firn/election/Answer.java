package dev.firn.election;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** How a request or a call ends; which one may come is said where it is asked. */
public sealed interface Answer {
  record Done() implements Answer {}

  record Bool(boolean value) implements Answer {}

  /**
   * What a replica that is not Firn's says about itself, in the place of {@link Bool} to {@link
   * Message.AreYouCoordinator}: {@code Node.query} tells more.
   *
   * @param coordinator of the group the replica is in; itself if it is alone
   * @param max size of the largest group it knows of since its process started
   */
  record View(NodeState state, ReplicaId coordinator, String group, int max) implements Answer {
    public View {
      requireNonNull(state, "state");
      requireNonNull(coordinator, "coordinator");
      requireNonNull(group, "group");
    }
  }

  record Content(LogPosition position, List<? extends StateContent> content) implements Answer {
    public Content {
      requireNonNull(position, "position");
      content = List.copyOf(content);
    }
  }

  record Status(PeerStatus status) implements Answer {}

  /** {@code ObserverInconsistencyException}: the update does not fit what the replica has. */
  record Inconsistent(String reason) implements Answer {}

  /** The replica is ending or could not write; {@code UnknownException} for a peer. */
  record Failed(String reason) implements Answer {}

  /** What became of a client's command: it is done everywhere, or refused and not done. */
  record Outcome(StateResult result) implements Answer {}

  /** A client's command may or may not have been, or come to be, done. */
  record UnknownOutcome(String reason) implements Answer {}

  /**
   * A command for this replica alone was not carried out and will not be: it is not the coordinator
   * of a group.
   */
  record NotCoordinator(String reason) implements Answer {}

  /** {@code ReapWouldBlock}: ask another time, or another replica. */
  record ReapWouldBlock() implements Answer {}
}
