package dev.firn.registry;

import dev.firn.wire.Async;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Answers that wait for somebody else: a verifier, a slave, a client. When the registry stops they
 * are given up, because an adapter waits for its requests before it goes. Any thread.
 */
final class PendingAnswers {
  private static final long PATIENCE_MILLIS = 1_000;

  private final Map<Object, CompletableFuture<?>> pending = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /** An answer that ends with its source or with {@link #giveUp}, whichever comes first. */
  <T> CompletableFuture<T> of(CompletionStage<T> source) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Object key = new Object();
    pending.put(key, answer);
    answer.whenComplete((result, failure) -> pending.remove(key));
    Async.forward(source, answer);
    if (stopped) {
      fail(answer);
    }
    return answer;
  }

  /** As {@link #of(CompletionStage)}; what {@code source} throws is the answer's failure. */
  <T> CompletableFuture<T> from(Supplier<CompletionStage<T>> source) {
    try {
      return of(source.get());
    } catch (RuntimeException ex) {
      return CompletableFuture.failedFuture(ex);
    }
  }

  /**
   * Gives up what is not answered within a short time: the request that ends the registry is itself
   * one of these, and is to be answered. Blocks for that time at most.
   */
  void giveUp() {
    try {
      CompletableFuture.allOf(pending.values().toArray(CompletableFuture[]::new))
          .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Failed answers are answers too; the others have had their time.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopped = true;
    List.copyOf(pending.values()).forEach(PendingAnswers::fail);
  }

  private static void fail(CompletableFuture<?> answer) {
    answer.completeExceptionally(new com.zeroc.Ice.ObjectNotExistException());
  }
}
