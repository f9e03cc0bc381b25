package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceStorm.TopicManagerPrx;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.IceStormElection.NodeState;
import dev.firn.wire.IceStormElection.QueryInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One replica of a {@link StormGroup}: a process, and a directory that outlives it. */
final class StormReplica {
  private static final int QUERY_TIMEOUT_MILLIS = 1_000;
  private static final int STOP_SECONDS = 10;

  private final int id;
  private final Path home;
  private final Path directory;
  private final StormPorts ports;
  private final List<StormPorts> all;
  private final ReplicaProcess process;

  /**
   * Not yet started.
   *
   * @param id from 1
   * @param all the ports of all replicas, by their ids
   */
  StormReplica(int id, Path home, Path directory, List<StormPorts> all, Consumer<String> lines) {
    this.id = id;
    this.home = home;
    this.directory = directory;
    this.ports = all.get(id - 1);
    this.all = all;
    this.process = new ReplicaProcess(new ElectionLines(lines), STOP_SECONDS);
  }

  int id() {
    return id;
  }

  String name() {
    return "Storm" + id;
  }

  StormPorts ports() {
    return ports;
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isRunning();
  }

  /** Starts, or starts again on the same database; a former process must have ended. */
  void start() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + directory, e);
    }
    process.start(name(), command());
  }

  void kill() {
    process.kill();
  }

  void requestStop() {
    process.requestStop();
  }

  void stop() {
    process.stop();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/firn").toString());
    command.add("storm");
    property(command, "NodeId", Integer.toString(id));
    for (int i = 0; i < all.size(); i++) {
      property(
          command,
          "Nodes." + (i + 1),
          StormGroup.INSTANCE + "/node" + (i + 1) + ":" + StormPorts.endpoint(all.get(i).node()));
    }
    property(command, "InstanceName", StormGroup.INSTANCE);
    property(command, "Node.Endpoints", StormPorts.endpoint(ports.node()));
    property(command, "TopicManager.Endpoints", StormPorts.endpoint(ports.manager()));
    property(command, "Publish.Endpoints", StormPorts.endpoint(ports.publish()));
    property(command, "ReplicatedTopicManagerEndpoints", StormPorts.managers(all));
    property(command, "ReplicatedPublishEndpoints", StormPorts.publishers(all));
    property(command, "LMDB.Path", directory.toString());
    property(command, "Trace.Election", "1");
    return command;
  }

  private static void property(List<String> command, String key, String value) {
    command.add("--IceStorm." + key + "=" + value);
  }

  /** This replica's own topic manager. */
  TopicManagerPrx manager(Communicator communicator) {
    return TopicManagerPrx.uncheckedCast(
        proxy(communicator, StormGroup.MANAGER, ports.manager()).ice_invocationTimeout(10_000));
  }

  /** What it says of its group; empty if it does not answer. */
  Optional<QueryInfo> query(Communicator communicator) {
    ObjectPrx node =
        proxy(communicator, StormGroup.INSTANCE + "/node" + id, ports.node())
            .ice_invocationTimeout(QUERY_TIMEOUT_MILLIS);
    try {
      return Optional.of(NodePrx.uncheckedCast(node).query());
    } catch (LocalException e) {
      return Optional.empty();
    }
  }

  /** Whether it leads a group of this many that works. */
  boolean leads(Communicator communicator, int members) {
    return query(communicator)
        .filter(
            info ->
                info.state == NodeState.NodeStateNormal
                    && info.coord == id
                    && info.up.length == members - 1)
        .isPresent();
  }

  private static ObjectPrx proxy(Communicator communicator, String identity, int port) {
    return communicator.stringToProxy(identity + ":" + StormPorts.endpoint(port));
  }
}
