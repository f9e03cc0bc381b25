package dev.firn.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The processes that nodes of a laboratory started, and what these started in turn. They are known
 * by a variable of their environment, as a node that is killed leaves them to nobody.
 */
final class Leftovers implements AutoCloseable {
  private static final String VARIABLE = "FIRN_LAB";
  private static final Set<Leftovers> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Leftovers::killAll)));
  }

  private final String mark;

  Leftovers(Path directory) {
    mark = VARIABLE + "=" + directory;
    OPEN.add(this);
  }

  /** For the environment of nodes. */
  Map<String, String> environment() {
    return Map.of(
        VARIABLE,
        mark.substring(VARIABLE.length() + 1),
        "FIRN_TEST",
        Long.toString(ProcessHandle.current().pid()));
  }

  /** All that are alive, the nodes themselves included. */
  List<Long> pids() {
    List<Long> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        String name = process.getFileName().toString();
        if (Character.isDigit(name.charAt(0)) && isMarked(process)) {
          found.add(Long.valueOf(name));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return found;
  }

  /** Those whose command line has this text, for example a server's directory. */
  List<Long> pids(String text) {
    return pids().stream()
        .filter(pid -> read(Path.of("/proc/" + pid + "/cmdline")).orElse("").contains(text))
        .toList();
  }

  /** The running processes of a server: those started with its configuration. */
  List<Long> ofServer(String id) {
    return pids("/servers/" + id + "/config/config");
  }

  private boolean isMarked(Path process) {
    // A zombie has an empty environment.
    return read(process.resolve("environ"))
        .map(environment -> List.of(environment.split("\0")).contains(mark))
        .orElse(false);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException goneOrForeign) {
      return Optional.empty();
    }
  }

  private void killAll() {
    pids().forEach(pid -> ProcessHandle.of(pid).ifPresent(process -> process.destroyForcibly()));
  }

  /** Kills until none is left: one may be forking at this moment. */
  @Override
  public void close() {
    Await.until(
        "the servers' processes are gone",
        () -> {
          killAll();
          return pids().isEmpty();
        });
    OPEN.remove(this);
  }
}
