package dev.firn.registry;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Requests to one node during one session: begun in order, only so many unanswered at a time. Any
 * thread; requests are made on the executor.
 */
final class NodeLane {
  /** The lane closed before the request was made. */
  static final class ClosedException extends RuntimeException {
    private ClosedException() {
      super("the node is not active");
    }
  }

  private record Task(Supplier<CompletionStage<?>> request, Runnable closed) {}

  private final Executor executor;
  private final int unansweredMax;
  private final Queue<Task> waiting = new ArrayDeque<>();
  private int unanswered;
  private boolean closed;

  NodeLane(Executor executor, int unansweredMax) {
    this.executor = executor;
    this.unansweredMax = unansweredMax;
  }

  /**
   * Makes a request when its turn comes.
   *
   * @param request called on the executor; what it throws fails the result
   * @return as the request's; fails with ClosedException if the session ends before
   */
  <T> CompletionStage<T> submit(Supplier<CompletionStage<T>> request) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Task task =
        new Task(
            () -> started(request, result),
            () -> result.completeExceptionally(new ClosedException()));
    synchronized (this) {
      if (!closed) {
        waiting.add(task);
      }
    }
    if (isClosed()) {
      task.closed().run();
    } else {
      next();
    }
    return result;
  }

  /** Nothing more is asked; what is under way is left to whoever waits for it. */
  void close() {
    Queue<Task> left;
    synchronized (this) {
      closed = true;
      left = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    left.forEach(task -> task.closed().run());
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void next() {
    Task task;
    synchronized (this) {
      if (unanswered >= unansweredMax || waiting.isEmpty()) {
        return;
      }
      task = waiting.remove();
      unanswered++;
    }
    executor.execute(() -> task.request().get().whenComplete((result, failure) -> answered()));
  }

  private void answered() {
    synchronized (this) {
      unanswered--;
    }
    next();
  }

  private static <T> CompletionStage<T> started(
      Supplier<CompletionStage<T>> request, CompletableFuture<T> result) {
    try {
      dev.firn.wire.Async.forward(request.get(), result);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
    return result;
  }
}
