package dev.firn.registry;

import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.RegistryNotExistException;
import com.zeroc.IceGrid.RegistryUnreachableException;
import dev.firn.wire.Exceptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An administrator's dealings with this registry and its slaves; none blocks. */
final class AdminPeers {
  private static final int CALL_TIMEOUT_MILLIS = 5_000;

  private final AdminContext context;

  AdminPeers(AdminContext context) {
    this.context = context;
  }

  /** Whether a known registry answers. */
  CompletionStage<Boolean> ping(String name) throws RegistryNotExistException {
    if (name.equals(context.names().replica())) {
      return CompletableFuture.completedFuture(true);
    }
    CompletableFuture<Boolean> reachable = new CompletableFuture<>();
    try {
      find(name).ice_pingAsync().whenComplete((ok, failure) -> reachable.complete(failure == null));
    } catch (LocalException e) {
      reachable.complete(false);
    }
    return reachable;
  }

  RegistryInfo info(String name) throws RegistryNotExistException {
    if (name.equals(context.names().replica())) {
      return context.registryInfo();
    }
    for (RegistryInfo slave : context.slaves()) {
      if (slave.name.equals(name)) {
        return slave;
      }
    }
    throw new RegistryNotExistException(name);
  }

  CompletionStage<Void> shutdown(String name) throws RegistryNotExistException {
    if (name.equals(context.names().replica())) {
      context.shutdown();
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      find(name)
          .shutdownAsync()
          .whenComplete(
              (ok, failure) -> {
                if (failure == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(unreachable(name, failure));
                }
              });
    } catch (LocalException e) {
      done.completeExceptionally(unreachable(name, e));
    }
    return done;
  }

  private InternalRegistryPrx find(String name) throws RegistryNotExistException {
    InternalRegistryPrx proxy =
        context.findReplica(name).orElseThrow(() -> new RegistryNotExistException(name));
    return InternalRegistryPrx.uncheckedCast(proxy.ice_invocationTimeout(CALL_TIMEOUT_MILLIS));
  }

  private static RegistryUnreachableException unreachable(String name, Throwable failure) {
    return new RegistryUnreachableException(name, Exceptions.text(failure));
  }
}
