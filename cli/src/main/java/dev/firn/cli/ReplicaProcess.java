package dev.firn.cli;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A replica's or node's process; another one after each start. One thread at a time. */
final class ReplicaProcess {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final int LAST_LINES_MILLIS = 1_000;

  private final Consumer<String> lines;
  private final int stopSeconds;
  private @Nullable Process process;
  private @Nullable Thread reader;

  /**
   * @param lines takes what the process prints, and a line at its end; from other threads
   * @param stopSeconds how long it may take to end in order; then it is killed
   */
  ReplicaProcess(Consumer<String> lines, int stopSeconds) {
    this.lines = lines;
    this.stopSeconds = stopSeconds;
  }

  /**
   * Starts it; a former one must have ended.
   *
   * @param name stands before each of its lines
   */
  void start(String name, List<String> command) {
    try {
      Process started = new ProcessBuilder(withParent(command)).redirectErrorStream(true).start();
      Thread lastLines = new Thread(() -> read(started, name), "firn-" + name);
      lastLines.setDaemon(true);
      lastLines.start();
      reader = lastLines;
      process = started;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start replica " + name, e);
    }
  }

  /**
   * As a process that ends in order when this one is gone, killed included; as it is where
   * util-linux is missing. Linux watches the thread that starts it: it has to outlive the process.
   */
  private static List<String> withParent(List<String> command) {
    if (!Files.isExecutable(SETPRIV)) {
      return command;
    }
    List<String> watched =
        new ArrayList<>(List.of(SETPRIV.toString(), "--pdeathsig", "TERM", "--"));
    watched.addAll(command);
    return watched;
  }

  long pid() {
    return process().pid();
  }

  /** False also before it was started. */
  boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Ends at once, as if the host had lost its power. */
  void kill() {
    process().toHandle().destroyForcibly();
    await(process());
  }

  /** Asks it to end, if it was started. */
  void requestStop() {
    if (process != null) {
      // By its handle: the process's own method would close the output, which is still to be shown.
      process.toHandle().destroy();
    }
  }

  /** Ends in order, if it was started. */
  void stop() {
    Process started = process;
    if (started != null) {
      requestStop();
      await(started);
    }
  }

  private Process process() {
    return requireNonNull(process, "never started");
  }

  private void await(Process ending) {
    try {
      if (!ending.waitFor(stopSeconds, TimeUnit.SECONDS)) {
        ending.destroyForcibly().waitFor();
      }
      Thread lastLines = reader;
      if (lastLines != null) {
        lastLines.join(LAST_LINES_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(Process started, String name) {
    try (BufferedReader output = started.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.accept(name + ": " + line);
      }
      lines.accept(name + ": ended with status " + started.waitFor());
    } catch (IOException e) {
      lines.accept(name + ": output lost: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
