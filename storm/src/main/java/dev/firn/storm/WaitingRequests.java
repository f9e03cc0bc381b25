package dev.firn.storm;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests that wait for another service, which must not hold up the end of this one. Any thread.
 */
final class WaitingRequests {
  private final Map<Long, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();
  private volatile boolean stopping;

  /** The same result, or a failure with {@link UnknownOutcomeException} when the service stops. */
  <T> CompletableFuture<T> until(CompletableFuture<T> answer) {
    CompletableFuture<T> request = answer.copy();
    Long key = last.incrementAndGet();
    waiting.put(key, request);
    if (stopping) {
      refuse(request);
    }
    return request.whenComplete((result, failure) -> waiting.remove(key));
  }

  void refuseAll() {
    stopping = true;
    waiting.values().forEach(WaitingRequests::refuse);
  }

  private static void refuse(CompletableFuture<?> request) {
    request.completeExceptionally(new UnknownOutcomeException("the service is shutting down"));
  }
}
