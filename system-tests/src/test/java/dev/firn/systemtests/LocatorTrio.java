package dev.firn.systemtests;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Three service locators that know the same. Their ports and data stay. */
final class LocatorTrio {
  static final int COUNT = 3;

  private final Lab lab;
  private final List<Integer> ports = free();
  private final List<Integer> managementPorts = free();
  private final List<Integer> peers = free();
  private final List<String> data;
  private final List<ChildProcess> nodes = new ArrayList<>();

  /** Starts them. */
  LocatorTrio(Lab lab) {
    this.lab = lab;
    data =
        IntStream.range(0, COUNT)
            .mapToObj(i -> lab.subdirectory("locator" + i).toString())
            .toList();
    for (int i = 0; i < COUNT; i++) {
      nodes.add(begin(i));
    }
  }

  private static List<Integer> free() {
    return IntStream.range(0, COUNT).mapToObj(i -> Ports.free()).toList();
  }

  /**
   * Waits until each answers, which it does once it is of a group: a client that knows of one has
   * no other to turn to before.
   */
  void awaitAnswers(IceClient client) {
    for (int i = 0; i < COUNT; i++) {
      for (String proxy : List.of(proxy(i), managementProxy(i))) {
        Await.asserted(() -> client.object(proxy).call("ice_ping"));
      }
    }
  }

  ChildProcess node(int index) {
    return nodes.get(index);
  }

  /** Starts one again that has ended. */
  void start(int index) {
    nodes.set(index, begin(index));
  }

  /** All of them, for who looks up. */
  String proxy() {
    return "LocatorService" + endpoints(ports);
  }

  /** All of them, for who registers. */
  String managementProxy() {
    return "LocatorServiceManagement" + endpoints(managementPorts);
  }

  String proxy(int index) {
    return "LocatorService" + endpoints(List.of(ports.get(index)));
  }

  String managementProxy(int index) {
    return "LocatorServiceManagement" + endpoints(List.of(managementPorts.get(index)));
  }

  private static String endpoints(List<Integer> of) {
    return of.stream().map(port -> ":tcp -h 127.0.0.1 -p " + port).reduce("", String::concat);
  }

  /** The index of the one that decides, as far as the last of them to say so knows. */
  int coordinator() {
    String said = "the coordinator is ";
    for (int i = COUNT - 1; i >= 0; i--) {
      int at = nodes.get(i).err().lastIndexOf(said);
      if (at >= 0 && nodes.get(i).isAlive()) {
        return Character.digit(nodes.get(i).err().charAt(at + said.length()), 10) - 1;
      }
    }
    throw new AssertionError("there is no coordinator");
  }

  private ChildProcess begin(int index) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "component",
                "locator",
                "--Firn.Locator.Endpoints=tcp -h 127.0.0.1 -p " + ports.get(index),
                "--Firn.Locator.Management.Endpoints=tcp -h 127.0.0.1 -p "
                    + managementPorts.get(index),
                "--Firn.Locator.Data=" + data.get(index),
                // The machine is busier with all this than one that serves.
                "--Firn.Locator.HeartbeatTimeout=2000",
                "--Firn.Locator.NodeId=" + (index + 1)));
    for (int peer = 0; peer < COUNT; peer++) {
      command.add(
          "--Firn.Locator.Nodes."
              + (peer + 1)
              + "=Peer"
              + (peer + 1)
              + ":tcp -h 127.0.0.1 -p "
              + peers.get(peer));
    }
    return lab.firn(command.toArray(new String[0]));
  }
}
