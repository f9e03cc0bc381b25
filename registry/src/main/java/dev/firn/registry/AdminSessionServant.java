package dev.firn.registry;

import com.zeroc.Glacier2.IdentitySetPrx;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AccessDeniedException;
import com.zeroc.IceGrid.AdapterObserverPrx;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.ApplicationObserverPrx;
import com.zeroc.IceGrid.FileIteratorPrx;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.NodeObserverPrx;
import com.zeroc.IceGrid.ObjectObserverPrx;
import com.zeroc.IceGrid.RegistryNotExistException;
import com.zeroc.IceGrid.RegistryObserverPrx;
import dev.firn.wire.Async;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An administrator's session. Any thread. */
final class AdminSessionServant extends ManagedSession implements AmdAdminSession {
  private final SessionServices services;
  private final ExclusiveLock.Holder lock;
  private final Observers observers;
  private final Optional<AdminCallbackRouter> callbacks;
  private final Optional<String> callbackCategory;
  private volatile Optional<AdminPrx> admin = Optional.empty();
  private volatile Optional<IdentitySetPrx> filter = Optional.empty();

  /**
   * @param connection none for a Glacier2 session
   * @param callbacks where there is a connection to call back over
   */
  AdminSessionServant(
      String id,
      SessionServants servants,
      Optional<Connection> connection,
      SessionServices services,
      Optional<AdminCallbackRouter> callbacks) {
    super(id, servants, connection);
    this.services = services;
    this.callbacks = callbacks;
    lock = services.lock().holder(id);
    observers = new Observers(services.topics());
    callbackCategory = callbacks.flatMap(router -> connection.map(router::open));
    trace(1, "created");
  }

  /** Adds the servants: of the session and of its Admin object. */
  AdminSessionPrx register() {
    AdminSessionPrx proxy = AdminSessionPrx.uncheckedCast(addServant(this));
    admin = Optional.of(AdminPrx.uncheckedCast(addServant(services.context().createAdmin(lock))));
    return proxy;
  }

  /** Tells Glacier2 from now on which further objects the session may reach. */
  void filterBy(IdentitySetPrx identities) {
    filter = Optional.of(identities);
  }

  @Override
  boolean administrative() {
    return true;
  }

  @Override
  void refreshed() {
    trace(2, "keep alive");
  }

  @Override
  void ended(boolean shutdown) {
    observers.close();
    lock.releaseIfHeld();
    callbackCategory.ifPresent(category -> callbacks.ifPresent(router -> router.close(category)));
    trace(1, "destroyed");
  }

  @Override
  void identityAdded(Identity identity) {
    filter.ifPresent(set -> traceFailure(set.addAsync(new Identity[] {identity})));
  }

  @Override
  void identityRemoved(Identity identity) {
    filter.ifPresent(set -> traceFailure(set.removeAsync(new Identity[] {identity})));
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
  public AdminPrx getAdmin(Current current) {
    check();
    return admin.orElseThrow(ObjectNotExistException::new);
  }

  @Override
  public @Nullable ObjectPrx getAdminCallbackTemplate(Current current) {
    check();
    return callbackCategory
        .flatMap(category -> callbacks.map(router -> router.template(category)))
        .orElse(null);
  }

  @Override
  public void setObservers(
      @Nullable RegistryObserverPrx registryObserver,
      @Nullable NodeObserverPrx nodeObserver,
      @Nullable ApplicationObserverPrx applicationObserver,
      @Nullable AdapterObserverPrx adapterObserver,
      @Nullable ObjectObserverPrx objectObserver,
      Current current) {
    check();
    observers.set(
        new ObserverProxies(
            located(registryObserver),
            located(nodeObserver),
            located(applicationObserver),
            located(adapterObserver),
            located(objectObserver)));
  }

  @Override
  public void setObserversByIdentity(
      Identity registryObserver,
      Identity nodeObserver,
      Identity applicationObserver,
      Identity adapterObserver,
      Identity objectObserver,
      Current current) {
    check();
    observers.set(
        new ObserverProxies(
            connected(registryObserver, current),
            connected(nodeObserver, current),
            connected(applicationObserver, current),
            connected(adapterObserver, current),
            connected(objectObserver, current)));
  }

  /** An observer elsewhere: found through this registry, given up after the session's time-out. */
  private Optional<ObjectPrx> located(@Nullable ObjectPrx observer) {
    if (observer == null) {
      return Optional.empty();
    }
    ObjectPrx located = observer.ice_locator(services.context().locator());
    int seconds = services.sessionTimeoutSeconds();
    return Optional.of(
        seconds > 0
            ? located.ice_timeout((int) Math.min(seconds * 1000L, Integer.MAX_VALUE))
            : located);
  }

  /** An observer behind the connection that the request came on. */
  private static Optional<ObjectPrx> connected(Identity observer, Current current) {
    return observer.name.isEmpty() || current.con == null
        ? Optional.empty()
        : Optional.of(current.con.createProxy(observer).ice_encodingVersion(current.encoding));
  }

  @Override
  public int startUpdate(Current current) throws AccessDeniedException {
    check();
    lock.acquire();
    try {
      check(); // Destroyed meanwhile: nobody would ever release it.
    } catch (ObjectNotExistException ex) {
      lock.releaseIfHeld();
      throw ex;
    }
    return services.topics().applicationSerial();
  }

  @Override
  public void finishUpdate(Current current) throws AccessDeniedException {
    check();
    lock.release();
  }

  @Override
  public String getReplicaName(Current current) {
    check();
    return services.context().replicaName();
  }

  @Override
  public CompletionStage<FileIteratorPrx> openRegistryLogAsync(
      String name, String file, int count) {
    Optional<LogSource> source =
        name.equals(services.context().replicaName())
            ? Optional.of(LogSource.local(services.logFiles(), file))
            : services.context().findReplica(name).map(replica -> LogSource.remote(replica, file));
    if (source.isEmpty()) {
      return CompletableFuture.failedFuture(new RegistryNotExistException(name));
    }
    return opened(CompletableFuture.completedFuture(source.get()), count);
  }

  @Override
  public CompletionStage<FileIteratorPrx> openNodeLogAsync(String name, String file, int count)
      throws NodeNotExistException {
    return opened(
        new AdminNodes(services.context().registryNodes())
            .find(name)
            .thenApply(node -> LogSource.remote(node, file)),
        count);
  }

  @Override
  public CompletionStage<FileIteratorPrx> openServerLogAsync(String id, String file, int count) {
    return opened(
        AdminServers.server(services.context().registryNodes(), id)
            .thenApply(server -> LogSource.remote(server.proxy(), file)),
        count);
  }

  /** Finds the place to begin at once, so that a file that is missing is told here. */
  private CompletionStage<FileIteratorPrx> opened(CompletionStage<LogSource> found, int count) {
    return found.thenCompose(
        source ->
            services
                .pending()
                .from(() -> source.offsetFromEnd(count))
                .thenApply(offset -> iterator(source, offset)));
  }

  private FileIteratorPrx iterator(LogSource source, long offset) {
    int bytesMax = LogFiles.bytesMax(services.context().communicator().getProperties());
    return FileIteratorPrx.uncheckedCast(
        addLaterServant(
            new FileIteratorServant(source, this, services.pending(), offset, bytesMax)));
  }

  @Override
  public void destroy(Current current) {
    destroySession();
  }

  private void trace(int level, String what) {
    services
        .context()
        .traces()
        .trace(
            Traces.Category.SESSION,
            level,
            () -> "admin session `" + LogText.of(id()) + "' " + what);
  }

  private void traceFailure(CompletionStage<Void> update) {
    update.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            services
                .context()
                .traces()
                .trace(
                    Traces.Category.OBJECT,
                    1,
                    () ->
                        "couldn't update the Glacier2 filter of admin session `"
                            + LogText.of(id())
                            + "':\n"
                            + Async.cause(failure));
          }
        });
  }
}
