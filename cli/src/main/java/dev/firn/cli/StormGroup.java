package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Three storm replicas on loopback. One thread, except for {@link #close}. */
final class StormGroup implements AutoCloseable {
  static final String INSTANCE = "IceStorm";
  static final String MANAGER = INSTANCE + "/TopicManager";
  static final int SIZE = 3;

  private final List<StormReplica> replicas = new ArrayList<>();
  private final String manager;
  private volatile boolean closed;

  /**
   * Not yet started.
   *
   * @param directory where each has a directory of its own
   */
  StormGroup(Path home, Path directory, List<StormPorts> ports, Consumer<String> lines) {
    manager = MANAGER + ":" + StormPorts.managers(ports);
    for (int id = 1; id <= ports.size(); id++) {
      replicas.add(new StormReplica(id, home, directory.resolve("Storm" + id), ports, lines));
    }
  }

  /** Starts the replicas; none any more once the group is closed. */
  void start() {
    for (StormReplica replica : replicas) {
      synchronized (this) {
        if (!closed) {
          replica.start();
        }
      }
    }
  }

  /** The proxy that clients need: the topic manager at all replicas. */
  String manager() {
    return manager;
  }

  List<StormReplica> replicas() {
    return List.copyOf(replicas);
  }

  /**
   * Waits for a group of these replicas.
   *
   * @return its coordinator; empty if there was none in time, or one of them ended
   */
  static Optional<StormReplica> awaitGroup(
      Communicator communicator, List<StormReplica> members, long limitMillis)
      throws InterruptedException {
    boolean decided =
        Grid.await(
            limitMillis,
            () ->
                !members.stream().allMatch(StormReplica::isRunning)
                    || coordinator(communicator, members).isPresent());
    return decided ? coordinator(communicator, members) : Optional.empty();
  }

  private static Optional<StormReplica> coordinator(
      Communicator communicator, List<StormReplica> members) {
    return members.stream()
        .filter(replica -> replica.leads(communicator, members.size()))
        .findFirst();
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends all replicas in order. */
  @Override
  public synchronized void close() {
    closed = true;
    replicas.forEach(StormReplica::requestStop);
    replicas.forEach(StormReplica::stop);
  }
}
