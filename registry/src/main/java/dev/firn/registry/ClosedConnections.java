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
  private final Map<Connection, List<Watch>> watches = new ConcurrentHashMap<>();

  /** Equal to no other, as tasks may be. */
  private static final class Watch {
    private final Runnable task;

    Watch(Runnable task) {
      this.task = task;
    }
  }

  /**
   * Runs the task once the connection is closed, at once if it is; it must not block.
   *
   * @return forgets the task; for whom the connection outlives
   */
  Runnable onClosed(Connection connection, Runnable task) {
    Watch watch = new Watch(task);
    boolean first =
        watches
                .merge(
                    connection,
                    List.of(watch),
                    (some, more) -> Stream.concat(some.stream(), more.stream()).toList())
                .size()
            == 1;
    if (first) {
      connection.setCloseCallback(this::closed);
    }
    return () -> forget(connection, watch);
  }

  private void forget(Connection connection, Watch watch) {
    watches.computeIfPresent(
        connection,
        (same, all) -> {
          List<Watch> left = all.stream().filter(other -> other != watch).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** How many tasks wait. */
  int size() {
    return watches.values().stream().mapToInt(List::size).sum();
  }

  private void closed(Connection connection) {
    List<Watch> all = watches.remove(connection);
    if (all != null) {
      all.forEach(watch -> watch.task.run());
    }
  }
}
