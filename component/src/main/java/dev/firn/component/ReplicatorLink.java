package dev.firn.component;

import com.zeroc.Ice.LocalException;
import dev.firn.wire.Async;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.UnknownStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which of the replicators to talk to: the next one when one fails or does not serve, and all are
 * looked for again when each has failed. On the owner's thread.
 */
final class ReplicatorLink {
  /** Told on the owner's thread. */
  interface Events {
    void heard();

    /** Calls to the last target that are under way may never be answered. */
    void moved(String reason);
  }

  private static final long LOOK_MILLIS = 300;

  private final OwnerThread owner;
  private final StreamSource source;
  private final String stream;
  private final Events events;
  private List<StateStreamPrx> targets = List.of();
  private int index;
  private int moves;
  private boolean looking;
  private long lookAtMillis;
  private String lastFailure = "no replicator has been found yet";

  ReplicatorLink(OwnerThread owner, StreamSource source, String stream, Events events) {
    this.owner = owner;
    this.source = source;
    this.stream = stream;
    this.events = events;
  }

  String lastFailure() {
    return lastFailure;
  }

  @Nullable StateStreamPrx target() {
    return index < targets.size() ? targets.get(index) : null;
  }

  /** Looks for replicators, unless it does already or has just now. */
  void look() {
    long now = OwnerThread.nowMillis();
    if (looking || now < lookAtMillis) {
      return;
    }
    looking = true;
    lookAtMillis = now + LOOK_MILLIS;
    CompletionStage<List<StateStreamPrx>> found;
    try {
      found = source.find(stream);
    } catch (LocalException e) {
      found = CompletableFuture.failedFuture(e);
    }
    found.whenComplete((all, failure) -> owner.execute(() -> found(all, failure)));
  }

  private void found(@Nullable List<StateStreamPrx> all, @Nullable Throwable failure) {
    looking = false;
    if (all != null && failure == null) {
      targets = all;
      index = 0;
      if (all.isEmpty()) {
        lastFailure = "the service locator knows no replicator";
      }
    } else if (failure != null) {
      lastFailure = "the replicator was not found: " + FailureText.of(failure);
    }
  }

  /**
   * Calls the current target; the answer comes on the owner's thread.
   *
   * @param answered gets the result or the failure
   */
  <T> void call(
      int limitMillis,
      Function<StateStreamPrx, CompletableFuture<T>> operation,
      BiConsumer<@Nullable T, @Nullable Throwable> answered) {
    StateStreamPrx to = target();
    if (to == null) {
      look();
      String reason = lastFailure;
      owner.execute(() -> answered.accept(null, new StreamEngine.NotServingException(reason)));
      return;
    }
    int then = moves;
    CompletableFuture<T> call;
    try {
      call = operation.apply(to.ice_invocationTimeout(limitMillis));
    } catch (LocalException e) {
      call = CompletableFuture.failedFuture(e);
    }
    call.whenComplete(
        (result, failure) -> owner.execute(() -> ended(then, result, cause(failure), answered)));
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure == null ? null : Async.cause(failure);
  }

  private <T> void ended(
      int then,
      @Nullable T result,
      @Nullable Throwable failure,
      BiConsumer<@Nullable T, @Nullable Throwable> answered) {
    boolean away = failure instanceof LocalException || failure instanceof UnknownStream;
    boolean gap = StateStreamServant.missing(failure).isPresent();
    if (!away || gap) {
      if (then == moves) {
        events.heard();
      }
    } else if (then == moves && failure != null) {
      move(FailureText.of(failure));
    }
    answered.accept(result, failure);
  }

  private void move(String reason) {
    moves++;
    index++;
    lastFailure = reason;
    if (index >= targets.size()) {
      // Each has failed; the same ones are tried again if no others are found.
      index = 0;
      look();
    }
    events.moved(reason);
  }
}
