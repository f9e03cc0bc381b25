package dev.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Linux tells of another process. */
final class ProcFs {
  /** The kernel counts CPU time for /proc in hundredths of a second on every architecture. */
  private static final long MICROS_PER_TICK = 10_000;

  private ProcFs() {}

  /** Resident memory, kilobytes. */
  static long residentKilobytes(long pid) {
    return read(pid, "status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no VmRSS for process " + pid));
  }

  /** CPU time used so far by all threads, in user and kernel mode, microseconds. */
  static long cpuMicros(long pid) {
    return parseCpuTicks(read(pid, "stat")) * MICROS_PER_TICK;
  }

  /** As {@link #cpuMicros}, of the living threads whose names begin so: of a JVM's own threads. */
  static long cpuMicros(long pid, String threadPrefix) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads
          .flatMap(thread -> threadStat(thread).stream())
          .filter(stat -> stat.contains("(" + threadPrefix))
          .mapToLong(stat -> parseCpuTicks(stat) * MICROS_PER_TICK)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " has ended", e);
    }
  }

  /** Empty if the thread has ended meanwhile. */
  private static Optional<String> threadStat(Path thread) {
    try {
      return Optional.of(Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Sum of utime and stime; the command's name, in parentheses, may itself contain blanks. */
  static long parseCpuTicks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** The {@code -X} options a JVM was started with; empty for another program. */
  static String jvmFlags(long pid) {
    return Arrays.stream(read(pid, "cmdline").split("\0"))
        .filter(argument -> argument.startsWith("-X"))
        .collect(Collectors.joining(" "));
  }

  private static String read(long pid, String name) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), name), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " has ended", e);
    }
  }
}
