package dev.firn.component;

import dev.firn.failover.RoleState;
import dev.firn.failover.RoleView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decides for each request, when it comes and when its answer is ready, whether this instance may
 * speak for its group. Any thread; nothing blocks.
 *
 * <p>A process that was stopped (SIGSTOP, a long pause) does not know at first that it is not the
 * active one any more:
 *
 * <ol>
 *   <li>the active instance A is stopped while it works on a request
 *   <li>B is promoted
 *   <li>A goes on: its view still says ACTIVE, but the time until which it may serve has passed, as
 *       that is set anew only by a step of its role
 *   <li>so the answer waits here, until a step has found out about the newer epoch
 * </ol>
 */
final class RequestGate {
  /** What is to be done with a request. */
  enum Verdict {
    SERVE,
    /** It is not known: ask again after {@link #settled}. */
    HOLD,
    REFUSE
  }

  private final Supplier<RoleView> view;
  private final LongSupplier clock;
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private final List<CompletableFuture<Void>> untilIdle = new ArrayList<>();
  private final AtomicLong inProgress = new AtomicLong();
  private final AtomicLong activations = new AtomicLong();
  private volatile boolean shut;

  /**
   * @param clock the monotonic time of the view, milliseconds
   */
  RequestGate(Supplier<RoleView> view, LongSupplier clock) {
    this.view = view;
    this.clock = clock;
  }

  /** Numbers the times of being active: what came in one is not answered in another. */
  long activation() {
    return activations.get();
  }

  /** The instance begins to serve. */
  void activated() {
    activations.incrementAndGet();
  }

  /** A request has come: counted until {@link #left}, whatever the verdict is. */
  void came() {
    inProgress.incrementAndGet();
  }

  /** It is answered, refused, or is to wait. */
  void left() {
    if (inProgress.decrementAndGet() == 0) {
      completeIdle();
    }
  }

  /** Completes once no request is in progress. */
  CompletableFuture<Void> idle() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    synchronized (untilIdle) {
      untilIdle.add(future);
    }
    if (inProgress.get() == 0) {
      completeIdle();
    }
    return future;
  }

  private void completeIdle() {
    List<CompletableFuture<Void>> idle;
    synchronized (untilIdle) {
      idle = List.copyOf(untilIdle);
      untilIdle.clear();
    }
    idle.forEach(future -> future.complete(null));
  }

  /**
   * For a request that has just come.
   *
   * @param outside whether it comes from another process: when the role is on its way to another,
   *     what is in progress here may still need objects of its own
   */
  Verdict arriving(boolean outside) {
    RoleView now = view.get();
    return outside && now.draining() ? Verdict.REFUSE : verdict(now);
  }

  /**
   * For an answer.
   *
   * @param activation in which its request came
   */
  Verdict leaving(long activation) {
    return activations.get() == activation ? verdict(view.get()) : Verdict.REFUSE;
  }

  private Verdict verdict(RoleView now) {
    if (shut) {
      return Verdict.REFUSE;
    }
    if (now.state() == RoleState.ACTIVATING) {
      // The adapter is open already, and it is soon known what comes of it.
      return Verdict.HOLD;
    }
    if (now.isActive() || now.draining()) {
      return now.maySend(clock.getAsLong()) ? Verdict.SERVE : Verdict.HOLD;
    }
    return Verdict.REFUSE;
  }

  /** Nobody is answered any more. */
  void shut() {
    shut = true;
    stepped();
  }

  /** Completes once the verdict may have changed. */
  CompletableFuture<Void> settled() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    synchronized (waiting) {
      waiting.add(future);
    }
    if (verdict(view.get()) != Verdict.HOLD) {
      stepped();
    }
    return future;
  }

  /** The role has made a step. */
  void stepped() {
    List<CompletableFuture<Void>> free;
    synchronized (waiting) {
      if (waiting.isEmpty() || verdict(view.get()) == Verdict.HOLD) {
        return;
      }
      free = List.copyOf(waiting);
      waiting.clear();
    }
    free.forEach(future -> future.complete(null));
  }
}
