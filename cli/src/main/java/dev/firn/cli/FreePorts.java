package dev.firn.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on loopback that nobody used a moment ago. They are below the range that the kernel gives
 * to connections by itself, so that none of those takes one before a server does. No port is given
 * twice.
 */
final class FreePorts {
  private static final int FIRST = 22_000;
  private static final int COUNT = 10_000;

  private static int next = ThreadLocalRandom.current().nextInt(COUNT);

  private FreePorts() {}

  /**
   * @throws IOException if there are not so many
   */
  static synchronized List<Integer> find(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int tries = 0; tries < COUNT && ports.size() < count; tries++) {
      int port = FIRST + next;
      next = (next + 1) % COUNT;
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        ports.add(socket.getLocalPort());
      } catch (BindException taken) {
        // The next one may be free.
      }
    }
    if (ports.size() < count) {
      throw new IOException(
          "no "
              + count
              + " ports between "
              + FIRST
              + " and "
              + (FIRST + COUNT - 1)
              + " are free; --port names others");
    }
    return ports;
  }
}
