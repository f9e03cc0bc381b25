package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeSessionPrx;
import com.zeroc.IceGrid.ReplicaObserverPrx;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.StackTraces;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The sessions with all registries: with the master for ever, with each slave that somebody knows.
 *
 * <p>One thread owns them; what may block has threads of its own. Methods are for any thread.
 */
final class NodeSessions implements MasterSession {
  private static final String MASTER = "InternalRegistry-Master";

  /** How long servers wait for a master before slaves may have them loaded. */
  private static final long GRACE_MILLIS = 5_000;

  private static final long FIRST_SLAVES_MILLIS = 5_000;
  private static final long NEW_MILLIS = 60_000;
  private static final long GOODBYE_MILLIS = 1_500;
  private static final int CALL_TIMEOUT_MILLIS = 10_000;

  private final Communicator communicator;
  private final NodeSettings settings;
  private final NodeTraces traces;
  private final Platform platform;
  private final NodeStates states;
  private final NodePrx node;
  private final RegistryFinder finder;
  private final MasterSynchronisation synchronisation;
  private final ScheduledThreadPoolExecutor owner;
  private final ExecutorService callers;
  private final CompletableFuture<Void> firstContact = new CompletableFuture<>();
  private final CompletableFuture<Void> masterConnected = new CompletableFuture<>();

  // Owned by the owner's thread.
  private final RegistryLink master;
  private final Map<Identity, RegistryLink> slaves = new LinkedHashMap<>();
  private Set<Identity> known = new LinkedHashSet<>();
  private boolean active;
  private boolean ended;
  private boolean graceOver;
  private boolean warnedOfInstance;
  private boolean masterSeen;

  private final long started = now();
  private volatile boolean introducing;
  private volatile @Nullable NodeSessionPrx masterSession;

  NodeSessions(NodeContext context, Platform platform, NodePrx node, MasterSynchronisation sync) {
    communicator = context.communicator();
    settings = context.settings();
    traces = context.traces();
    states = context.states();
    this.platform = platform;
    this.node = node;
    synchronisation = sync;
    finder = new RegistryFinder(communicator, settings);
    owner =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "firn-node-sessions");
              thread.setDaemon(true);
              return thread;
            });
    owner.setRemoveOnCancelPolicy(true);
    owner.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    callers =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "firn-node-registry");
              thread.setDaemon(true);
              return thread;
            });
    master = new RegistryLink(this, settings.id(MASTER));
  }

  /**
   * Looks for registries.
   *
   * @return ends with the first attempts
   */
  CompletableFuture<Void> start() {
    post(master::connect);
    return firstContact;
  }

  /** Ends once there is a session with the master; never before. */
  CompletableFuture<Void> masterConnected() {
    return masterConnected;
  }

  /**
   * Whether this node has just been started and some registry has not met it yet. Later a registry
   * that asks whether it lives does so because of another node of the same name.
   */
  boolean isNew() {
    return introducing && now() - started < NEW_MILLIS;
  }

  /** A session has changed. On the owner's thread. */
  void introducing() {
    introducing =
        master.isIntroducing() || slaves.values().stream().anyMatch(RegistryLink::isIntroducing);
  }

  /** The node answers from now on: registries may tell it which servers to load. */
  void activate() {
    post(
        () -> {
          active = true;
          RegistryLink.Session session = master.session();
          if (session != null) {
            call(() -> synchronise(session));
          }
          schedule(
              () -> {
                graceOver = true;
                loadThroughSlave();
              },
              GRACE_MILLIS,
              TimeUnit.MILLISECONDS);
        });
  }

  /** Tells all registries that this node ends. Blocks, briefly. */
  void end() {
    CompletableFuture<Void> told = new CompletableFuture<>();
    post(
        () -> {
          ended = true;
          List<CompletableFuture<?>> goodbyes = new ArrayList<>();
          goodbyes.add(master.end());
          slaves.values().forEach(slave -> goodbyes.add(slave.end()));
          CompletableFuture.allOf(goodbyes.toArray(CompletableFuture[]::new))
              .whenComplete((ok, failure) -> told.complete(null));
        });
    try {
      told.get(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Who does not answer will notice by itself.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // What has been posted is still done: calls of registries wait for it.
    owner.shutdown();
    callers.shutdown();
  }

  /** The slaves that the master has. */
  void replicaInit(Map<Identity, InternalRegistryPrx> replicas) {
    post(
        () -> {
          known = new LinkedHashSet<>(replicas.keySet());
          replicas.forEach(this::connect);
        });
  }

  void replicaAdded(Identity id, InternalRegistryPrx proxy) {
    post(
        () -> {
          known.add(id);
          connect(id, proxy);
        });
  }

  /** The session with it ends when it dies: the master may be wrong. */
  void replicaRemoved(Identity id) {
    post(() -> known.remove(id));
  }

  /**
   * A registry wants a session.
   *
   * @return ends with the attempt
   */
  CompletionStage<Void> registerWith(Identity id, InternalRegistryPrx proxy) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!post(() -> connect(id, proxy).thenAccept(connected -> done.complete(null)))) {
      done.complete(null);
    }
    return done;
  }

  private CompletableFuture<Boolean> connect(Identity id, InternalRegistryPrx proxy) {
    return ended ? CompletableFuture.completedFuture(false) : link(id, proxy).connect();
  }

  @Override
  public CompletionStage<Void> waitForApplicationUpdate(String uuid, int revision) {
    NodeSessionPrx session = masterSession;
    return session == null
        ? CompletableFuture.completedFuture(null)
        : Async.call(() -> session.waitForApplicationUpdateAsync(uuid, revision))
            .handle((ok, failure) -> null);
  }

  NodeSettings settings() {
    return settings;
  }

  NodeTraces traces() {
    return traces;
  }

  NodeStates states() {
    return states;
  }

  Platform platform() {
    return platform;
  }

  NodePrx nodeProxy() {
    return node;
  }

  RegistryFinder finder() {
    return finder;
  }

  static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  /**
   * Runs a task on the owner's thread; whatever it throws is a bug, and is told.
   *
   * @return false if the node has ended: the task will not run
   */
  boolean post(Runnable task) {
    try {
      owner.execute(() -> guarded(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Nullable ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    try {
      return owner.schedule(() -> guarded(task), delay, unit);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /** Runs what may block. */
  void call(Runnable task) {
    try {
      callers.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      // The node has ended.
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (com.zeroc.Ice.CommunicatorDestroyedException e) {
      // The node has ended.
    } catch (RuntimeException | Error e) {
      traces.logger().error("unexpected exception in session manager:\n" + StackTraces.of(e));
    }
  }

  private RegistryLink link(Identity id, InternalRegistryPrx proxy) {
    RegistryLink link =
        id.name.equals(MASTER)
            ? master
            : slaves.computeIfAbsent(id, slave -> new RegistryLink(this, slave));
    link.hint(proxy);
    return link;
  }

  /** An attempt has ended. On the owner's thread. */
  void attempted(RegistryLink link) {
    if (ended) {
      return;
    }
    if (link != master) {
      if (link.isConnected() && graceOver) {
        loadThroughSlave();
      }
      return;
    }
    RegistryLink.Session session = master.session();
    masterSession = session == null ? null : session.proxy();
    if (session != null) {
      masterSeen = true;
      masterConnected.complete(null);
    } else {
      warnOfInstance();
    }
    prune();
    if (session != null && active) {
      call(() -> synchronise(session));
    } else {
      call(() -> findSlaves(session));
    }
  }

  private void warnOfInstance() {
    if (finder.wrongInstance() && !warnedOfInstance) {
      warnedOfInstance = true;
      traces
          .logger()
          .warning(
              "the registry at `"
                  + communicator.getDefaultLocator()
                  + "' does not know the instance name `"
                  + settings.instance()
                  + "'; check IceGrid.InstanceName and Ice.Default.Locator");
    }
  }

  /** Slaves that nobody knows any more are given up once they are gone. */
  private void prune() {
    slaves
        .entrySet()
        .removeIf(
            slave -> {
              boolean gone = slave.getValue().isDisconnected() && !known.contains(slave.getKey());
              if (gone) {
                slave.getValue().end();
              }
              return gone;
            });
  }

  private void findSlaves(RegistryLink.@Nullable Session session) {
    Map<Identity, InternalRegistryPrx> found = new LinkedHashMap<>();
    if (session == null) {
      found.putAll(finder.slaves());
    } else {
      try {
        for (InternalRegistryPrx slave :
            InternalRegistryPrx.uncheckedCast(
                    session.registry().ice_invocationTimeout(CALL_TIMEOUT_MILLIS))
                .getReplicas()) {
          found.put(slave.ice_getIdentity(), slave);
        }
      } catch (LocalException e) {
        // The next attempt will tell.
      }
    }
    post(() -> connectTo(found));
  }

  private void connectTo(Map<Identity, InternalRegistryPrx> found) {
    if (active && master.session() != null) {
      firstContact.complete(null); // the master has told all slaves meanwhile
      return;
    }
    known = new LinkedHashSet<>(found.keySet());
    List<CompletableFuture<Boolean>> attempts = new ArrayList<>();
    found.forEach(
        (id, proxy) -> {
          boolean isNew = !slaves.containsKey(id);
          RegistryLink slave = link(id, proxy);
          if (isNew) {
            attempts.add(slave.connect());
          }
        });
    CompletableFuture.allOf(attempts.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, FIRST_SLAVES_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete((ok, failure) -> firstContact.complete(null));
  }

  private void synchronise(RegistryLink.Session session) {
    firstContact.complete(null);
    try {
      session
          .proxy()
          .ice_invocationTimeout(CALL_TIMEOUT_MILLIS)
          .setReplicaObserver(ReplicaObserverPrx.uncheckedCast(node));
    } catch (LocalException e) {
      traces.logger().warning("failed to set replica observer:\n" + Exceptions.text(e));
      return;
    }
    synchronisation.run(session.proxy());
  }

  /** Without a master any slave knows what is deployed here; it may not change what is. */
  private void loadThroughSlave() {
    if (masterSeen || !active) {
      return;
    }
    for (RegistryLink slave : slaves.values()) {
      RegistryLink.Session session = slave.session();
      if (session != null) {
        session
            .proxy()
            .loadServersAsync()
            .whenComplete(
                (ok, failure) -> {
                  if (failure != null) {
                    traces
                        .logger()
                        .warning(
                            "no master, and replica `"
                                + slave.replica()
                                + "' did not load the servers of this node:\n"
                                + Exceptions.text(Async.cause(failure)));
                  }
                });
        return;
      }
    }
  }
}
