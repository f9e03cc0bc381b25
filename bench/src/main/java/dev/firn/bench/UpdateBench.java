package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.LocatorRegistryPrx;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.RegistryPrx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;

/**
 * Measures acknowledged updates of one registry, with {@value #OUTSTANDING} in flight on one
 * connection: objects through an admin session, adapters through the locator registry.
 */
final class UpdateBench implements AutoCloseable {
  private static final int OUTSTANDING = 64;

  /** Updates per second, by round. */
  record Result(ServerKind kind, List<Double> objects, List<Double> adapters) {}

  private final Communicator communicator;
  private final Result result;
  private final AdminSessionPrx session;
  private final AdminPrx admin;
  private final LocatorRegistryPrx locatorRegistry;
  private int next;

  /** Opens an admin session; it ends with {@link #close}. */
  UpdateBench(Communicator communicator, ServerProcess server) throws Exception {
    this.communicator = communicator;
    result = new Result(server.kind(), new ArrayList<>(), new ArrayList<>());
    var registry =
        RegistryPrx.uncheckedCast(
            communicator.stringToProxy("IceGrid/Registry:" + server.endpoint()));
    session = registry.createAdminSession("bench", "bench");
    admin = session.getAdmin();
    locatorRegistry =
        LocatorPrx.uncheckedCast(communicator.stringToProxy("IceGrid/Locator:" + server.endpoint()))
            .getRegistry();
  }

  /** Adds as many new objects, then as many new adapters. */
  void round(int updates) throws InterruptedException {
    session.keepAlive();
    var proxy = communicator.stringToProxy(Dataset.CONSTANT_PROXY);
    int first = next;
    next += updates;
    result
        .objects()
        .add(
            perSecond(
                updates,
                i ->
                    admin.addObjectWithTypeAsync(
                        proxy.ice_identity(new Identity("added-" + (first + i), "bench")),
                        Dataset.OBJECT_TYPE)));
    result
        .adapters()
        .add(
            perSecond(
                updates,
                i -> locatorRegistry.setAdapterDirectProxyAsync("Added-" + (first + i), proxy)));
  }

  private static double perSecond(int updates, IntFunction<CompletableFuture<Void>> update)
      throws InterruptedException {
    long begin = System.nanoTime();
    Deque<CompletableFuture<Void>> inFlight = new ArrayDeque<>();
    for (int i = 0; i < updates; i++) {
      if (inFlight.size() == OUTSTANDING) {
        await(List.of(inFlight.removeFirst()));
      }
      inFlight.addLast(update.apply(i));
    }
    await(inFlight);
    return updates * 1e9 / (System.nanoTime() - begin);
  }

  private static void await(Collection<CompletableFuture<Void>> updates)
      throws InterruptedException {
    try {
      for (var update : updates) {
        update.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("update failed", e.getCause());
    }
  }

  Result result() {
    return result;
  }

  @Override
  public void close() {
    session.destroy();
  }
}
