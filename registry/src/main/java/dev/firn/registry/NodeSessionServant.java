package dev.firn.registry;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.IceGrid.InternalNodeInfo;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodeObserverPrx;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeSession;
import com.zeroc.IceGrid.NodeSessionPrx;
import com.zeroc.IceGrid.ReplicaObserverPrx;
import dev.firn.model.NodeVariables;
import dev.firn.wire.SilentConnections;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The session of a node with this registry. Any thread; the monitor guards its life and is never
 * held while somebody is called: what the node tells is queued under it, and passed on after.
 */
final class NodeSessionServant implements NodeSession, Reaper.Reapable {
  /** How many requests to load or destroy servers may be under way. */
  private static final int REQUESTS_MAX = 16;

  private static final int PING_TIMEOUT_MILLIS = 2_000;
  private static final int REPLICA_UPDATES_MAX = 1_000;

  /** Told once, when the session has ended. */
  interface Owner {
    /**
     * @param shutdown whether the registry stops
     */
    void ended(NodeSessionServant session, boolean shutdown);
  }

  private final NodeSessionContext context;
  private final Owner owner;
  private final InternalNodeInfo info;
  private final NodePrx proxy;
  private final Identity id = new Identity(UUID.randomUUID().toString(), "");
  private final Identity observerId = new Identity(UUID.randomUUID().toString(), "");
  private final NodeLane lane;
  private final List<Runnable> whenEnded = new ArrayList<>();
  private volatile LoadInfo load;
  private volatile NodePrx timed;
  private Optional<Reaper.Registration> registration = Optional.empty();
  private Optional<Subscriber<ReplicaObserverPrx>> replicaObserver = Optional.empty();
  private @Nullable Connection connection;
  private Runnable unwatch = () -> {};
  private boolean ended;

  NodeSessionServant(
      NodeSessionContext context,
      Owner owner,
      InternalNodeInfo info,
      NodePrx proxy,
      LoadInfo load) {
    this.context = context;
    this.owner = owner;
    this.info = info;
    this.proxy = proxy;
    timed = proxy;
    this.load = load;
    lane = new NodeLane(context.executor(), REQUESTS_MAX);
  }

  /**
   * Adds the servants and lets the session be reaped from now on.
   *
   * @throws ObjectNotExistException if the session has ended meanwhile: its node came again
   */
  NodeSessionPrx open(@Nullable Connection from) {
    NodeSessionPrx session = NodeSessionPrx.uncheckedCast(context.internalAdapter().add(this, id));
    context.internalAdapter().add(new NodeObserverServant(this), observerId);
    boolean late;
    synchronized (this) {
      late = ended;
      if (!late) {
        registration = Optional.of(context.reaper().add(this, context.timeoutSeconds()));
      }
    }
    if (late) {
      servants().forEach(this::removeServant);
      throw new ObjectNotExistException();
    }
    watch(from);
    return session;
  }

  /** Under which the session and its observer can be called while it lasts. */
  List<Identity> servants() {
    return List.of(id, observerId);
  }

  String name() {
    return info.name;
  }

  NodePrx proxy() {
    return proxy;
  }

  /** The node, for calls that take so long at most; one that was called knows its connection. */
  NodePrx proxy(int timeoutMillis) {
    NodePrx known = timed;
    if (known.ice_getInvocationTimeout() != timeoutMillis) {
      known = NodePrx.uncheckedCast(proxy.ice_invocationTimeout(timeoutMillis));
      timed = known;
    }
    return known;
  }

  NodeLane lane() {
    return lane;
  }

  LoadInfo load() {
    return load;
  }

  int processors() {
    return Math.max(1, info.nProcessors);
  }

  NodeInfo info() {
    return new NodeInfo(
        info.name,
        info.os,
        info.hostname,
        info.release,
        info.version,
        info.machine,
        info.nProcessors,
        info.dataDir);
  }

  NodeVariables variables() {
    return new NodeVariables(
        info.name, info.os, info.hostname, info.release, info.version, info.machine, info.dataDir);
  }

  /**
   * Runs the task when the session ends, at once if it has.
   *
   * @return takes the task back
   */
  Runnable onEnd(Runnable task) {
    synchronized (this) {
      if (!ended) {
        whenEnded.add(task);
        return () -> forget(task);
      }
    }
    task.run();
    return () -> {};
  }

  private synchronized void forget(Runnable task) {
    whenEnded.remove(task);
  }

  /** Passes on what the node tells, in order, unless the session has ended. */
  void tell(Consumer<NodeStates> news) {
    synchronized (this) {
      if (ended) {
        return;
      }
      context.news().add(() -> news.accept(context.states()));
    }
    context.news().drain();
  }

  void replicaAdded(InternalRegistryPrx replica) {
    observer().ifPresent(feed -> feed.offer(to -> to.replicaAddedAsync(replica)));
  }

  void replicaRemoved(InternalRegistryPrx replica) {
    observer().ifPresent(feed -> feed.offer(to -> to.replicaRemovedAsync(replica)));
  }

  private synchronized Optional<Subscriber<ReplicaObserverPrx>> observer() {
    return replicaObserver;
  }

  @Override
  public void keepAlive(LoadInfo newLoad, Current current) {
    synchronized (this) {
      check();
      registration.ifPresent(Reaper.Registration::refresh);
    }
    load = newLoad;
    context
        .traces()
        .trace(
            Traces.Category.NODE,
            3,
            () ->
                "node `"
                    + info.name
                    + "' keep alive (load = "
                    + newLoad.avg1
                    + ", "
                    + newLoad.avg5
                    + ", "
                    + newLoad.avg15
                    + ")");
    watch(current.con);
  }

  @Override
  public void setReplicaObserver(@Nullable ReplicaObserverPrx observer, Current current) {
    if (observer == null || !context.names().master()) {
      return;
    }
    synchronized (this) {
      if (ended || replicaObserver.isPresent()) {
        return;
      }
      Subscriber<ReplicaObserverPrx> feed =
          new Subscriber<>(
              observer,
              context.executor(),
              REPLICA_UPDATES_MAX,
              (subscriber, failure) -> replicaObserverFailed(failure));
      // Slaves that come or go from now on queue up behind this.
      feed.offer(to -> to.replicaInitAsync(context.slaves().toArray(InternalRegistryPrx[]::new)));
      replicaObserver = Optional.of(feed);
    }
  }

  private void replicaObserverFailed(Throwable failure) {
    context
        .traces()
        .trace(
            Traces.Category.NODE,
            1,
            () -> "node `" + info.name + "' is told of no slaves any more: " + failure);
  }

  @Override
  public int getTimeout(Current current) {
    return context.timeoutSeconds();
  }

  @Override
  public NodeObserverPrx getObserver(Current current) {
    synchronized (this) {
      check();
    }
    return NodeObserverPrx.uncheckedCast(context.internalAdapter().createProxy(observerId));
  }

  @Override
  public CompletionStage<Void> loadServersAsync(Current current) {
    context.executor().execute(() -> context.loadServers(info.name));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public String[] getServers(Current current) {
    return context.serversOf(info.name).toArray(String[]::new);
  }

  @Override
  public CompletionStage<Void> waitForApplicationUpdateAsync(
      String uuid, int revision, Current current) {
    return context.replicated(uuid, revision);
  }

  @Override
  public void destroy(Current current) {
    if (!end(false)) {
      throw new ObjectNotExistException();
    }
  }

  @Override
  public void reap() {
    if (end(false)) {
      ping();
    }
  }

  @Override
  public void shutdown() {
    end(true);
  }

  private void check() {
    if (ended) {
      throw new ObjectNotExistException();
    }
  }

  /** A node that is gone closes its connection; one that lives may close it too. */
  private void watch(@Nullable Connection from) {
    synchronized (this) {
      if (from == null || from == connection || ended) {
        return;
      }
      connection = from;
    }
    Runnable watching = context.connections().onClosed(from, () -> closed(from));
    Runnable outdated;
    synchronized (this) {
      boolean current = from == connection && !ended;
      outdated = current ? unwatch : watching;
      unwatch = current ? watching : unwatch;
    }
    outdated.run();
  }

  private void closed(Connection from) {
    synchronized (this) {
      if (ended || from != connection) {
        return;
      }
      connection = null;
    }
    ping().thenAccept(reachable -> endUnless(reachable));
  }

  private void endUnless(boolean reachable) {
    if (!reachable) {
      end(false);
    }
  }

  /** Whether the node answers, within a short time; gives up a connection that is silent. */
  CompletionStage<Boolean> ping() {
    return SilentConnections.probe(proxy, PING_TIMEOUT_MILLIS);
  }

  /**
   * Ends the session.
   *
   * @return false if it has ended already
   */
  boolean end(boolean shutdown) {
    List<Runnable> tasks;
    Runnable watching;
    synchronized (this) {
      if (ended) {
        return false;
      }
      watching = unwatch;
      ended = true;
      registration.ifPresent(Reaper.Registration::cancel);
      replicaObserver.ifPresent(Subscriber::end);
      tasks = List.copyOf(whenEnded);
      if (!shutdown) {
        context.news().add(() -> context.states().nodeDown(info.name));
      }
    }
    context.news().drain();
    watching.run();
    servants().forEach(this::removeServant);
    lane.close();
    owner.ended(this, shutdown);
    tasks.forEach(Runnable::run);
    return true;
  }

  private void removeServant(Identity servant) {
    try {
      context.internalAdapter().remove(servant);
    } catch (com.zeroc.Ice.NotRegisteredException
        | com.zeroc.Ice.ObjectAdapterDeactivatedException e) {
      // It never got there, or the registry stops.
    }
  }
}
