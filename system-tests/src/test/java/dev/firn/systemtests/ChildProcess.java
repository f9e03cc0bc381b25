package dev.firn.systemtests;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process that a test started: its output in files, its end in our hand even when the test's JVM
 * is ended.
 */
final class ChildProcess implements AutoCloseable {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final Set<ChildProcess> EVIDENCE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Process process;
  private final Path out;
  private final Path err;

  private ChildProcess(String name, Process process, Path out, Path err) {
    this.name = name;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts a program.
   *
   * @param directory where its output goes: {@code NAME.out} and {@code NAME.err}, appended to
   * @param environment added to a bare environment: PATH, HOME and JAVA_HOME of this JVM only
   */
  static ChildProcess start(
      String name, Path directory, List<String> command, Map<String, String> environment) {
    try {
      Path out = directory.resolve(name + ".out");
      Path err = directory.resolve(name + ".err");
      // A suite that runs in the background of a script inherits SIGINT ignored, and so would
      // these.
      List<String> started = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,QUIT"));
      started.addAll(command);
      ProcessBuilder builder = new ProcessBuilder(started);
      Map<String, String> bare = builder.environment();
      bare.keySet().retainAll(List.of("PATH", "HOME", "JAVA_HOME", "CI"));
      bare.put("TZ", "UTC");
      bare.putAll(environment);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
      builder.redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
      Process process = builder.start();
      RUNNING.add(process);
      process.onExit().thenRun(() -> RUNNING.remove(process));
      ChildProcess child = new ChildProcess(name, process, out, err);
      EVIDENCE.add(child);
      return child;
    } catch (IOException cannotStart) {
      throw new UncheckedIOException(cannotStart);
    }
  }

  /** What processes of the current test class printed last; printed when a test fails. */
  static String evidence() {
    StringBuilder all = new StringBuilder();
    EVIDENCE.stream()
        .sorted((a, b) -> a.name.compareTo(b.name))
        .forEach(
            child -> {
              String state =
                  child.isAlive() ? "running" : "ended with " + child.process.exitValue();
              // A laboratory that a test closed has taken its files away.
              String text =
                  (Files.exists(child.err) ? tail(child.err()) : "")
                      + (Files.exists(child.out) ? tail(child.out()) : "");
              if (!text.isBlank()) {
                all.append("---- ")
                    .append(child.name)
                    .append(" pid ")
                    .append(child.pid())
                    .append(", ");
                all.append(state).append('\n').append(text);
              }
            });
    return all.toString();
  }

  private static String tail(String text) {
    List<String> lines = text.lines().toList();
    List<String> last = lines.subList(Math.max(0, lines.size() - 40), lines.size());
    return last.isEmpty() ? "" : String.join("\n", last) + "\n";
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
    } catch (IOException cannotStart) {
      throw new UncheckedIOException(cannotStart);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /**
   * SIGSTOP; returns when it has taken effect: threads run on until one of them takes the signal.
   */
  void pause() {
    signal("STOP");
    Await.until(
        name + " is stopped", () -> read(Path.of("/proc", pid() + "", "stat")).contains(") T "));
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() {
    process.destroyForcibly();
    awaitExit(Await.LIMIT);
  }

  int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            name + " still runs after " + limit.toSeconds() + " s\n" + tail(err()));
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    // A stopped process takes no other signal than SIGKILL.
    process.destroyForcibly();
    awaitExit(Await.LIMIT);
    EVIDENCE.remove(this);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
