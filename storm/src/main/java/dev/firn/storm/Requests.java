package dev.firn.storm;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.RequestFailedException;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UnknownLocalException;
import com.zeroc.IceStorm.ReapWouldBlock;
import dev.firn.election.TopicCommand;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the servants have in common: requests that wait hold no thread. Any thread. */
final class Requests {
  private Requests() {}

  /** What a request does once it may; its failure is the request's. */
  interface Operation<T> {
    CompletionStage<T> run() throws Exception;
  }

  /** Ice's form of an acknowledged update's result. */
  interface Accepted<T> {
    T result();
  }

  /** The exception for a rejected update. */
  interface Refused {
    Exception of(TopicCommand.Rejection rejection);
  }

  /** Runs an operation when the gate is open: at once, or later. */
  static <T> CompletionStage<T> pass(Gate gate, Operation<T> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (gate.isOpen()) {
      run(operation, answer);
    } else {
      gate.whenOpen()
          .whenComplete(
              (opened, failure) -> {
                if (failure == null) {
                  run(operation, answer);
                } else {
                  answer.completeExceptionally(forCaller(failure));
                }
              });
    }
    return answer;
  }

  /** The answer to an update. */
  static <T> CompletionStage<T> answer(
      CompletionStage<TopicCommand.Result> update, Accepted<T> accepted, Refused refused) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    update.whenComplete(
        (result, failure) -> {
          if (failure != null) {
            answer.completeExceptionally(forCaller(failure));
          } else if (result instanceof TopicCommand.Result.Rejected rejected) {
            answer.completeExceptionally(refused.of(rejected.rejection()));
          } else {
            answer.complete(accepted.result());
          }
        });
    return answer;
  }

  /**
   * A rejection that the operation does not declare.
   *
   * @param what it happened to, with its name
   */
  static UnknownException undeclared(TopicCommand.Rejection rejection, String what) {
    return expected(
        new UnknownException(
            rejection.reason() == TopicCommand.Reason.KEY_TOO_LONG
                ? what
                    + ": the identities are too long, the topic's and the subscriber's must fit in "
                    + TopicCommand.KEY_SIZE_MAX
                    + " bytes"
                : what + ": " + rejection));
  }

  private static <T> void run(Operation<T> operation, CompletableFuture<T> answer) {
    try {
      operation
          .run()
          .whenComplete(
              (result, failure) -> {
                if (failure == null) {
                  answer.complete(result);
                } else {
                  answer.completeExceptionally(forCaller(failure));
                }
              });
    } catch (Exception e) {
      answer.completeExceptionally(forCaller(e));
    }
  }

  private static Throwable forCaller(Throwable failure) {
    Throwable cause = Async.cause(failure);
    if (cause instanceof UnknownOutcomeException unknown) {
      return expected(new UnknownException(unknown.getMessage()));
    } else if (cause instanceof ReapRefusedException) {
      return new ReapWouldBlock();
    } else if (cause instanceof LocalException local
        && !(local instanceof RequestFailedException)
        && !(local instanceof UnknownException)) {
      // What Ice makes of it too, but without a stack trace for the caller.
      return expected(new UnknownLocalException(Exceptions.text(local)));
    }
    return cause;
  }

  /** Ice logs what it cannot declare; where in our code it was made tells nobody anything. */
  private static <T extends LocalException> T expected(T exception) {
    exception.setStackTrace(new StackTraceElement[0]);
    return exception;
  }
}
