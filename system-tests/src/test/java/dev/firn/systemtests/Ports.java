package dev.firn.systemtests;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Ports below the range that the kernel gives out by itself, so that a registry finds its port free
 * again when it restarts. Each is given once per run until the range is used up.
 */
final class Ports {
  private static final int FIRST = Integer.getInteger("firn.test.port.first", 17000);
  private static final int COUNT = Integer.getInteger("firn.test.port.count", 2000);

  // Two runs at the same time start at different places.
  private static int next = (int) (ProcessHandle.current().pid() * 100 % COUNT);

  private Ports() {}

  static synchronized int free() {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + next;
      next = (next + 1) % COUNT;
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port in " + FIRST + ".." + (FIRST + COUNT - 1));
  }

  static boolean isFree(int port) {
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(null)) {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      tcp.setReuseAddress(true);
      tcp.bind(new InetSocketAddress(loopback, port));
      udp.bind(new InetSocketAddress(loopback, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
