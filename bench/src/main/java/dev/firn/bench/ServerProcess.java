package dev.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server under test: a child process that serves a locator on one port. Closing it ends the
 * process; so does the end of this JVM.
 */
final class ServerProcess implements AutoCloseable {
  private static final int READY_SECONDS_MAX = 120;
  private static final int STOP_SECONDS_MAX = 20;

  private final ServerKind kind;
  private final Process process;
  private final int port;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Thread killer;

  /**
   * Starts the process without waiting for it.
   *
   * @param readyLine the line on stdout that says it accepts requests
   * @param log receives what it prints
   */
  ServerProcess(ServerKind kind, List<String> command, int port, String readyLine, Path log)
      throws IOException {
    this.kind = kind;
    this.port = port;
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    var reader = new Thread(() -> copyOutput(readyLine, log), "output-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void copyOutput(String readyLine, Path log) {
    try (var in = process.inputReader();
        var out = Files.newBufferedWriter(log)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write(line);
        out.newLine();
        out.flush();
        if (line.equals(readyLine)) {
          ready.complete(null);
        }
      }
      ready.completeExceptionally(
          new IllegalStateException(kind.label() + " ended before it was ready; see " + log));
    } catch (IOException e) {
      ready.completeExceptionally(new UncheckedIOException(e));
    }
  }

  /** Waits for the ready line. */
  ServerProcess awaitReady() throws InterruptedException {
    try {
      ready.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
      return this;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          kind.label() + " was not ready within " + READY_SECONDS_MAX + " s", e);
    }
  }

  ServerKind kind() {
    return kind;
  }

  long pid() {
    return process.pid();
  }

  /** The stringified endpoint of its locator. */
  String endpoint() {
    return "tcp -h 127.0.0.1 -p " + port;
  }

  /** The stringified endpoint for nodes and other replicas, if it is a registry. */
  String internalEndpoint() {
    return "tcp -h 127.0.0.1 -p " + (port + 2);
  }

  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // The JVM is shutting down: the hook does it.
    }
  }
}
