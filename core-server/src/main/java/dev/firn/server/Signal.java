package dev.firn.server;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Signals by name and number, as Linux numbers them on all common machines. */
public final class Signal {
  public static final int KILL = 9;
  public static final int TERM = 15;
  private static final int MAX = 63;

  private static final Map<String, Integer> NUMBERS = new TreeMap<>();

  static {
    String[] names = {
      "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL",
      "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
    };
    for (int i = 0; i < names.length; i++) {
      NUMBERS.put(names[i], i + 1);
    }
    NUMBERS.put("SIGCONT", 18);
    NUMBERS.put("SIGSTOP", 19);
  }

  private static final List<String> FAULTS =
      List.of("SIGABRT", "SIGILL", "SIGBUS", "SIGFPE", "SIGSEGV");

  private Signal() {}

  /**
   * The number of a signal that may be sent to a server.
   *
   * @param text a name such as {@code SIGTERM}, or a number
   * @return empty if there is no such signal
   */
  public static OptionalInt number(String text) {
    Integer named = NUMBERS.get(text);
    if (named != null) {
      return OptionalInt.of(named);
    }
    try {
      int number = Integer.parseInt(text);
      return number >= 1 && number <= MAX ? OptionalInt.of(number) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  public static String name(int number) {
    return NUMBERS.entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("signal " + number);
  }

  /** Whether a process that dies of it has done something wrong. */
  static boolean isFault(int number) {
    return number != 0 && FAULTS.contains(name(number));
  }
}
