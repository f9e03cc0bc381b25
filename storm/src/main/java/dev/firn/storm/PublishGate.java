package dev.firn.storm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets events pass while the engine's gate is open; otherwise they wait here in the order in which
 * they came, without a thread of their own. Any thread.
 */
final class PublishGate {
  private static final long WAITING_BYTES_MAX = 64L << 20;

  private record Waiting(Event event, EventSink sink, CompletableFuture<Void> published) {}

  private final Gate gate;
  private final Object lock = new Object();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;

  /** Whether {@link #waiting} has entries or is just being emptied. */
  private volatile boolean someoneWaits;

  PublishGate(Gate gate) {
    this.gate = gate;
  }

  /**
   * Publishes the event, now or later.
   *
   * @return null if it is published; else completes when it is, or fails as the gate does. When
   *     very much waits already, the caller waits too: its publisher is to notice.
   */
  @Nullable CompletableFuture<Void> pass(Event event, EventSink sink) {
    if (!someoneWaits && gate.isOpen()) {
      sink.publish(event);
      return null;
    }
    var entry = new Waiting(event, sink, new CompletableFuture<>());
    synchronized (lock) {
      while (waitingBytes > WAITING_BYTES_MAX) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      waiting.add(entry);
      waitingBytes += event.length();
      if (someoneWaits) {
        return entry.published();
      }
      someoneWaits = true;
    }
    awaitOpen();
    return entry.published();
  }

  private void awaitOpen() {
    var unused = gate.whenOpen().whenComplete((open, failure) -> empty(failure));
  }

  private void empty(@Nullable Throwable failure) {
    while (true) {
      if (failure == null && !gate.isOpen()) {
        awaitOpen();
        return;
      }
      Waiting next;
      synchronized (lock) {
        next = waiting.poll();
        if (next == null) {
          someoneWaits = false;
          return;
        }
        waitingBytes -= next.event().length();
        lock.notifyAll();
      }
      if (failure == null) {
        next.sink().publish(next.event());
        next.published().complete(null);
      } else {
        next.published().completeExceptionally(failure);
      }
    }
  }
}
