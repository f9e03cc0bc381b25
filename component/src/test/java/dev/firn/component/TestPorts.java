package dev.firn.component;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Ports for tests that must know them before somebody listens, or that somebody returns to. Below
 * the range that the kernel gives out by itself, so that no connection takes one meanwhile.
 */
final class TestPorts {
  private static final int FIRST = 21_000;
  private static final int COUNT = 1_000;

  // Two runs at the same time start at different places.
  private static int next = (int) (ProcessHandle.current().pid() * 100 % COUNT);

  private TestPorts() {}

  static synchronized int free() {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + next;
      next = (next + 1) % COUNT;
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next one may be free.
      }
    }
    throw new IllegalStateException("no free port in " + FIRST + ".." + (FIRST + COUNT - 1));
  }
}
