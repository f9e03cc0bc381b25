package dev.firn.registry;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Object;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.ServantLocator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the servants of sessions, and the admin routers, on one adapter. A look-up takes no lock.
 *
 * <p>Where sessions are bound to connections, a session's servants exist only for the connection
 * that created it, and the routers only for connections that own an admin session. What is called
 * by any facet is the one servant that there is.
 */
final class SessionServants implements ServantLocator {
  private record Entry(Object servant, ManagedSession session) {}

  private final ObjectAdapter adapter;
  private final String instanceName;
  private final boolean bound;
  private final Map<String, Object> routers;
  private final Map<Identity, Entry> entries = new ConcurrentHashMap<>();
  private final Map<Connection, List<ManagedSession>> sessions = new ConcurrentHashMap<>();

  /**
   * @param bound whether this is the Client adapter
   * @param routers admin routers by identity category; may be empty
   */
  SessionServants(
      ObjectAdapter adapter, String instanceName, boolean bound, Map<String, Object> routers) {
    this.adapter = adapter;
    this.instanceName = instanceName;
    this.bound = bound;
    this.routers = Map.copyOf(routers);
  }

  @Override
  public LocateResult locate(Current current) {
    return new LocateResult(find(current), null);
  }

  @Override
  public void finished(Current current, Object servant, java.lang.@Nullable Object cookie) {}

  @Override
  public void deactivate(String category) {}

  private @Nullable Object find(Current current) {
    Object router = routers.get(current.id.category);
    if (router != null) {
      return mayRoute(current.con) ? router : null;
    }
    Entry entry = entries.get(current.id);
    if (entry == null || (bound && !isOwn(entry.session, current.con))) {
      return null;
    }
    return entry.servant;
  }

  private boolean mayRoute(@Nullable Connection connection) {
    if (!bound) {
      return true;
    }
    List<ManagedSession> owned = connection == null ? null : sessions.get(connection);
    return owned != null && owned.stream().anyMatch(ManagedSession::administrative);
  }

  private static boolean isOwn(ManagedSession session, @Nullable Connection connection) {
    return connection != null && session.connection().orElse(null) == connection;
  }

  /** Adds a servant under a new identity. Called by the session, which also removes it. */
  ObjectPrx add(Object servant, ManagedSession session) {
    Identity identity = new Identity(UUID.randomUUID().toString(), instanceName);
    entries.put(identity, new Entry(servant, session));
    return adapter.createProxy(identity.clone());
  }

  void remove(Identity identity) {
    entries.remove(identity);
  }

  /** Ends the session with its connection, and takes the connection's heartbeats as its own. */
  void bind(Connection connection, ManagedSession session) {
    sessions.merge(connection, List.of(session), SessionServants::joined);
    // A connection that is closed already calls back at once.
    connection.setCloseCallback(this::closed);
    connection.setHeartbeatCallback(this::heartbeat);
  }

  void unbind(Connection connection, ManagedSession session) {
    // The callbacks stay: without sessions they have nothing to do, and removing them could undo
    // what a session bound in between has just installed.
    sessions.computeIfPresent(
        connection,
        (key, owned) -> {
          List<ManagedSession> others = owned.stream().filter(other -> other != session).toList();
          return others.isEmpty() ? null : others;
        });
  }

  private void closed(Connection connection) {
    List<ManagedSession> owned = sessions.remove(connection);
    if (owned != null) {
      owned.forEach(ManagedSession::reap);
    }
  }

  private void heartbeat(Connection connection) {
    List<ManagedSession> owned = sessions.get(connection);
    if (owned != null) {
      for (ManagedSession session : owned) {
        session.heartbeat();
      }
    }
  }

  private static List<ManagedSession> joined(List<ManagedSession> some, List<ManagedSession> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
