package dev.firn.registry;

import com.zeroc.Ice.AdapterAlreadyActiveException;
import com.zeroc.Ice.AdapterNotFoundException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.ProcessPrx;
import com.zeroc.Ice.ServerNotFoundException;
import com.zeroc.IceGrid.AdapterActiveException;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tells nodes what their servers registered. Any thread; nothing here waits for a node.
 *
 * <p>A server that registers may be one that its node is starting, or whose update is on its way
 * there: it is not waited for.
 */
final class NodeRegistrar {
  private final NodeViews views;
  private final Traces traces;
  private final int timeoutMillis;

  /**
   * @param timeoutMillis after which a node that does not answer is given up
   */
  NodeRegistrar(NodeViews views, Traces traces, int timeoutMillis) {
    this.views = views;
    this.traces = traces;
    this.timeoutMillis = timeoutMillis;
  }

  /** Fails with what a server's Ice run time expects. */
  CompletionStage<Void> setDirectProxy(String adapterId, @Nullable ObjectPrx proxy) {
    if (proxy == null) {
      views.forget(adapterId); // Clients that ask from now on shall not be sent to a closed door.
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    views
        .adapter(adapterId, false)
        .whenComplete(
            (adapter, unreachable) -> {
              if (unreachable != null) {
                trace(1, "couldn't register adapter `" + adapterId + "' endpoints:", unreachable);
                done.completeExceptionally(new AdapterNotFoundException());
                return;
              }
              AdapterPrx.uncheckedCast(adapter.proxy().ice_invocationTimeout(timeoutMillis))
                  .setDirectProxyAsync(proxy)
                  .whenComplete((nothing, failure) -> set(adapterId, proxy, failure, done));
            });
    return done;
  }

  private void set(
      String adapterId,
      @Nullable ObjectPrx proxy,
      @Nullable Throwable failure,
      CompletableFuture<Void> done) {
    if (failure == null) {
      if (proxy == null) {
        views.forget(adapterId);
      }
      traces.trace(
          Traces.Category.LOCATOR,
          2,
          () ->
              "registered adapter `"
                  + adapterId
                  + "' endpoints: `"
                  + (proxy == null ? "" : proxy.toString())
                  + "'");
      done.complete(null);
    } else if (Async.cause(failure) instanceof AdapterActiveException) {
      done.completeExceptionally(new AdapterAlreadyActiveException());
    } else {
      trace(2, "failed to register adapter `" + adapterId + "' endpoints:", failure);
      done.completeExceptionally(new AdapterNotFoundException());
    }
  }

  /** Fails with ServerNotFoundException. */
  CompletionStage<Void> setProcess(String serverId, @Nullable ProcessPrx process) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    views
        .server(serverId, false)
        .whenComplete(
            (server, unreachable) -> {
              if (unreachable != null) {
                trace(1, "couldn't register server `" + serverId + "' process proxy:", unreachable);
                done.completeExceptionally(new ServerNotFoundException());
                return;
              }
              ServerPrx.uncheckedCast(server.proxy().ice_invocationTimeout(timeoutMillis))
                  .setProcessAsync(process)
                  .whenComplete((nothing, failure) -> processSet(serverId, process, failure, done));
            });
    return done;
  }

  private void processSet(
      String serverId,
      @Nullable ProcessPrx process,
      @Nullable Throwable failure,
      CompletableFuture<Void> done) {
    if (failure == null) {
      traces.trace(
          Traces.Category.LOCATOR,
          2,
          () -> "registered server `" + serverId + "' process proxy: `" + process + "'");
      done.complete(null);
    } else {
      trace(2, "failed to register server process proxy `" + serverId + "':", failure);
      done.completeExceptionally(new ServerNotFoundException());
    }
  }

  private void trace(int level, String what, Throwable failure) {
    traces.trace(
        Traces.Category.LOCATOR, level, () -> what + "\n" + Exceptions.text(Async.cause(failure)));
  }
}
