package dev.firn.storm;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.ConnectionI;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.SocketException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells subscribers that a connection which carried their events was lost, or broken off by the
 * other side without the goodbye of Ice's protocol. Several may share one. Any thread.
 */
final class ConnectionWatch {
  private final Map<ConnectionI, Set<Runnable>> watchers = new ConcurrentHashMap<>();

  /** Watches until the connection closes or {@link #forget}. */
  void watch(ConnectionI connection, Runnable onBroken) {
    Set<Runnable> known = watchers.get(connection);
    if (known != null) {
      known.add(onBroken);
      return;
    }
    watchers.computeIfAbsent(connection, unknown -> ConcurrentHashMap.newKeySet()).add(onBroken);
    // Called at once if it is closed already.
    connection.setCloseCallback(this::closed);
  }

  void forget(ConnectionI connection, Runnable onBroken) {
    Set<Runnable> known = watchers.get(connection);
    if (known != null) {
      known.remove(onBroken);
    }
  }

  private void closed(Connection connection) {
    Set<Runnable> known = watchers.remove(connection);
    if (known != null && isBroken((ConnectionI) connection)) {
      known.forEach(Runnable::run);
    }
  }

  private static boolean isBroken(ConnectionI connection) {
    try {
      connection.throwException();
      return false;
    } catch (SocketException e) {
      return true;
    } catch (LocalException e) {
      // Closed in order, by one side or the other.
      return false;
    }
  }
}
