package dev.firn.cli;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The ports of a storm's replica, on loopback. */
record StormPorts(int manager, int publish, int node) {
  static final int EACH = 3;

  static StormPorts from(int first) {
    return new StormPorts(first, first + 1, first + 2);
  }

  /** Ports that nobody used a moment ago. */
  static List<StormPorts> free(int replicas) throws IOException {
    List<Integer> found = FreePorts.find(EACH * replicas);
    List<StormPorts> ports = new ArrayList<>();
    for (int i = 0; i < found.size(); i += EACH) {
      ports.add(new StormPorts(found.get(i), found.get(i + 1), found.get(i + 2)));
    }
    return ports;
  }

  static String endpoint(int port) {
    return "tcp -h 127.0.0.1 -p " + port;
  }

  static String managers(List<StormPorts> all) {
    return all.stream().map(ports -> endpoint(ports.manager())).collect(joining(":"));
  }

  static String publishers(List<StormPorts> all) {
    return all.stream().map(ports -> endpoint(ports.publish())).collect(joining(":"));
  }
}
