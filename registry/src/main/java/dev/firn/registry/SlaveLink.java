package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.DatabaseObserverPrx;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.InternalReplicaInfo;
import com.zeroc.IceGrid.ObserverAlreadyRegisteredException;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.ReplicaActiveException;
import com.zeroc.IceGrid.ReplicaSessionPrx;
import com.zeroc.IceGrid.TopicName;
import dev.firn.model.Topic;
import dev.firn.replication.Input;
import dev.firn.replication.Input.ConnectFailure;
import dev.firn.wire.Exceptions;
import dev.firn.wire.OwnConnection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of this slave to its master, as Ice sees it; when to go it is decided by the core.
 *
 * <p>Each attempt runs on a thread of its own, because finding and calling a master can block for
 * as long as time-outs allow; what a superseded attempt still brings is stale for the core.
 */
final class SlaveLink implements MasterLink {
  private static final int CALL_TIMEOUT_MILLIS = 10_000;
  private static final int SYNCHRONISATION_TIMEOUT_MILLIS = 300_000;
  private static final int GOODBYE_TIMEOUT_MILLIS = 1_000;

  /** Why an attempt brought no session. */
  private record Failure(ConnectFailure kind, String reason) {}

  private static final Failure NOT_FOUND =
      new Failure(ConnectFailure.UNREACHABLE, "failed to get replica proxy");

  private static final Failure SUPERSEDED =
      new Failure(ConnectFailure.DENIED, "a newer attempt is under way");

  /**
   * A session that was granted.
   *
   * @param observer takes the master's updates
   * @param updated whether it took any: the first ones bring the master's tables as a whole
   */
  private record Session(
      long attempt,
      InternalRegistryPrx master,
      ReplicaSessionPrx proxy,
      Identity observer,
      AtomicBoolean updated) {}

  /** Publishes what this slave offers; any thread. */
  interface Publisher {
    /** To the master. Throws what the calls throw. */
    void publishTo(ReplicaSessionPrx session);

    /** In the own tables, as there is no master, or none that sends updates. */
    CompletionStage<?> publishLocally();
  }

  private final Communicator communicator;
  private final Engine engine;
  private final ObjectAdapter internalAdapter;
  private final RegistryNames names;
  private final String hostname;
  private final String bootId;
  private final MasterFinder finder;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "firn-master-link");
            thread.setDaemon(true);
            return thread;
          });
  private final CompletableFuture<Boolean> firstAttempt = new CompletableFuture<>();

  /** The attempt that the core waits for, 0 if none: an older one must not register any more. */
  private volatile long wanted;

  private volatile @Nullable InternalRegistryPrx lastMaster;
  private volatile @Nullable Session session;
  private volatile @Nullable Session complete;
  private volatile @Nullable Publisher publisher;

  SlaveLink(
      Communicator communicator,
      Engine engine,
      ObjectAdapter internalAdapter,
      RegistryNames names,
      String hostname,
      MasterFinder finder) {
    this.communicator = communicator;
    this.engine = engine;
    this.internalAdapter = internalAdapter;
    this.names = names;
    this.hostname = hostname;
    this.finder = finder;
    this.bootId = UUID.randomUUID().toString();
  }

  /** Ends with the first attempt: whether it found a master. */
  CompletableFuture<Boolean> firstAttempt() {
    return firstAttempt;
  }

  /**
   * From now on there is something to publish; call after the first attempt.
   *
   * @return ends when it is published, to the master or locally, or could not be
   */
  CompletionStage<?> publishWith(Publisher wellKnown) {
    publisher = wellKnown;
    return publish();
  }

  /** The session with the master, null while there is none. */
  @Nullable ReplicaSessionPrx masterSession() {
    Session current = complete;
    return current == null ? null : current.proxy();
  }

  /** The master, null while there is no session with it. */
  @Nullable InternalRegistryPrx master() {
    Session current = complete;
    return current == null ? null : current.master();
  }

  /** A master announced itself: the next attempt tries it first. */
  void masterAppeared(InternalRegistryPrx proxy) {
    lastMaster = proxy;
  }

  /** The master was found to be gone, by other means than this link's. */
  void masterGone(String reason) {
    Session current = complete;
    if (current != null) {
      engine.post(new Input.MasterLost(current.attempt(), reason));
    }
  }

  /** Says goodbye to the master and stops. */
  void shutdown() {
    Session current = session;
    session = null;
    complete = null;
    if (current != null) {
      try {
        current.proxy().ice_invocationTimeout(GOODBYE_TIMEOUT_MILLIS).destroy();
      } catch (LocalException e) {
        // The master is gone too, or will notice.
      }
    }
    threads.shutdown();
  }

  @Override
  public void connect(long attempt) {
    wanted = attempt;
    start(() -> attempt(attempt));
  }

  @Override
  public void keepAlive(long attempt) {
    Session current = session;
    if (current == null || current.attempt() != attempt) {
      engine.post(new Input.MasterLost(attempt, "the session was given up"));
      return;
    }
    try {
      current
          .proxy()
          .ice_invocationTimeout(CALL_TIMEOUT_MILLIS)
          .keepAliveAsync()
          .whenComplete(
              (ok, failure) ->
                  engine.post(
                      failure == null
                          ? new Input.KeepAliveAnswered(attempt)
                          : new Input.MasterLost(attempt, Exceptions.text(failure))));
    } catch (LocalException e) {
      engine.post(new Input.MasterLost(attempt, Exceptions.text(e)));
    }
  }

  @Override
  public void acknowledge(long attempt, Topic topic, int serial, String failure) {
    Session current = session;
    if (current == null || current.attempt() != attempt) {
      return;
    }
    TopicName name =
        switch (topic) {
          case APPLICATIONS -> TopicName.ApplicationObserverTopicName;
          case ADAPTERS -> TopicName.AdapterObserverTopicName;
          case OBJECTS -> TopicName.ObjectObserverTopicName;
        };
    try {
      current.proxy().receivedUpdateAsync(name, serial, failure);
    } catch (LocalException e) {
      engine.post(new Input.MasterLost(attempt, Exceptions.text(e)));
    }
  }

  @Override
  public void disconnect(long attempt) {
    if (wanted == attempt) {
      wanted = 0;
    }
    Session current = session;
    if (current != null && current.attempt() == attempt) {
      session = null;
      complete = null;
      end(current);
    }
  }

  @Override
  public void masterUp(long attempt) {
    Session current = session;
    if (current != null && current.attempt() == attempt) {
      complete = current;
      firstAttempt.complete(true);
      start(this::publish);
    }
  }

  @Override
  public void masterDown() {
    complete = null;
    firstAttempt.complete(false);
    publish();
  }

  private void start(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      // The registry is shutting down.
    }
  }

  private CompletionStage<?> publish() {
    Publisher wellKnown = publisher;
    if (wellKnown == null) {
      return CompletableFuture.completedFuture(null);
    }
    Session current = complete;
    if (current == null) {
      return wellKnown.publishLocally();
    }
    // A read-only master takes what is published but sends nothing back, and from an earlier run
    // the own tables may know endpoints at which nobody listens any more.
    CompletionStage<?> published =
        current.updated().get()
            ? CompletableFuture.completedFuture(null)
            : wellKnown.publishLocally();
    try {
      wellKnown.publishTo(
          ReplicaSessionPrx.uncheckedCast(
              current.proxy().ice_invocationTimeout(CALL_TIMEOUT_MILLIS)));
    } catch (LocalException e) {
      engine.post(new Input.MasterLost(current.attempt(), Exceptions.text(e)));
    }
    return published;
  }

  /** Tries the master of last time, then what other registries know. */
  private void attempt(long attempt) {
    InternalRegistryPrx last = lastMaster;
    Failure failure = NOT_FOUND;
    if (last != null) {
      Failure first = tryMaster(attempt, last);
      if (first == null) {
        return;
      }
      failure = first;
    }
    if (failure.kind() == ConnectFailure.UNREACHABLE) {
      for (InternalRegistryPrx found : finder.find(RegistryNames.MASTER)) {
        Failure next = found.equals(last) ? failure : tryMaster(attempt, found);
        if (next == null) {
          return;
        }
        failure = next;
        if (failure.kind() != ConnectFailure.UNREACHABLE) {
          break;
        }
      }
    }
    engine.post(new Input.ConnectFailed(attempt, failure.kind(), failure.reason()));
  }

  /** Returns null if there is a session now. */
  private @Nullable Failure tryMaster(long attempt, InternalRegistryPrx master) {
    if (wanted != attempt) {
      return SUPERSEDED;
    }
    try {
      establish(attempt, master);
      lastMaster = master;
      return null;
    } catch (ReplicaActiveException e) {
      return new Failure(
          ConnectFailure.NAME_IN_USE,
          "a replica with the same name is already registered and active");
    } catch (PermissionDeniedException e) {
      return new Failure(ConnectFailure.DENIED, "connection to master was denied:\n" + e.reason);
    } catch (DeploymentException e) {
      return new Failure(
          ConnectFailure.DATABASE_REFUSED,
          "database synchronization with master failed:\n" + e.reason);
    } catch (ObserverAlreadyRegisteredException | LocalException e) {
      return new Failure(ConnectFailure.UNREACHABLE, Exceptions.text(e));
    }
  }

  private void establish(long attempt, InternalRegistryPrx master)
      throws ReplicaActiveException,
          PermissionDeniedException,
          DeploymentException,
          ObserverAlreadyRegisteredException {
    InternalRegistryPrx own =
        InternalRegistryPrx.uncheckedCast(
            internalAdapter.createDirectProxy(names.internalRegistry()));
    ReplicaSessionPrx given =
        InternalRegistryPrx.uncheckedCast(
                OwnConnection.of(master, attempt).ice_invocationTimeout(CALL_TIMEOUT_MILLIS))
            .registerReplica(
                new InternalReplicaInfo(names.replica(), hostname),
                own,
                Map.of(DatabaseUpdates.BOOT_ID, bootId));
    if (given == null) {
      throw new PermissionDeniedException("the master granted no session");
    }
    ReplicaSessionPrx granted = ReplicaSessionPrx.uncheckedCast(OwnConnection.of(given, attempt));
    if (wanted != attempt) {
      goodbye(granted);
      throw new PermissionDeniedException(SUPERSEDED.reason());
    }
    Session created = null;
    AtomicBoolean updated = new AtomicBoolean();
    Consumer<Input> updates =
        input -> {
          updated.set(true);
          engine.post(input);
        };
    try {
      long timeoutMillis =
          1_000L
              * ReplicaSessionPrx.uncheckedCast(granted.ice_invocationTimeout(CALL_TIMEOUT_MILLIS))
                  .getTimeout();
      ObjectPrx observer =
          internalAdapter.addWithUUID(
              new DatabaseObserverServant(communicator, updates, engine::tables, attempt));
      created = new Session(attempt, master, granted, observer.ice_getIdentity(), updated);
      session = created;
      engine.post(new Input.SessionEstablished(attempt, timeoutMillis));
      watch(attempt, granted);
      subscribe(granted, DatabaseObserverPrx.uncheckedCast(observer));
      engine.post(new Input.Subscribed(attempt));
    } catch (LocalException | DeploymentException | ObserverAlreadyRegisteredException e) {
      if (created != null) {
        end(created);
      } else {
        goodbye(granted);
      }
      throw e;
    }
  }

  private void subscribe(ReplicaSessionPrx granted, DatabaseObserverPrx observer)
      throws DeploymentException, ObserverAlreadyRegisteredException {
    var tables = engine.tables();
    Map<String, Long> serials = new TreeMap<>();
    for (Topic topic : Topic.values()) {
      serials.put(topic.key(), tables.serials().of(topic));
    }
    ReplicaSessionPrx.uncheckedCast(granted.ice_invocationTimeout(SYNCHRONISATION_TIMEOUT_MILLIS))
        .setDatabaseObserver(
            observer,
            Optional.of(serials),
            Map.of(DatabaseUpdates.EPOCH, Long.toString(tables.epoch().number())));
  }

  /** A master that dies closes its connections: no need to wait for the next keep-alive. */
  private void watch(long attempt, ReplicaSessionPrx granted) {
    // The connection of the calls before, which a proxy that made none does not know yet.
    Connection connection = granted.ice_getConnection();
    if (connection != null) {
      connection.setCloseCallback(
          closed -> engine.post(new Input.MasterLost(attempt, "the connection was closed")));
    }
  }

  private void end(Session ended) {
    try {
      internalAdapter.remove(ended.observer());
    } catch (LocalException e) {
      // The adapter is being deactivated, which removes it too.
    }
    goodbye(ended.proxy());
  }

  private static void goodbye(ReplicaSessionPrx proxy) {
    try {
      proxy.ice_invocationTimeout(GOODBYE_TIMEOUT_MILLIS).destroyAsync();
    } catch (LocalException e) {
      // The master ends the session when it hears nothing more.
    }
  }
}
