package dev.firn.registry;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.SessionPrx;
import dev.firn.server.AllocatableObject;
import dev.firn.wire.Mapping;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The session by which a client allocates objects. Any thread. */
final class ClientSessionServant extends ManagedSession implements AmdSession, Allocator.Holder {
  /** What all client sessions share. */
  record Services(
      Traces traces, PendingAnswers pending, Allocator allocator, AllocatedProxies proxies) {}

  private static final int NO_TIMEOUT = -1;

  private final Services services;
  private final long number;
  private volatile int allocationTimeoutMillis = NO_TIMEOUT;
  private volatile Optional<RouterFilter> filter = Optional.empty();

  /**
   * @param connection none for a Glacier2 session
   */
  ClientSessionServant(
      String id, SessionServants servants, Optional<Connection> connection, Services services) {
    super(id, servants, connection);
    this.services = services;
    number = services.allocator().open(this);
    trace(1, "created");
  }

  SessionPrx register() {
    return SessionPrx.uncheckedCast(addServant(this));
  }

  /** Tells Glacier2 from now on what the session may reach. */
  void filterBy(RouterFilter routerFilter) {
    filter = Optional.of(routerFilter);
  }

  @Override
  boolean administrative() {
    return false;
  }

  @Override
  void refreshed() {
    trace(2, "keep alive");
  }

  @Override
  void ended(boolean shutdown) {
    trace(1, "destroyed");
    services.allocator().end(number);
  }

  @Override
  public String sessionId() {
    return id();
  }

  @Override
  public void gained(Allocator.AllocatedItem item) {
    filter.ifPresent(router -> router.add(item));
  }

  @Override
  public void lost(Allocator.AllocatedItem item) {
    filter.ifPresent(router -> router.remove(item));
  }

  @Override
  public CompletionStage<Void> reachable() {
    return filter
        .map(RouterFilter::settled)
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  @Override
  public void ice_ping(Current current) {
    refresh();
  }

  @Override
  public void keepAlive(Current current) {
    refresh();
  }

  @Override
  public CompletionStage<ObjectPrx> allocateObjectByIdAsync(Identity id, Current current) {
    check();
    return proxyOf(
        services.allocator().allocate(number, Mapping.objectId(id), allocationTimeoutMillis));
  }

  @Override
  public CompletionStage<ObjectPrx> allocateObjectByTypeAsync(String type, Current current) {
    check();
    return proxyOf(services.allocator().allocate(number, type, allocationTimeoutMillis));
  }

  private CompletionStage<ObjectPrx> proxyOf(CompletionStage<AllocatableObject> allocated) {
    return services.pending().of(allocated).thenApply(services.proxies()::of);
  }

  @Override
  public CompletionStage<Void> releaseObjectAsync(Identity id) {
    check();
    return services
        .pending()
        .of(services.allocator().release(number, Mapping.objectId(id)))
        .thenAccept(released -> {});
  }

  @Override
  public void setAllocationTimeout(int timeoutMillis, Current current) {
    check();
    allocationTimeoutMillis = timeoutMillis;
  }

  @Override
  public void destroy(Current current) {
    destroySession();
  }

  private void trace(int level, String what) {
    services
        .traces()
        .trace(
            Traces.Category.SESSION,
            level,
            () -> "client session `" + LogText.of(id()) + "' " + what);
  }
}
