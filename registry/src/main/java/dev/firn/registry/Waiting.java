package dev.firn.registry;

import dev.firn.wire.Exceptions;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Waits for a stage, for callers that may block. */
final class Waiting {
  private Waiting() {}

  /** The result, or the exception of the stage as it is if it is of a declared type. */
  static <T, A extends Exception, B extends Exception> T until(
      CompletionStage<T> stage, Class<A> first, Class<B> second) throws A, B {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      Throwable cause = Exceptions.unwrapped(e);
      if (first.isInstance(cause)) {
        throw first.cast(cause);
      } else if (second.isInstance(cause)) {
        throw second.cast(cause);
      } else if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw e;
    }
  }
}
