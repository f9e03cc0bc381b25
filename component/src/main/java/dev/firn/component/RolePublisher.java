package dev.firn.component;

import dev.firn.failover.StateItem;
import dev.firn.failover.StreamLimits;
import dev.firn.wire.Async;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a component publishes with, through all its activations: what it sets while it is being
 * activated waits until the stream takes it, and where there is no stream nothing has to be kept.
 * Any thread.
 */
final class RolePublisher implements StatePublisher {
  /** Where there is no state replicator. */
  static final StatePublisher NOWHERE =
      new StatePublisher() {
        @Override
        public void update(List<StateItem> set, List<String> removed) {}

        @Override
        public CompletionStage<Long> flush() {
          return CompletableFuture.completedFuture(0L);
        }
      };

  private static final int WAITING_MAX = 1_000_000;

  private final StreamLimits limits;
  private final List<Consumer<StatePublisher>> waiting = new ArrayList<>();
  private boolean preparing;
  private @Nullable StatePublisher target;

  /**
   * @param limits of what the stream takes, so that the component hears of it at once
   */
  RolePublisher(StreamLimits limits) {
    this.limits = limits;
  }

  /** The instance is being activated. */
  void prepare() {
    close();
    synchronized (this) {
      preparing = true;
    }
  }

  /** The instance publishes. */
  synchronized void open(StatePublisher stream) {
    waiting.forEach(change -> change.accept(stream));
    waiting.clear();
    preparing = false;
    target = stream;
  }

  /** The instance publishes no more. */
  void close() {
    List<Consumer<StatePublisher>> dropped;
    synchronized (this) {
      dropped = List.copyOf(waiting);
      waiting.clear();
      preparing = false;
      target = null;
    }
    dropped.forEach(change -> change.accept(Closed.INSTANCE));
  }

  @Override
  public synchronized void update(List<StateItem> set, List<String> removed) {
    if (target != null) {
      target.update(set, removed);
    } else if (preparing) {
      limits.requireUpdate(set, removed);
      later(stream -> stream.update(set, removed));
    }
  }

  private void later(Consumer<StatePublisher> change) {
    if (waiting.size() >= WAITING_MAX) {
      throw new IllegalStateException(
          "more than " + WAITING_MAX + " changes wait until the instance is active");
    }
    waiting.add(change);
  }

  @Override
  public CompletionStage<Long> flush() {
    StatePublisher now;
    synchronized (this) {
      if (preparing) {
        CompletableFuture<Long> flushed = new CompletableFuture<>();
        later(stream -> Async.forward(stream.flush(), flushed));
        return flushed;
      }
      now = target == null ? Closed.INSTANCE : target;
    }
    return now.flush();
  }

  /** After the end. */
  private static final class Closed implements StatePublisher {
    static final Closed INSTANCE = new Closed();

    @Override
    public void update(List<StateItem> set, List<String> removed) {}

    @Override
    public CompletionStage<Long> flush() {
      return CompletableFuture.failedFuture(
          new NotPublishingException("the instance is not the active one"));
    }
  }
}
