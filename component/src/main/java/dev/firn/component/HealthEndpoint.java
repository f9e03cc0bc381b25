package dev.firn.component;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Says by HTTP how the instance is, for load balancers, container platforms and scripts: {@code
 * /live}, {@code /ready}, {@code /standby} and {@code /status}.
 */
final class HealthEndpoint implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int BAD_METHOD = 405;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final ExecutorService thread;
  private final Supplier<ReplicaStatus> status;
  private final Supplier<Long> revision;
  private final long lagMaxMillis;

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
    this.server = HttpServer.create(address, 0);
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread created = new Thread(task, "firn-health-" + instance);
              created.setDaemon(true);
              return created;
            });
    server.setExecutor(thread);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        answer(exchange, BAD_METHOD, "GET or HEAD\n");
        return;
      }
      ReplicaStatus now = status.get();
      switch (exchange.getRequestURI().getPath()) {
        case "/live" -> answer(exchange, now.state != ReplicaState.Failed, now);
        case "/ready" -> answer(exchange, now.state == ReplicaState.Active, now);
        case "/standby" ->
            answer(
                exchange, now.state == ReplicaState.Standby && now.lagMillis <= lagMaxMillis, now);
        case "/status" -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          answer(exchange, OK, StatusJson.of(now, revision.get()));
        }
        default -> answer(exchange, NOT_FOUND, "/live, /ready, /standby or /status\n");
      }
    }
  }

  private static void answer(HttpExchange exchange, boolean good, ReplicaStatus now)
      throws IOException {
    answer(exchange, good ? OK : UNAVAILABLE, now.state + "\n");
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }
}
