package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.QueryPrx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Three registry replicas on loopback. One thread, except for {@link #close}. */
final class Grid implements AutoCloseable {
  static final String INSTANCE = "IceGrid";
  static final List<String> NAMES = List.of("Master", "Replica1", "Replica2");

  private static final int POLL_MILLIS = 20;

  private final List<GridReplica> replicas = new ArrayList<>();
  private final String locator;
  private volatile boolean closed;

  /**
   * Not yet started.
   *
   * @param directory where each has a directory of its own
   * @param ports the client ports, one for each
   */
  Grid(Path home, Path directory, List<Integer> ports, Consumer<String> lines) {
    StringBuilder text = new StringBuilder(INSTANCE + "/Locator");
    ports.forEach(port -> text.append(":tcp -h 127.0.0.1 -p ").append(port));
    locator = text.toString();
    for (int i = 0; i < NAMES.size(); i++) {
      String name = NAMES.get(i);
      replicas.add(
          new GridReplica(home, directory.resolve(name), name, ports.get(i), locator, lines));
    }
  }

  /** Starts the replicas; none any more once the grid is closed. */
  void start() {
    for (GridReplica replica : replicas) {
      synchronized (this) {
        if (!closed) {
          replica.start();
        }
      }
    }
  }

  /** Ports that nobody used a moment ago. */
  static List<Integer> freePorts() throws IOException {
    return FreePorts.find(NAMES.size());
  }

  /** The proxy that clients need as {@code Ice.Default.Locator}. */
  String locator() {
    return locator;
  }

  List<GridReplica> replicas() {
    return List.copyOf(replicas);
  }

  GridReplica replica(String name) {
    return replicas.stream()
        .filter(replica -> replica.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Waits until the replicas are in step: each answers with a locator that has the endpoints of
   * all.
   *
   * @return whether that happened in time, and none of them ended
   */
  static boolean awaitComplete(
      Communicator communicator, List<GridReplica> present, long limitMillis)
      throws InterruptedException {
    return await(
            limitMillis,
            () ->
                !allRun(present)
                    || present.stream()
                        .allMatch(replica -> locators(communicator, replica) == present.size()))
        && allRun(present);
  }

  private static boolean allRun(List<GridReplica> replicas) {
    return replicas.stream().allMatch(GridReplica::isRunning);
  }

  /** Polls a condition; whether it held in time. */
  static boolean await(long limitMillis, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + limitMillis * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  static QueryPrx query(Communicator communicator, GridReplica replica) {
    return QueryPrx.uncheckedCast(
        communicator
            .stringToProxy(INSTANCE + "/Query:tcp -h 127.0.0.1 -p " + replica.port())
            .ice_locator(null)
            .ice_invocationTimeout(1_000));
  }

  private static int locators(Communicator communicator, GridReplica replica) {
    try {
      ObjectPrx locator =
          query(communicator, replica).findObjectById(new Identity("Locator", INSTANCE));
      return locator == null ? 0 : locator.ice_getEndpoints().length;
    } catch (LocalException e) {
      return 0; // not up yet
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends all replicas in order. */
  @Override
  public synchronized void close() {
    closed = true;
    replicas.forEach(GridReplica::stop);
  }
}
