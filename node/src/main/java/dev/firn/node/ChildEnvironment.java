package dev.firn.node;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The environment of a server: the node's, then the descriptor's entries in order. Pure. */
final class ChildEnvironment {
  /** Of the launcher and of whoever supervises the node; no server's business. */
  private static final Set<String> OWN =
      Set.of("FIRN_OPEN_FILES", "FIRN_READY_PIPE", "FIRN_TRAIN", "NOTIFY_SOCKET");

  /** The locale as it was before the launcher chose one for the Java machine; empty for none. */
  private static final String LOCALE = "FIRN_LC_ALL";

  private ChildEnvironment() {}

  /** Changes a copy of the node's environment into the server's. */
  static void prepare(Map<String, String> environment) {
    environment.keySet().removeAll(OWN);
    String locale = environment.remove(LOCALE);
    if (locale != null) {
      environment.remove("LC_ALL");
      if (!locale.isEmpty()) {
        environment.put("LC_ALL", locale);
      }
    }
  }

  /**
   * Applies a descriptor's entries.
   *
   * @throws LaunchException if the system has no such variables
   */
  static void apply(Map<String, String> environment, Iterable<String> entries)
      throws LaunchException {
    Map<String, String> node = new TreeMap<>(environment);
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals < 0) {
        environment.remove(entry);
      } else if (entry.indexOf('\0') >= 0) {
        throw new LaunchException(
            "cannot set environment variable `" + entry + "': Invalid argument");
      } else {
        environment.put(
            entry.substring(0, equals),
            expand(entry.substring(equals + 1), name -> node.getOrDefault(name, "")));
      }
    }
  }

  /** Replaces {@code $NAME} and <code>${NAME}</code>; what is put in is not looked at again. */
  static String expand(String value, UnaryOperator<String> variables) {
    StringBuilder expanded = new StringBuilder(value.length());
    int i = 0;
    while (i < value.length()) {
      char c = value.charAt(i++);
      if (c != '$' || i == value.length()) {
        expanded.append(c);
      } else if (value.charAt(i) == '{') {
        int end = value.indexOf('}', i);
        if (end < 0) {
          return expanded.append(value, i - 1, value.length()).toString();
        }
        expanded.append(variables.apply(value.substring(i + 1, end)));
        i = end + 1;
      } else {
        int start = i;
        while (i < value.length() && isNameCharacter(value.charAt(i))) {
          i++;
        }
        if (i > start) {
          expanded.append(variables.apply(value.substring(start, i)));
        }
      }
    }
    return expanded.toString();
  }

  private static boolean isNameCharacter(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
