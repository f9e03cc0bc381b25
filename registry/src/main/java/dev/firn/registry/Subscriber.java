package dev.firn.registry;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.Async;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * Delivers a topic's calls to one observer: in order, one at a time, each twoway.
 *
 * <p>Calls queue up to a limit. The first failure, or one call more than the limit, ends the
 * subscription. Any thread; calls are made on the executor.
 *
 * @param <P> the observer's proxy
 */
final class Subscriber<P extends ObjectPrx> {
  /** One call of an observer. May take time to make its arguments, never to get the answer. */
  interface Call<P> {
    CompletableFuture<Void> send(P observer);
  }

  private final P observer;
  private final Executor executor;
  private final int queueMax;
  private final BiConsumer<Subscriber<P>, Throwable> failed;
  private final Queue<Call<P>> queue = new ArrayDeque<>();
  private boolean sending;
  private boolean ended;

  /**
   * @param failed called once, without lock, when the subscription ends by failure
   */
  Subscriber(
      P observer, Executor executor, int queueMax, BiConsumer<Subscriber<P>, Throwable> failed) {
    this.observer = observer;
    this.executor = executor;
    this.queueMax = queueMax;
    this.failed = failed;
  }

  P observer() {
    return observer;
  }

  void offer(Call<P> call) {
    boolean overflow = false;
    synchronized (this) {
      if (ended) {
        return;
      }
      if (queue.size() >= queueMax) {
        overflow = true;
      } else {
        queue.add(call);
        if (!sending) {
          sending = true;
          executor.execute(this::sendNext);
        }
      }
    }
    if (overflow) {
      fail(new QueueFullException(queueMax));
    }
  }

  /** Nothing is sent any more; a call under way is left to itself. */
  synchronized void end() {
    ended = true;
    queue.clear();
  }

  private void sendNext() {
    Call<P> call;
    synchronized (this) {
      call = queue.poll();
      if (ended || call == null) {
        sending = false;
        return;
      }
    }
    try {
      call.send(observer).whenComplete((nothing, failure) -> sent(failure));
    } catch (RuntimeException ex) {
      fail(ex);
    }
  }

  private void sent(@org.jspecify.annotations.Nullable Throwable failure) {
    if (failure != null) {
      fail(Async.cause(failure));
    } else {
      executor.execute(this::sendNext);
    }
  }

  private void fail(Throwable failure) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      queue.clear();
    }
    failed.accept(this, failure);
  }

  /** The observer is slower than the updates, for too long. */
  static final class QueueFullException extends RuntimeException {
    private QueueFullException(int queueMax) {
      super(queueMax + " updates are waiting for it");
    }
  }
}
