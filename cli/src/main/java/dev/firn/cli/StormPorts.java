package dev.firn.cli;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    List<ServerSocket> sockets = new ArrayList<>();
    List<StormPorts> ports = new ArrayList<>();
    try {
      for (int i = 0; i < EACH * replicas; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      for (int i = 0; i < replicas; i++) {
        ports.add(
            new StormPorts(
                sockets.get(EACH * i).getLocalPort(),
                sockets.get(EACH * i + 1).getLocalPort(),
                sockets.get(EACH * i + 2).getLocalPort()));
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
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
