package dev.firn.node;

import java.util.ArrayList;
import java.util.List;

/** The trace of what is about to be started. */
final class LaunchTrace {
  private LaunchTrace() {}

  static void trace(NodeTraces traces, LaunchSpec spec) {
    traces.trace(
        NodeTraces.Category.ACTIVATOR,
        1,
        () -> {
          String line = "activating server `" + spec.serverId() + "'";
          return traces.on(NodeTraces.Category.ACTIVATOR, 2) ? line + details(spec) : line;
        });
  }

  private static String details(LaunchSpec spec) {
    List<String> lines = new ArrayList<>();
    lines.add("path = " + spec.exe());
    lines.add("pwd = " + (spec.pwd().isEmpty() ? spec.directory() : spec.pwd()));
    UserAccount account = spec.account().orElseGet(SystemAccounts::own);
    lines.add("uid/gid = " + account.uid() + "/" + account.gid());
    if (!spec.envs().isEmpty()) {
      lines.add("envs = " + String.join(", ", spec.envs()));
    }
    lines.add("args = " + String.join(" ", spec.command()));
    return "\n" + String.join("\n", lines);
  }
}
