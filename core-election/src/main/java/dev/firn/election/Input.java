package dev.firn.election;

import dev.firn.model.ObjectId;
import java.util.List;

/** What happens to a {@link Replica}. */
public sealed interface Input {
  /** The replica begins; the first input, once. */
  record Start() implements Input {}

  /** Time passed; to be given when {@link Replica#wakeAtMillis} is reached, or more often. */
  record Tick() implements Input {}

  /** The replica ends: everybody who waits is released. What comes later is refused. */
  record Shutdown() implements Input {}

  /** The changes of the last {@link Output.Persist} are durable. */
  record Persisted() implements Input {}

  /** The changes of the last {@link Output.Persist} could not be written; none were. */
  record PersistFailed(String reason) implements Input {}

  /** A peer's oneway message. */
  record Told(Message.Oneway message) implements Input {}

  /** A peer waits for an {@link Output.Reply}. */
  record Asked(RequestId request, Message.Call message) implements Input {}

  /** A oneway message could not be handed to the network. May be given late or not at all. */
  record NotSent(ReplicaId to, Message.Oneway message, String reason) implements Input {}

  /**
   * A call returned. Each call ends once: so or with {@link CallFailed}, soon after its time-out at
   * the latest.
   */
  record CallAnswered(CallId call, Answer answer) implements Input {}

  record CallFailed(CallId call, Failure failure, String reason) implements Input {}

  /**
   * A connection to or from a peer closed without this replica's doing: its process may have died.
   * A hint; the replica finds out.
   */
  record PeerConnectionClosed(ReplicaId peer) implements Input {}

  /**
   * A client wants a command carried out. Replied to with {@link Answer.Outcome} or {@link
   * Answer.UnknownOutcome}, perhaps much later.
   */
  record Submit(RequestId request, StateCommand command) implements Input {}

  /**
   * A client wants a command carried out by this replica. Replied to with {@link Answer.Outcome},
   * {@link Answer.UnknownOutcome} or {@link Answer.NotCoordinator}; never waits for a group.
   */
  record SubmitHere(RequestId request, StateCommand command) implements Input {}

  /** Only for replicas of storms. */
  sealed interface OfTopics extends Input {}

  /**
   * {@code TopicInternal.reap} of a peer. Replied to with {@link Answer.Done} or {@link
   * Answer.ReapWouldBlock}; never waits for a group.
   */
  record Reap(RequestId request, String topic, List<ObjectId> subscribers) implements OfTopics {
    public Reap {
      subscribers = List.copyOf(subscribers);
    }
  }

  /**
   * Delivery found that a subscriber is gone for good; nobody waits.
   *
   * @param generation of the group in which this replica served while it tried to deliver; what was
   *     found in another group, or in none, is not believed
   */
  record Gone(String topic, Subscription subscription, long generation) implements OfTopics {}

  /** Why a call failed. */
  enum Failure {
    /** It was surely not executed: not connected, not sent. Connect time-outs are of this kind. */
    REFUSED,
    /** It was sent, and no answer came in time. */
    TIMEOUT,
    /** The connection was lost after it may have been sent. */
    LOST,
    /** The peer does not know the operation. */
    UNKNOWN_OPERATION,
    /** Anything else, such as an unknown exception of the peer; it may have been executed. */
    OTHER
  }
}
