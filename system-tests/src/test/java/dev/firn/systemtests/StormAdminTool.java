package dev.firn.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An icestormadmin, run for a few commands or talked to through a pipe. */
record StormAdminTool(Implementation implementation, Lab lab) {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Executes the commands with -e at this manager. */
  AdminTool.Result execute(String manager, String... commands) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--IceStormAdmin.TopicManager.Default=" + manager);
    for (String command : commands) {
      arguments.add("-e");
      arguments.add(command);
    }
    return bare(arguments.toArray(String[]::new));
  }

  /** Runs the tool with these arguments only. */
  AdminTool.Result bare(String... arguments) {
    return run("", arguments);
  }

  /** Feeds the lines to standard input, then ends it. */
  AdminTool.Result interactive(String manager, String... lines) {
    return run(String.join("\n", lines) + "\n", "--IceStormAdmin.TopicManager.Default=" + manager);
  }

  private AdminTool.Result run(String text, String... arguments) {
    List<String> command = new ArrayList<>(List.of(implementation.stormAdmin()));
    command.addAll(Arrays.asList(arguments));
    ChildProcess process = lab.process("stormadmin", command);
    try (var input = process.input()) {
      input.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
    return new AdminTool.Result(process.awaitExit(LIMIT), process.out(), process.err());
  }
}
