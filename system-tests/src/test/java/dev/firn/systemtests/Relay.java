package dev.firn.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes connections on to a port of this host, and can let them go silent. */
final class Relay implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final Set<Passage> passages = ConcurrentHashMap.newKeySet();

  /** Two ends of one connection. */
  private static final class Passage {
    private final Socket from;
    private final Socket to;
    private volatile boolean silent;

    Passage(Socket from, Socket to) {
      this.from = from;
      this.to = to;
    }

    void close() {
      try (from;
          to) {
        silent = true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * @param target where somebody listens, sooner or later
   */
  Relay(int target) {
    this.target = target;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  /** What peers are told, instead of the target's. */
  String endpoint() {
    return "tcp -h 127.0.0.1 -p " + listening.getLocalPort();
  }

  /**
   * From now on nothing passes through the connections there are, as if all packets were lost; nor
   * is anybody told. New ones pass.
   *
   * @return how many there are
   */
  int silence() {
    passages.forEach(passage -> passage.silent = true);
    return passages.size();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket from = listening.accept();
        pass(from);
      } catch (IOException e) {
        // The relay is being closed.
      }
    }
  }

  private void pass(Socket from) throws IOException {
    try {
      Passage passage = new Passage(from, new Socket(InetAddress.getLoopbackAddress(), target));
      passages.add(passage);
      start(() -> pump(passage, passage.from, passage.to));
      start(() -> pump(passage, passage.to, passage.from));
    } catch (IOException refused) {
      from.close();
    }
  }

  private void pump(Passage passage, Socket from, Socket to) {
    byte[] buffer = new byte[65_536];
    try {
      for (int read = from.getInputStream().read(buffer);
          read >= 0;
          read = from.getInputStream().read(buffer)) {
        if (!passage.silent) {
          to.getOutputStream().write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      // Closed by one of them, or here.
    }
    if (!passage.silent && passages.remove(passage)) {
      passage.close();
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    passages.forEach(Passage::close);
  }
}
