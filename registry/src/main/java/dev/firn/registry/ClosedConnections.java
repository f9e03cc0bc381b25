package dev.firn.registry;

import com.zeroc.Ice.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Tells when connections are closed, each to everybody who asked: a connection itself tells only
 * one. Any thread.
 */
final class ClosedConnections {
  private final Map<Connection, List<Runnable>> watchers = new ConcurrentHashMap<>();

  /** Runs the task once the connection is closed, at once if it is; it must not block. */
  void onClosed(Connection connection, Runnable task) {
    boolean first =
        watchers
                .merge(
                    connection,
                    List.of(task),
                    (some, more) -> Stream.concat(some.stream(), more.stream()).toList())
                .size()
            == 1;
    if (first) {
      connection.setCloseCallback(this::closed);
    }
  }

  private void closed(Connection connection) {
    List<Runnable> tasks = watchers.remove(connection);
    if (tasks != null) {
      tasks.forEach(Runnable::run);
    }
  }
}
