package dev.firn.storm;

import com.zeroc.Ice.CloseConnectionException;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.ConnectionI;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.SocketException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells subscribers that the connection which carried their last events was closed by the other
 * side or lost. That alone proves nothing, as idle connections are closed too: they then try to
 * connect again, and what comes of that is the proof. Any thread.
 */
final class ConnectionWatch {
  private final Map<ConnectionI, Set<Subscriber>> watchers = new ConcurrentHashMap<>();

  /** Watches for a subscriber until the connection closes or {@link #forget}. */
  void watch(ConnectionI connection, Subscriber subscriber) {
    Set<Subscriber> known = watchers.get(connection);
    if (known != null) {
      known.add(subscriber);
      return;
    }
    watchers.computeIfAbsent(connection, unknown -> ConcurrentHashMap.newKeySet()).add(subscriber);
    // Called at once if it is closed already.
    connection.setCloseCallback(this::closed);
  }

  void forget(ConnectionI connection, Subscriber subscriber) {
    Set<Subscriber> known = watchers.get(connection);
    if (known != null) {
      known.remove(subscriber);
    }
  }

  private void closed(Connection connection) {
    Set<Subscriber> known = watchers.remove(connection);
    if (known != null && closedByPeer((ConnectionI) connection)) {
      known.forEach(Subscriber::probe);
    }
  }

  private static boolean closedByPeer(ConnectionI connection) {
    try {
      connection.throwException();
      return false;
    } catch (CloseConnectionException | SocketException e) {
      return true;
    } catch (LocalException e) {
      // Closed on this side: idle, or at the end.
      return false;
    }
  }
}
