package dev.firn.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The system's processes. Any thread. */
final class ProcessTable {
  /** In {@code /proc/PID/stat}, counted from the state, which follows the name. */
  private static final int START_TIME = 19;

  private ProcessTable() {}

  /** When a process was started, in clock ticks; empty if there is none or it has ended. */
  static OptionalLong startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), ISO_8859_1);
      // The name is in parentheses and may have any character.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean ended = fields[0].equals("Z") || fields[0].equals("X");
      return ended ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[START_TIME]));
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  static boolean isAlive(ProcessRecord process) {
    OptionalLong ticks = startTicks(process.pid());
    return ticks.isPresent() && ticks.getAsLong() == process.startTicks();
  }
}
