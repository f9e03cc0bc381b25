package dev.firn.storm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A gate that its owner opens and closes. Who waits passes in the order of arrival, before anybody
 * who comes later; on the executor's thread, not the owner's.
 */
final class SwitchGate implements Gate {
  private static final int WAITING_MAX = 100_000;

  private final String name;
  private final Executor executor;
  private final long limitMillis;

  /** Guarded by this. */
  private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();

  /** What the owner wants. Guarded by this. */
  private boolean target;

  /** Whether a task is letting those who wait pass. Guarded by this. */
  private boolean releasing;

  /** Guarded by this. */
  private boolean ended;

  private volatile boolean open;

  /**
   * @param name for messages: what waits here
   * @param executor one thread
   * @param limitMillis the longest wait, 0 for no limit
   */
  SwitchGate(String name, Executor executor, long limitMillis) {
    this.name = name;
    this.executor = executor;
    this.limitMillis = limitMillis;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public synchronized CompletableFuture<Void> whenOpen() {
    if (open) {
      return CompletableFuture.completedFuture(null);
    } else if (ended) {
      return CompletableFuture.failedFuture(new UnknownOutcomeException(stopping()));
    }
    dropTimedOut();
    if (waiting.size() >= WAITING_MAX) {
      return CompletableFuture.failedFuture(
          new UnknownOutcomeException(WAITING_MAX + " " + name + " are waiting already"));
    }
    CompletableFuture<Void> future = new CompletableFuture<>();
    waiting.add(future);
    if (limitMillis == 0) {
      return future;
    }
    return future
        .orTimeout(limitMillis, TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unwrapped(failure)));
  }

  /** Opens or closes. Any thread; does not wait. */
  synchronized void set(boolean wanted) {
    if (ended) {
      return;
    }
    target = wanted;
    if (!wanted) {
      open = false;
    } else if (!open && !releasing) {
      releasing = true;
      executor.execute(this::release);
    }
  }

  /** Refuses all who wait and will come. */
  void end() {
    Deque<CompletableFuture<Void>> refused;
    synchronized (this) {
      ended = true;
      target = false;
      open = false;
      refused = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    refused.forEach(
        future -> future.completeExceptionally(new UnknownOutcomeException(stopping())));
  }

  /** All wait equally long, so those who gave up are at the front. */
  private void dropTimedOut() {
    while (!waiting.isEmpty() && waiting.element().isDone()) {
      waiting.remove();
    }
  }

  private void release() {
    while (true) {
      CompletableFuture<Void> next;
      synchronized (this) {
        next = target ? waiting.poll() : null;
        if (next == null) {
          releasing = false;
          open = target;
          return;
        }
      }
      next.complete(null);
    }
  }

  private Throwable unwrapped(Throwable failure) {
    return failure instanceof java.util.concurrent.TimeoutException
        ? new UnknownOutcomeException(
            "no group of replicas formed within " + limitMillis + " ms, " + name + " must wait")
        : failure;
  }

  private static String stopping() {
    return "the service is shutting down";
  }
}
