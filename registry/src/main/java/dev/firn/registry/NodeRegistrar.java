package dev.firn.registry;

import com.zeroc.Ice.AdapterAlreadyActiveException;
import com.zeroc.Ice.AdapterNotFoundException;
import com.zeroc.Ice.ObjectNotExistException;
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
 * <p>A server that registers may be one that its node is starting or stopping, also because an
 * update of it is on its way there: what the server says is passed on without waiting for that.
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
    AdapterPrx presumed = views.presumedAdapter(adapterId);
    if (presumed == null) {
      setLoaded(adapterId, proxy, done);
      return done;
    }
    call(presumed, proxy)
        .whenComplete(
            (nothing, failure) -> {
              // A server that goes must not wait for a load: the load may be waiting for its end.
              if (proxy != null && isMissing(failure)) {
                setLoaded(adapterId, proxy, done);
              } else {
                set(adapterId, proxy, failure, done);
              }
            });
    return done;
  }

  /** Waits until the node has the server. */
  private void setLoaded(
      String adapterId, @Nullable ObjectPrx proxy, CompletableFuture<Void> done) {
    views
        .adapter(adapterId, false)
        .whenComplete(
            (adapter, unreachable) -> {
              if (unreachable != null) {
                trace(1, "couldn't register adapter `" + adapterId + "' endpoints:", unreachable);
                done.completeExceptionally(new AdapterNotFoundException());
                return;
              }
              call(adapter.proxy(), proxy)
                  .whenComplete((nothing, failure) -> set(adapterId, proxy, failure, done));
            });
  }

  private CompletionStage<Void> call(AdapterPrx adapter, @Nullable ObjectPrx proxy) {
    return Async.call(
        () ->
            AdapterPrx.uncheckedCast(adapter.ice_invocationTimeout(timeoutMillis))
                .setDirectProxyAsync(proxy));
  }

  private static boolean isMissing(@Nullable Throwable failure) {
    return failure != null && Async.cause(failure) instanceof ObjectNotExistException;
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
    ServerPrx presumed = views.presumedServer(serverId);
    if (presumed == null) {
      setLoaded(serverId, process, done);
      return done;
    }
    call(presumed, process)
        .whenComplete(
            (nothing, failure) -> {
              if (isMissing(failure)) {
                setLoaded(serverId, process, done);
              } else {
                processSet(serverId, process, failure, done);
              }
            });
    return done;
  }

  private void setLoaded(
      String serverId, @Nullable ProcessPrx process, CompletableFuture<Void> done) {
    views
        .server(serverId, false)
        .whenComplete(
            (server, unreachable) -> {
              if (unreachable != null) {
                trace(1, "couldn't register server `" + serverId + "' process proxy:", unreachable);
                done.completeExceptionally(new ServerNotFoundException());
                return;
              }
              call(server.proxy(), process)
                  .whenComplete((nothing, failure) -> processSet(serverId, process, failure, done));
            });
  }

  private CompletionStage<Void> call(ServerPrx server, @Nullable ProcessPrx process) {
    return Async.call(
        () ->
            ServerPrx.uncheckedCast(server.ice_invocationTimeout(timeoutMillis))
                .setProcessAsync(process));
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
