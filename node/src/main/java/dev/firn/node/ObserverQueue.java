package dev.firn.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one registry is still to be told: in order, one message under way. After a failure nothing,
 * until the registry has shown that its session lives; then everything anew. Any thread.
 */
final class ObserverQueue {
  /** One message; calls never block. */
  interface Message extends Function<ObserverSink, CompletionStage<Void>> {}

  private final ObserverSink sink;
  private final int max;
  private final Message everything;
  private final Deque<Message> waiting = new ArrayDeque<>();
  private boolean underWay;
  private boolean paused;
  private boolean closed;

  /**
   * @param everything replaces what waits where that is more than {@code max}; the first message
   */
  ObserverQueue(ObserverSink sink, int max, Message everything) {
    this.sink = sink;
    this.max = max;
    this.everything = everything;
    waiting.add(everything);
  }

  /** Queues; {@link #send} follows, outside the lock under which changes are ordered. */
  synchronized void add(Message message) {
    if (closed) {
      return;
    }
    if (waiting.size() >= max) {
      waiting.clear();
      waiting.add(everything);
    } else if (waiting.peekLast() != everything) {
      waiting.add(message);
    }
    // Otherwise everything is still to be told, at the time when it is sent.
  }

  /** The registry answers: what failed is made up for. */
  void resume() {
    synchronized (this) {
      paused = false;
    }
    send();
  }

  synchronized void close() {
    closed = true;
    waiting.clear();
  }

  /** Sends what waits, one after the other; a message that is answered at once needs no thread. */
  void send() {
    while (true) {
      Message next;
      synchronized (this) {
        if (underWay || paused || waiting.isEmpty()) {
          return;
        }
        underWay = true;
        next = waiting.remove();
      }
      CompletableFuture<Void> sent = attempt(next);
      if (!sent.isDone()) {
        sent.whenComplete(
            (ok, failure) -> {
              done(failure);
              send();
            });
        return;
      }
      done(sent.isCompletedExceptionally() ? new IllegalStateException() : null);
    }
  }

  private CompletableFuture<Void> attempt(Message message) {
    try {
      return message.apply(sink).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized void done(@Nullable Throwable failure) {
    underWay = false;
    if (failure != null && !closed) {
      paused = true;
      waiting.clear();
      waiting.add(everything);
    }
  }
}
