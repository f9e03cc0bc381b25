package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.StateCommand;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An update that a client asked a replica for, and what became of it. */
public final class StormUpdate {
  private final StateCommand command;
  private final StormProcess replica;
  private final long submittedMillis;
  private long answeredMillis = -1;
  private @Nullable Answer answer;

  StormUpdate(StateCommand command, StormProcess replica, long submittedMillis) {
    this.command = command;
    this.replica = replica;
    this.submittedMillis = submittedMillis;
  }

  public StateCommand command() {
    return command;
  }

  /** Empty while the client waits, and for ever if the replica died. */
  public Optional<Answer> answer() {
    return Optional.ofNullable(answer);
  }

  public boolean isAnswered() {
    return answer != null;
  }

  /** Whether the client was told that it is done. */
  public boolean isDone() {
    return answer instanceof Answer.Outcome outcome && outcome.result().refusal().isEmpty();
  }

  /** Whether the client was told that nobody knows. */
  public boolean isUnknown() {
    return answer instanceof Answer.UnknownOutcome;
  }

  /** How long the client waited. */
  public long waitedMillis() {
    return answeredMillis - submittedMillis;
  }

  /** Whether an answer is still due. */
  boolean isOwed() {
    return answer == null && replica.isAlive();
  }

  void answered(Answer by, long nowMillis) {
    Violation.unless(answer == null, "%s is answered again: %s", this, by);
    answer = by;
    answeredMillis = nowMillis;
  }

  @Override
  public String toString() {
    return command + " at " + replica;
  }
}
