package dev.firn.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one test class or test has running: a directory, registries, clients. Closing it ends and
 * deletes all of it.
 */
final class Lab implements AutoCloseable {
  private final Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Leftovers leftovers;
  private @Nullable PythonClient python;
  private int sides;

  Lab() {
    try {
      directory = Files.createTempDirectory("firn-lab-");
    } catch (IOException noSpace) {
      throw new UncheckedIOException(noSpace);
    }
    leftovers = own(new Leftovers(directory));
  }

  Path directory() {
    return directory;
  }

  /** A registry with an empty database, named Master, not yet started. */
  RegistryProcess registry(Implementation implementation) {
    return registry(implementation, "Master");
  }

  RegistryProcess registry(Implementation implementation, String replica) {
    if (!implementation.isBuilt()) {
      throw new AssertionError("not built: " + implementation.registry());
    }
    return own(new RegistryProcess(implementation, replica, subdirectory(replica)));
  }

  /** A storm service with an empty database, not yet started. */
  StormProcess storm(Implementation implementation, String name, String directory) {
    return own(new StormProcess(implementation, name, subdirectory(directory)));
  }

  /** A client with connections of its own. */
  IceClient client(String... properties) {
    if (python == null) {
      python = own(PythonClient.start(directory, "python"));
    }
    return python.open("side" + ++sides, properties);
  }

  /** A node with an empty data directory, not yet started. */
  NodeProcess node(Implementation implementation, String name) {
    return own(new NodeProcess(implementation, name, subdirectory(name), leftovers));
  }

  /** Processes that nodes started: they outlive the node when that is killed, but not this. */
  Leftovers leftovers() {
    return leftovers;
  }

  AdminTool admin(Implementation implementation) {
    return new AdminTool(implementation, this);
  }

  ChildProcess process(String name, List<String> command) {
    return process(name, command, Map.of());
  }

  ChildProcess process(String name, List<String> command, Map<String, String> environment) {
    return own(ChildProcess.start(unused(name), directory, command, environment));
  }

  /** Starts {@code bin/firn}; its temporary files are below this lab's directory. */
  ChildProcess firn(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Implementation.HOME.resolve("bin/firn").toString());
    command.addAll(List.of(arguments));
    return process(
        "firn", command, Map.of("FIRN_JAVA_OPTS", "-Djava.io.tmpdir=" + subdirectory("temporary")));
  }

  /** Runs a program to its end; fails unless it exits with 0. */
  String succeeding(String... command) {
    ChildProcess process = process(Path.of(command[0]).getFileName().toString(), List.of(command));
    int exit = process.awaitExit(Await.LIMIT);
    if (exit != 0) {
      throw new AssertionError(List.of(command) + " ended with " + exit + ":\n" + process.err());
    }
    return process.out();
  }

  Path write(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  Path subdirectory(String name) {
    try {
      return Files.createDirectories(directory.resolve(unused(name)));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  <T extends AutoCloseable> T own(T resource) {
    open.push(resource);
    return resource;
  }

  private String unused(String name) {
    String candidate = name;
    for (int i = 2;
        Files.exists(directory.resolve(candidate))
            || Files.exists(directory.resolve(candidate + ".out"));
        i++) {
      candidate = name + "-" + i;
    }
    return candidate;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception failed) {
        throw new AssertionError(failed);
      }
    }
    // A process that was killed a moment ago may still have taken a file away or made one.
    Await.until("the directory is deleted", this::isDeleted);
  }

  private boolean isDeleted() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException changing) {
      // Once more.
    }
    return Files.notExists(directory);
  }
}
