package dev.firn.wire;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.OutputStream;
import com.zeroc.IceInternal.Incoming;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Small change for asynchronous dispatch. Any thread. */
public final class Async {
  private Async() {}

  /** What a stage really failed with. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** An asynchronous call; one that cannot even be made is a failed one, like any other. */
  public static <T> CompletionStage<T> call(Supplier<? extends CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (LocalException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Gives {@code to} the outcome of {@code from}. */
  public static <T> void forward(CompletionStage<T> from, CompletableFuture<T> to) {
    from.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            to.complete(result);
          } else {
            to.completeExceptionally(cause(failure));
          }
        });
  }

  /** The same outcome, whose failure is not wrapped. Answers need it not: Ice unwraps itself. */
  public static <T> CompletionStage<T> plain(CompletionStage<T> from) {
    return translated(from, failure -> failure);
  }

  /**
   * The same outcome, whose failure is said in another way.
   *
   * @param translation of the failure, not wrapped
   */
  public static <T> CompletionStage<T> translated(
      CompletionStage<T> from, UnaryOperator<Throwable> translation) {
    CompletableFuture<T> translated = new CompletableFuture<>();
    from.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            translated.complete(result);
          } else {
            translated.completeExceptionally(translation.apply(cause(failure)));
          }
        });
    return translated;
  }

  /** The answer of an operation that the public Slice does not declare asynchronous. */
  public static <T> CompletionStage<OutputStream> answer(
      Incoming incoming, CompletionStage<T> result, Incoming.Write<T> write) {
    return incoming.setResultFuture(result, write);
  }

  /** For the synchronous variant of an operation that is only dispatched asynchronously. */
  public static IllegalStateException onlyAsync(String operation) {
    return new IllegalStateException("\"" + operation + "\" is dispatched asynchronously");
  }
}
