package dev.firn.systemtests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One process of agent.py: Debian's Python with ZeroC's Ice for Python. Any thread may ask. */
final class PythonClient implements AutoCloseable {
  private static final long ANSWER_SECONDS = 200;

  private static final String SLICE =
      Implementation.HOME.resolve("wire/src/main/slice").toString() + "/";

  private static final String OWN_SLICE =
      Implementation.HOME.resolve("system-tests/src/test/slice").toString() + "/";

  private final Process process;
  private final Thread reader;
  private final OutputStream input;
  private final Map<Long, CompletableFuture<Json>> pending = new ConcurrentHashMap<>();
  private long requests;

  private PythonClient(Process process) {
    this.process = process;
    this.input = process.getOutputStream();
    this.reader = new Thread(this::read, "python-answers");
    reader.setDaemon(true);
  }

  static PythonClient start(Path directory, String name) {
    Path script = Implementation.HOME.resolve("system-tests/src/test/python/agent.py");
    try {
      // Isolated from any PYTHONPATH, but with the script's own directory for its modules.
      ProcessBuilder builder =
          new ProcessBuilder(Peers.PYTHON.toString(), "-s", "-B", script.toString());
      builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
      builder.environment().put("PATH", "/usr/bin:/bin");
      builder.redirectError(directory.resolve(name + ".err").toFile());
      Process process = builder.start();
      // The process ends with its input, so also when this JVM is killed.
      PythonClient client = new PythonClient(process);
      CompletableFuture<Json> ready =
          client.pending.computeIfAbsent(0L, id -> new CompletableFuture<>());
      client.reader.start();
      try {
        ready.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException failed) {
        process.destroyForcibly();
        Peers.missing("Python with Ice does not start (Debian: python3-zeroc-ice): " + failed);
      }
      await(client.ask(Map.of("do", "slice", "file", SLICE + "IceGridInternal.ice")));
      await(client.ask(Map.of("do", "slice", "file", SLICE + "LocatorDiscovery.ice")));
      await(client.ask(Map.of("do", "slice", "file", SLICE + "IceStormInternal.ice")));
      await(client.ask(Map.of("do", "slice", "file", OWN_SLICE + "Deployed.ice")));
      await(client.ask(Map.of("do", "slice", "file", OWN_SLICE + "Replicas.ice")));
      return client;
    } catch (IOException cannotStart) {
      throw new UncheckedIOException(cannotStart);
    }
  }

  /** A communicator; properties as NAME=VALUE. */
  IceClient open(String side, String... properties) {
    Map<String, Object> settings = new LinkedHashMap<>();
    // Nothing waits for ever, and a test sees what its own call did rather than a silent second
    // try.
    settings.put("Ice.Default.InvocationTimeout", "90000");
    settings.put("Ice.Default.Host", "127.0.0.1");
    for (String property : properties) {
      int equals = property.indexOf('=');
      settings.put(property.substring(0, equals), property.substring(equals + 1));
    }
    IceClient client = new IceClient(this, side);
    client.ask("open", Map.of("properties", settings));
    return client;
  }

  CompletableFuture<Json> ask(Map<String, ? extends @Nullable Object> request) {
    CompletableFuture<Json> answer = new CompletableFuture<>();
    synchronized (this) {
      long id = ++requests;
      Map<String, @Nullable Object> line = new LinkedHashMap<>(request);
      line.put("id", id);
      pending.put(id, answer);
      try {
        input.write((new Json(line) + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
      } catch (IOException ended) {
        throw new UncheckedIOException(ended);
      }
    }
    return answer;
  }

  /** Waits for an answer; throws what the Python side caught. */
  static Json await(CompletableFuture<Json> answer) {
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IceFailure failure) {
        failure.addSuppressed(new Throwable("asked here"));
        throw failure;
      }
      throw new AssertionError(failed);
    } catch (TimeoutException late) {
      throw new AssertionError("no answer within " + ANSWER_SECONDS + " s", late);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        Json answer = Json.parse(line);
        CompletableFuture<Json> waiting =
            pending.remove(answer.has("ready") ? 0L : answer.get("id").number());
        if (waiting != null) {
          complete(waiting, answer);
        }
      }
    } catch (IOException ended) {
      // Reported below, like an end without an exception.
    }
    pending
        .values()
        .forEach(
            waiting -> waiting.completeExceptionally(new IOException("the Python client ended")));
  }

  private static void complete(CompletableFuture<Json> waiting, Json answer) {
    if (answer.has("error")) {
      waiting.completeExceptionally(new IceFailure("call failed", answer.get("error")));
    } else if (answer.has("ready")) {
      waiting.complete(answer);
    } else {
      waiting.complete(answer.get("value"));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
