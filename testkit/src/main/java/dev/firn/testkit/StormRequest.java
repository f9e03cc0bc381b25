package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.ReplicaView;
import dev.firn.election.StateCommand;
import dev.firn.model.ObjectId;
import java.util.List;

/** What a replica calls at another. A replica is reached by its id, whichever process is up. */
sealed interface StormRequest {
  /** Whether Ice may send it again by itself. */
  default boolean isIdempotent() {
    return false;
  }

  /** To the node object, or to the observer. */
  record OfReplica(Message message) implements StormRequest {
    @Override
    public boolean isIdempotent() {
      return message instanceof Message.AreYouCoordinator
          || message instanceof Message.AreYouThere
          || message instanceof Message.AskStatus;
    }
  }

  /** {@code Node.query}, which ours ask ZeroC's replicas instead of {@code areYouCoordinator}. */
  record Query() implements StormRequest {
    @Override
    public boolean isIdempotent() {
      return true;
    }
  }

  /** A client's command, to the coordinator. */
  record Forward(StateCommand command) implements StormRequest {}

  /** Subscribers that delivery found gone, to the coordinator. */
  record Reap(String topic, List<ObjectId> subscribers) implements StormRequest {}

  record Ping() implements StormRequest {
    @Override
    public boolean isIdempotent() {
      return true;
    }
  }

  /** How it ends for the caller. */
  sealed interface End {
    record Answered(Answer answer) implements End {}

    record Failed(Input.Failure failure, String reason) implements End {}

    static Answered done() {
      return new Answered(new Answer.Done());
    }

    static End unknownException(String reason) {
      return new Failed(Input.Failure.OTHER, "UnknownException: " + reason);
    }

    static Answered bool(boolean value) {
      return new Answered(new Answer.Bool(value));
    }

    /** The answer to a {@link Query}. */
    static Answered view(ReplicaView view) {
      return new Answered(
          new Answer.View(view.state(), view.coordinator(), view.group(), view.max()));
    }

    /** Whether the peer said that it did it. */
    default boolean isDone() {
      return this instanceof Answered answered && answered.answer() instanceof Answer.Done;
    }

    /** Whether the peer said yes. */
    default boolean isYes() {
      return this instanceof Answered answered && answered.answer().equals(new Answer.Bool(true));
    }
  }
}
