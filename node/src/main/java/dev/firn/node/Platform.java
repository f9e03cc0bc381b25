package dev.firn.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.IceGrid.InternalNodeInfo;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The machine as registries are told; computed once, except for the load. Any thread. */
final class Platform {
  private static final String UNKNOWN = "unknown";

  private final NodeSettings settings;
  private final String os = kernel("ostype", "Linux");
  private final String hostname = kernel("hostname", "localhost");
  private final String release = kernel("osrelease", UNKNOWN);
  private final String version = kernel("version", UNKNOWN);
  private final String machine = machine();
  private final int processors = processors();

  Platform(NodeSettings settings) {
    this.settings = settings;
  }

  NodeInfo info() {
    return new NodeInfo(
        settings.name(), os, hostname, release, version, machine, processors, settings.dataText());
  }

  InternalNodeInfo internalInfo() {
    return new InternalNodeInfo(
        settings.name(), os, hostname, release, version, machine, processors, settings.dataText());
  }

  String hostname() {
    return hostname;
  }

  /** The load averages of the system, which registries divide by the number of processors. */
  static LoadInfo load() {
    try {
      String[] averages = Files.readString(Path.of("/proc/loadavg"), UTF_8).split(" ");
      return new LoadInfo(
          Float.parseFloat(averages[0]),
          Float.parseFloat(averages[1]),
          Float.parseFloat(averages[2]));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return new LoadInfo(-1f, -1f, -1f);
    }
  }

  /** The number of processor sockets: as configured, or as the system says. */
  int socketCount() {
    if (settings.processorSocketCount() > 0) {
      return settings.processorSocketCount();
    }
    try {
      return sockets(Files.readAllLines(Path.of("/proc/cpuinfo"), UTF_8));
    } catch (IOException e) {
      return 1;
    }
  }

  /** A processor that does not say where it sits has a socket of its own. */
  static int sockets(List<String> cpuinfo) {
    int count = 0;
    Set<String> places = new HashSet<>();
    for (String line : cpuinfo) {
      if (line.startsWith("processor")) {
        count++;
      } else if (line.startsWith("physical id")) {
        count--;
        places.add(line);
      }
    }
    return Math.max(1, count + places.size());
  }

  private static String kernel(String name, String fallback) {
    try {
      String value = Files.readString(Path.of("/proc/sys/kernel", name), UTF_8).strip();
      return value.isEmpty() ? fallback : value;
    } catch (IOException e) {
      return fallback;
    }
  }

  /** As {@code uname -m} names it, which is not always Java's name. */
  private static String machine() {
    String java = System.getProperty("os.arch", "");
    return switch (java) {
      case "amd64" -> "x86_64";
      case "" -> UNKNOWN;
      default -> java;
    };
  }

  /** Those of the system, not those that a container may use. */
  private static int processors() {
    try {
      int online =
          online(Files.readString(Path.of("/sys/devices/system/cpu/online"), UTF_8).strip());
      if (online > 0) {
        return online;
      }
    } catch (IOException | NumberFormatException e) {
      // Java's own count will do.
    }
    return Runtime.getRuntime().availableProcessors();
  }

  /** Counts a list such as {@code 0-3,5}. */
  static int online(String list) {
    int count = 0;
    for (String range : list.split(",")) {
      String[] ends = range.split("-");
      count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
    }
    return count;
  }
}
