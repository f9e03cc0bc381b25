package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AdapterNotActiveException;
import com.zeroc.IceGrid.AdapterPrx;
import dev.firn.model.EncodedProxies;
import dev.firn.model.EncodedProxy;
import dev.firn.wire.Async;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes for the direct proxies of adapters, and has their servers started. For each adapter
 * there is at most one call under way; who wants the same waits for its answer. Any thread; nothing
 * here waits for a node.
 */
final class AdapterCalls {
  private static final AdapterAnswer INACTIVE = new AdapterAnswer.Inactive();
  private static final AdapterAnswer STARTING = new AdapterAnswer.Starting();

  private final Communicator communicator;
  private final NodeViews views;
  private final int askTimeoutMillis;
  private final Executor slowness;
  private final ConcurrentHashMap<String, CompletableFuture<AdapterAnswer>> asked =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, CompletableFuture<EncodedProxy>> activated =
      new ConcurrentHashMap<>();

  /** How many questions each node has left unanswered for too long. */
  private final ConcurrentHashMap<String, Integer> slow = new ConcurrentHashMap<>();

  /**
   * @param askTimeoutMillis after which a node that does not say whether an adapter is active is
   *     given up
   * @param slowMillis after which others are asked instead, if there are others
   */
  AdapterCalls(Communicator communicator, NodeViews views, int askTimeoutMillis, long slowMillis) {
    this.communicator = communicator;
    this.views = views;
    this.askTimeoutMillis = askTimeoutMillis;
    this.slowness = CompletableFuture.delayedExecutor(slowMillis, TimeUnit.MILLISECONDS);
  }

  /** Asks whether an adapter is active; starts nothing. Never fails. */
  CompletableFuture<AdapterAnswer> ask(String adapterId, String node) {
    if (activated.containsKey(adapterId)) {
      return CompletableFuture.completedFuture(STARTING);
    }
    CompletableFuture<AdapterAnswer> answer = new CompletableFuture<>();
    CompletableFuture<AdapterAnswer> before = asked.putIfAbsent(adapterId, answer);
    if (before != null) {
      return before;
    }
    watch(answer, node);
    call(adapterId)
        .whenComplete(
            (proxy, failure) -> {
              asked.remove(adapterId, answer);
              answer.complete(answer(proxy, failure));
            });
    return answer;
  }

  private CompletionStage<EncodedProxy> call(String adapterId) {
    return views
        .adapter(adapterId, true)
        .thenCompose(
            adapter -> {
              long stamp = views.stamp(adapterId);
              return AdapterPrx.uncheckedCast(
                      adapter.proxy().ice_invocationTimeout(askTimeoutMillis))
                  .getDirectProxyAsync()
                  .thenApply(
                      proxy -> {
                        EncodedProxy direct = direct(proxy);
                        views.learned(adapterId, stamp, direct);
                        return direct;
                      });
            });
  }

  private static AdapterAnswer answer(EncodedProxy proxy, @Nullable Throwable failure) {
    if (failure == null) {
      return new AdapterAnswer.Active(proxy);
    }
    Throwable cause = Async.cause(failure);
    return cause instanceof AdapterNotActiveException inactive && inactive.activatable
        ? INACTIVE
        : new AdapterAnswer.Failed(cause);
  }

  /**
   * Has the adapter's server started, if nobody does already.
   *
   * @return fails if it could not be started, or if the adapter was not activated then
   */
  CompletableFuture<EncodedProxy> activate(String adapterId) {
    CompletableFuture<EncodedProxy> activation = new CompletableFuture<>();
    CompletableFuture<EncodedProxy> before = activated.putIfAbsent(adapterId, activation);
    if (before != null) {
      return before;
    }
    Async.forward(
        views
            .adapter(adapterId, true)
            .thenCompose(
                adapter ->
                    AdapterPrx.uncheckedCast(
                            adapter.proxy().ice_invocationTimeout(activationMillis(adapter)))
                        .activateAsync())
            .thenCompose(
                proxy ->
                    proxy == null
                        ? CompletableFuture.<EncodedProxy>failedFuture(
                            new AdapterNotActiveException(false))
                        : CompletableFuture.completedFuture(direct(proxy)))
            .whenComplete((proxy, failure) -> activated.remove(adapterId, activation)),
        activation);
    return activation;
  }

  /** A server that is still stopping is waited for as well. */
  private static int activationMillis(NodeAdapter adapter) {
    long seconds = (long) adapter.activationTimeoutSeconds() + adapter.deactivationTimeoutSeconds();
    return seconds <= 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, seconds * 1_000);
  }

  private EncodedProxy direct(@Nullable ObjectPrx proxy) {
    if (proxy == null) {
      throw new com.zeroc.Ice.MarshalException("a node answered with a null proxy");
    }
    return EncodedProxies.dummy(Mapping.encode(communicator, proxy));
  }

  /** Whether the node leaves questions unanswered just now. */
  boolean isSlow(String node) {
    return slow.containsKey(node);
  }

  /** Runs the action once the answer is overdue, unless it is there by then. */
  void whenSlow(CompletableFuture<AdapterAnswer> answer, Runnable action) {
    slowness.execute(
        () -> {
          if (!answer.isDone()) {
            action.run();
          }
        });
  }

  private void watch(CompletableFuture<AdapterAnswer> answer, String node) {
    whenSlow(
        answer,
        () -> {
          slow.merge(node, 1, Integer::sum);
          answer.whenComplete(
              (unused, failure) ->
                  slow.computeIfPresent(node, (same, number) -> number == 1 ? null : number - 1));
        });
  }
}
