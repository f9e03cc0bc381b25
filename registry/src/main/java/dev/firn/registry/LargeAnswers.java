package dev.firn.registry;

import com.zeroc.Ice.UnknownException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes answers that may list a whole table, away from the thread that look-ups need.
 *
 * <p>One thread: such answers are rare, and two at a time would only take turns on a processor.
 */
final class LargeAnswers {
  private static final int WAITING_MAX = 1_000;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING_MAX),
          task -> {
            Thread created = new Thread(task, "firn-large-answers");
            created.setDaemon(true);
            return created;
          });

  LargeAnswers() {
    thread.allowCoreThreadTimeOut(true);
  }

  /** Computes on the thread for it; what depends on the result runs there too. */
  <T> CompletionStage<T> compute(Supplier<T> answer) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            try {
              result.complete(answer.get());
            } catch (RuntimeException e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      throw new UnknownException(
          WAITING_MAX + " large queries are waiting already; ask again later", e);
    }
    return result;
  }
}
