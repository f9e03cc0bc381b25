package dev.firn.registry;

import dev.firn.model.Command;
import dev.firn.model.Rejection;
import dev.firn.replication.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Submits commands for servants and maps what comes of them to their exceptions. */
final class Updates {
  private Updates() {}

  /**
   * Carries out a command.
   *
   * @param refusal the exception for a command that was refused
   * @return completes when the command is durable, visible and acknowledged by the slaves
   */
  static CompletionStage<Void> submit(
      Engine engine, Command command, Function<Rejection, Exception> refusal) {
    return await(engine.submit(command), refusal);
  }

  static CompletionStage<Void> await(
      CompletableFuture<Answer> answer, Function<Rejection, Exception> refusal) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    answer.whenComplete(
        (result, failure) -> {
          if (failure != null) {
            done.completeExceptionally(failure);
          } else if (result instanceof Answer.NotDone notDone) {
            done.completeExceptionally(refusal.apply(notDone.rejection()));
          } else {
            done.complete(null);
          }
        });
    return done;
  }

  /** For a rejection that no user exception of the operation fits. */
  static RuntimeException unexpected(Rejection rejection) {
    if (rejection.reason() == Rejection.Reason.SHUTTING_DOWN) {
      return new com.zeroc.Ice.ObjectNotExistException();
    }
    return new com.zeroc.Ice.UnknownException(
        "registry update failed: " + rejection.reason() + ": " + rejection.subject());
  }
}
