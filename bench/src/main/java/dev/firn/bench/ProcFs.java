package dev.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

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
