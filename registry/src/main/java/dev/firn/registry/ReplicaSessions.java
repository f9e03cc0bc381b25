package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.DatabaseObserverPrx;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.InternalReplicaInfo;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.ReplicaActiveException;
import com.zeroc.IceGrid.ReplicaSessionPrx;
import dev.firn.model.Command;
import dev.firn.replication.Answer;
import dev.firn.replication.Input;
import dev.firn.replication.PushedUpdate;
import dev.firn.replication.ReplicaInfo;
import dev.firn.replication.SessionId;
import dev.firn.wire.Exceptions;
import dev.firn.wire.SilentConnections;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The slaves of this master, as Ice sees them; what to do with them is decided by the core.
 *
 * <p>Any thread. The methods of {@link MasterPeers} are called by the engine.
 */
final class ReplicaSessions implements MasterPeers {
  private static final int PING_TIMEOUT_MILLIS = 2_000;
  private static final int PUSH_TIMEOUT_MILLIS = 60_000;

  /** What is known of one slave. */
  private static final class Peer {
    private final ReplicaInfo info;
    private final InternalRegistryPrx proxy;
    private final Identity servantId;
    private volatile @Nullable DatabaseObserverPrx observer;
    private volatile Map<String, ObjectPrx> endpoints = Map.of();
    private volatile Runnable unwatch = () -> {};

    Peer(ReplicaInfo info, InternalRegistryPrx proxy) {
      this.info = info;
      this.proxy = proxy;
      this.servantId = new Identity(UUID.randomUUID().toString(), "");
    }
  }

  /** Told when slaves come and go; on the engine's thread. */
  interface Listener {
    void replicaUp(RegistryInfo info, InternalRegistryPrx proxy);

    void replicaDown(String name, InternalRegistryPrx proxy);
  }

  private final Communicator communicator;
  private final Engine engine;
  private final ObjectAdapter internalAdapter;
  private final ReplicaSessionServant.Settings settings;
  private final ClosedConnections connections;
  private final Listener listener;
  private final Map<SessionId, Peer> peers = new ConcurrentSkipListMap<>();
  private volatile @Nullable WellKnownProxies proxies;
  private volatile boolean stopping;

  ReplicaSessions(
      Communicator communicator,
      Engine engine,
      ObjectAdapter internalAdapter,
      ReplicaSessionServant.Settings settings,
      ClosedConnections connections,
      Listener listener) {
    this.communicator = communicator;
    this.engine = engine;
    this.internalAdapter = internalAdapter;
    this.settings = settings;
    this.connections = connections;
    this.listener = listener;
  }

  /** From now on the endpoints of all replicas are published; ends when this has been done once. */
  CompletionStage<?> publishWith(WellKnownProxies wellKnownProxies) {
    proxies = wellKnownProxies;
    return publishReplicatedObjects();
  }

  /** The registry ends: slaves' objects stay published, for the next start to find them. */
  void stop() {
    stopping = true;
  }

  CompletionStage<ReplicaSessionPrx> register(
      InternalReplicaInfo info, InternalRegistryPrx proxy, Current current) {
    ReplicaInfo replica =
        new ReplicaInfo(
            info.name,
            info.hostname,
            communicator.proxyToString(proxy),
            Optional.ofNullable(current.ctx.get(DatabaseUpdates.BOOT_ID)));
    CompletableFuture<ReplicaSessionPrx> result = new CompletableFuture<>();
    engine
        .request(id -> new Input.RegisterReplica(id, replica))
        .whenComplete(
            (answer, failure) -> {
              if (answer instanceof Answer.SessionCreated created) {
                result.complete(created(created.session(), current.con));
              } else if (answer instanceof Answer.ReplicaActive) {
                result.completeExceptionally(new ReplicaActiveException());
              } else {
                result.completeExceptionally(new com.zeroc.Ice.ObjectNotExistException());
              }
            });
    return result;
  }

  private ReplicaSessionPrx created(SessionId session, @Nullable Connection connection) {
    Peer peer = peers.get(session);
    if (peer == null) {
      throw new IllegalStateException("session " + session + " was created without replicaUp");
    }
    var servant = new ReplicaSessionServant(communicator, engine, this, session, settings);
    ObjectPrx proxy = internalAdapter.add(servant, peer.servantId);
    if (connection != null) {
      peer.unwatch =
          connections.onClosed(
              connection, () -> engine.post(new Input.ReplicaDisconnected(session)));
      if (!peers.containsKey(session)) {
        peer.unwatch.run(); // it has ended meanwhile
      }
    }
    return ReplicaSessionPrx.uncheckedCast(proxy);
  }

  void setObserver(SessionId session, DatabaseObserverPrx observer) {
    Peer peer = peers.get(session);
    if (peer != null) {
      peer.observer = observer.ice_invocationTimeout(PUSH_TIMEOUT_MILLIS);
    }
  }

  void setEndpoints(SessionId session, Map<String, ObjectPrx> endpoints) {
    Peer peer = peers.get(session);
    if (peer != null) {
      peer.endpoints = Map.copyOf(endpoints);
      publishReplicatedObjects();
    }
  }

  /** The connected slaves, by name. */
  Map<String, InternalRegistryPrx> slaves() {
    Map<String, InternalRegistryPrx> slaves = new ConcurrentSkipListMap<>();
    peers.values().forEach(peer -> slaves.put(peer.info.name(), peer.proxy));
    return slaves;
  }

  /** What the connected slaves say of themselves, by name. */
  List<RegistryInfo> infos() {
    Map<String, RegistryInfo> infos = new ConcurrentSkipListMap<>();
    peers.values().forEach(peer -> infos.put(peer.info.name(), registryInfo(peer.info)));
    return new ArrayList<>(infos.values());
  }

  @Override
  public void ping(SessionId session) {
    Peer peer = peers.get(session);
    if (peer == null) {
      engine.post(new Input.PingAnswered(session, false));
      return;
    }
    SilentConnections.probe(peer.proxy, PING_TIMEOUT_MILLIS)
        .thenAccept(reachable -> engine.post(new Input.PingAnswered(session, reachable)));
  }

  @Override
  public void push(SessionId session, PushedUpdate update) {
    Peer peer = peers.get(session);
    DatabaseObserverPrx observer = peer == null ? null : peer.observer;
    if (observer == null) {
      engine.post(new Input.PushFailed(session, "no observer"));
      return;
    }
    try {
      DatabaseUpdates.send(communicator, observer, update)
          .whenComplete(
              (ok, failure) ->
                  engine.post(
                      failure == null
                          ? new Input.PushDelivered(session)
                          : new Input.PushFailed(session, Exceptions.text(failure))));
    } catch (LocalException e) {
      engine.post(new Input.PushFailed(session, Exceptions.text(e)));
    }
  }

  @Override
  public void replicaUp(SessionId session, ReplicaInfo info) {
    InternalRegistryPrx proxy =
        InternalRegistryPrx.uncheckedCast(communicator.stringToProxy(info.proxy()));
    peers.put(session, new Peer(info, proxy));
    listener.replicaUp(registryInfo(info), proxy);
  }

  @Override
  public void replicaDown(SessionId session, ReplicaInfo info) {
    Peer peer = peers.remove(session);
    if (peer == null || stopping) {
      return;
    }
    // A slave that is refused tries again over the same connection.
    peer.unwatch.run();
    try {
      internalAdapter.remove(peer.servantId);
    } catch (com.zeroc.Ice.NotRegisteredException
        | com.zeroc.Ice.ObjectAdapterDeactivatedException e) {
      // The session ended before its servant was there, or the registry ends: either way it is
      // gone.
    }
    // If it was not heard, it must not wait for what was lost when it is back.
    SilentConnections.probe(peer.proxy, PING_TIMEOUT_MILLIS);
    listener.replicaDown(info.name(), peer.proxy);
    publishReplicatedObjects();
  }

  /** One at a time: what was computed last must be submitted last. */
  private synchronized CompletionStage<?> publishReplicatedObjects() {
    WellKnownProxies known = proxies;
    if (known == null || stopping) {
      return CompletableFuture.completedFuture(null);
    }
    Map<String, Map<String, ObjectPrx>> byName = new ConcurrentSkipListMap<>();
    peers.values().forEach(peer -> byName.put(peer.info.name(), peer.endpoints));
    return engine.submit(
        new Command.PublishWellKnown(known.replicated(List.copyOf(byName.values()))));
  }

  private static RegistryInfo registryInfo(ReplicaInfo info) {
    return new RegistryInfo(info.name(), info.hostname());
  }
}
