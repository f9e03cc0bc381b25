package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Two nodes of a {@link Grid}. One thread, except for {@link #close}. */
final class GridNodes implements AutoCloseable {
  static final List<String> NAMES = List.of("node1", "node2");

  private final List<GridNode> nodes = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Not yet started.
   *
   * @param directory where each has a directory of its own
   * @param locator of the grid's registries
   */
  GridNodes(Path home, Path directory, String locator, Consumer<String> lines) {
    for (String name : NAMES) {
      nodes.add(new GridNode(home, directory.resolve(name), name, locator, lines));
    }
  }

  /** Starts the nodes; none any more once they are closed. */
  void start() {
    for (GridNode node : nodes) {
      synchronized (this) {
        if (!closed) {
          node.start();
        }
      }
    }
  }

  GridNode node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  /** Waits until the master can reach them; whether that happened in time, and none ended. */
  boolean awaitUp(Communicator communicator, Grid grid, long limitMillis)
      throws InterruptedException {
    try (Administrator master = Administrator.at(communicator, grid.replica("Master"))) {
      return Grid.await(limitMillis, () -> !allRun() || NAMES.stream().allMatch(master::isNodeUp))
          && allRun();
    } catch (UserException | LocalException e) {
      return false; // the registry is being ended
    }
  }

  private boolean allRun() {
    return nodes.stream().allMatch(GridNode::isRunning);
  }

  boolean isClosed() {
    return closed;
  }

  /** Has them stop their servers, and ends them. */
  @Override
  public synchronized void close() {
    closed = true;
    nodes.forEach(GridNode::requestStop);
    nodes.forEach(GridNode::stop);
  }
}
