package dev.firn.wire;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Util;
import dev.firn.election.Answer;
import dev.firn.election.CallId;
import dev.firn.election.Input;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes asynchronous calls of other replicas and turns their ends into inputs. Any thread. */
public final class AsyncCalls {
  private final Consumer<Input> inputs;

  /**
   * @param inputs where ends of calls go; any thread
   */
  public AsyncCalls(Consumer<Input> inputs) {
    this.inputs = inputs;
  }

  /** Begins a call; may throw what Ice's asynchronous calls throw. */
  public interface Start<T> {
    CompletableFuture<T> begin();
  }

  /** What becomes of a result. */
  public interface Continuation<T> {
    void accept(T result);
  }

  /** Sees an answer in an exception, or null where it is a failure of the call. */
  public interface Exceptional {
    Exceptional NONE = failure -> null;

    @Nullable Answer answer(Throwable failure);
  }

  /**
   * Where a call goes, and for whom.
   *
   * @param patient whether a slow answer to other calls must not disturb this one
   */
  public record Target(CallId id, ReplicaPeer peer, boolean patient) {}

  public void answered(CallId id, Answer answer) {
    inputs.accept(new Input.CallAnswered(id, answer));
  }

  public void failed(CallId id, Input.Failure failure, String reason) {
    inputs.accept(new Input.CallFailed(id, failure, reason));
  }

  /**
   * Makes a call. Its end is posted once: by {@code then}, or here.
   *
   * @param then called with the result on one of Ice's threads
   */
  public <T> void call(
      Target target, Start<T> start, Continuation<T> then, Exceptional exceptional) {
    CompletableFuture<T> call;
    try {
      call = start.begin();
    } catch (LocalException e) {
      failed(target.id(), CallFailures.classify(e, false), Exceptions.text(e));
      return;
    }
    target
        .peer()
        .watch(call, target.patient())
        .whenComplete(
            (result, failure) -> {
              if (failure == null) {
                proceed(target.id(), then, result);
              } else {
                end(target.id(), call, Async.cause(failure), exceptional);
              }
            });
  }

  private <T> void proceed(CallId id, Continuation<T> then, T result) {
    try {
      then.accept(result);
    } catch (RuntimeException e) {
      failed(id, Input.Failure.OTHER, "cannot use the answer: " + e);
    }
  }

  private void end(
      CallId id, CompletableFuture<?> call, Throwable failure, Exceptional exceptional) {
    Answer answer = exceptional.answer(failure);
    if (answer != null) {
      answered(id, answer);
    } else {
      boolean sent = Util.getInvocationFuture(call).isSent();
      failed(id, CallFailures.classify(failure, sent), Exceptions.text(failure));
    }
  }
}
