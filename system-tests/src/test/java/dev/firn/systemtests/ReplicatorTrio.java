package dev.firn.systemtests;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Three replicators that keep the streams together. Their ports and data stay. */
final class ReplicatorTrio {
  static final int COUNT = 3;

  private final Lab lab;
  private final List<String> settings;
  private final List<Integer> ports = free();
  private final List<Integer> peers = free();
  private final List<String> data;
  private final List<ChildProcess> nodes = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param settings of all, as options
   */
  ReplicatorTrio(Lab lab, List<String> settings) {
    this.lab = lab;
    this.settings = settings;
    data =
        IntStream.range(0, COUNT).mapToObj(i -> lab.subdirectory("node" + i).toString()).toList();
    for (int i = 0; i < COUNT; i++) {
      nodes.add(begin(i));
    }
  }

  private static List<Integer> free() {
    return IntStream.range(0, COUNT).mapToObj(i -> Ports.free()).toList();
  }

  List<Integer> ports() {
    return ports;
  }

  ChildProcess node(int index) {
    return nodes.get(index);
  }

  /** Starts one again that has ended. */
  void start(int index) {
    nodes.set(index, begin(index));
  }

  /** For instances that are told where it is. */
  String proxy() {
    return "StateReplicator"
        + ports.stream().map(port -> ":tcp -h 127.0.0.1 -p " + port).reduce("", String::concat);
  }

  private ChildProcess begin(int index) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "component",
                "replicator",
                "--Firn.Replicator.Endpoints=tcp -h 127.0.0.1 -p " + ports.get(index),
                "--Firn.Replicator.Data=" + data.get(index),
                // The machine is busier with all this than one that serves.
                "--Firn.Replicator.HeartbeatTimeout=2000",
                "--Firn.Replicator.NodeId=" + (index + 1)));
    for (int peer = 0; peer < COUNT; peer++) {
      String identity = "Peer" + (peer + 1);
      command.add(
          "--Firn.Replicator.Nodes."
              + (peer + 1)
              + "="
              + identity
              + ":tcp -h 127.0.0.1 -p "
              + peers.get(peer));
    }
    command.addAll(settings);
    return lab.firn(command.toArray(new String[0]));
  }
}
