package dev.firn.component;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Says by HTTP how the instance is, for load balancers, container platforms and scripts: {@code
 * /live}, {@code /ready}, {@code /standby} and {@code /status}.
 *
 * <p>One request for each connection, which has two seconds to come, and little to say; so nobody
 * keeps others from asking for long. When too many do so at the same time, the newest is hung up
 * on.
 */
final class HealthEndpoint implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 64;
  private static final int LIMIT_MILLIS = 2_000;
  private static final int HEAD_BYTES_MAX = 8_192;
  private static final int BACKLOG = 64;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final ServerSocket server;
  private final ThreadPoolExecutor threads;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Supplier<ReplicaStatus> status;
  private final Supplier<Long> revision;
  private final long lagMaxMillis;

  private record Answer(String line, String type, String body) {
    static Answer of(String line, String body) {
      return new Answer(line, "text/plain", body);
    }
  }

  /**
   * @throws IOException the address cannot be bound
   */
  HealthEndpoint(
      String instance,
      InetSocketAddress address,
      Duration lagMax,
      Supplier<ReplicaStatus> status,
      Supplier<Long> revision)
      throws IOException {
    this.status = status;
    this.revision = revision;
    this.lagMaxMillis = lagMax.toMillis();
    this.server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(address, BACKLOG);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    this.threads =
        new ThreadPoolExecutor(
            1,
            CONNECTIONS_MAX + 1,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            InstanceThreads.factory("health", instance));
    threads.setRejectedExecutionHandler((task, full) -> ((Conversation) task).hangUp());
    threads.execute(new Acceptor());
  }

  /** Also a task that cannot be run has a socket to close. */
  private interface Conversation extends Runnable {
    void hangUp();
  }

  private final class Acceptor implements Conversation {
    @Override
    public void run() {
      while (!server.isClosed()) {
        try {
          Socket socket = server.accept();
          open.add(socket);
          threads.execute(new Request(socket));
        } catch (IOException e) {
          // Closed, or a client that went before it came, or there are too many files.
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }

    @Override
    public void hangUp() {}
  }

  private final class Request implements Conversation {
    private final Socket socket;

    Request(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void run() {
      try (socket) {
        long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
        String head = head(socket, untilNanos);
        write(socket.getOutputStream(), head, answer(head));
        // What is unread when a socket is closed may cost the client the answer.
        socket.shutdownOutput();
        InputStream rest = socket.getInputStream();
        byte[] unread = new byte[HEAD_BYTES_MAX];
        do {
          limit(socket, untilNanos);
        } while (rest.read(unread) >= 0);
      } catch (IOException e) {
        // Nobody is there any more, or says nothing.
      } finally {
        open.remove(socket);
      }
    }

    @Override
    public void hangUp() {
      open.remove(socket);
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed.
      }
    }
  }

  private static void limit(Socket socket, long untilNanos) throws IOException {
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
    if (leftMillis < 1) {
      throw new SocketTimeoutException();
    }
    socket.setSoTimeout((int) leftMillis);
  }

  /** The request's first line and its headers. */
  private static String head(Socket socket, long untilNanos) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] part = new byte[HEAD_BYTES_MAX];
    while (read.size() < HEAD_BYTES_MAX) {
      limit(socket, untilNanos);
      int count = in.read(part);
      if (count < 0) {
        throw new IOException("no request");
      }
      read.write(part, 0, count);
      String head = read.toString(US_ASCII);
      if (head.contains("\r\n\r\n") || head.contains("\n\n")) {
        return head;
      }
    }
    throw new IOException("no end of the request's head");
  }

  private Answer answer(String head) {
    String[] words = head.lines().findFirst().orElse("").split(" ", 3);
    if (words.length < 2) {
      return Answer.of("400 Bad Request", "no request\n");
    } else if (!words[0].equals("GET") && !words[0].equals("HEAD")) {
      return Answer.of("405 Method Not Allowed", "GET or HEAD\n");
    }
    ReplicaStatus now = status.get();
    return switch (words[1].replaceFirst("[?#].*", "")) {
      case "/live" -> answer(now.state != ReplicaState.Failed, now);
      case "/ready" -> answer(now.state == ReplicaState.Active, now);
      case "/standby" ->
          answer(now.state == ReplicaState.Standby && now.lagMillis <= lagMaxMillis, now);
      case "/status" ->
          new Answer("200 OK", "application/json", StatusJson.of(now, revision.get()));
      default -> Answer.of("404 Not Found", "/live, /ready, /standby or /status\n");
    };
  }

  private static Answer answer(boolean good, ReplicaStatus now) {
    return Answer.of(good ? "200 OK" : "503 Service Unavailable", now.state + "\n");
  }

  private static void write(OutputStream out, String head, Answer answer) throws IOException {
    byte[] body = answer.body.getBytes(UTF_8);
    String lines =
        "HTTP/1.1 "
            + answer.line
            + "\r\nContent-Type: "
            + answer.type
            + "\r\nContent-Length: "
            + body.length
            + "\r\nConnection: close\r\n\r\n";
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(lines.getBytes(US_ASCII));
    if (!head.startsWith("HEAD ")) {
      whole.writeBytes(body);
    }
    out.write(whole.toByteArray());
    out.flush();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      // They are closed.
    }
    threads.shutdownNow();
  }
}
