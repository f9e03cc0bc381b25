package dev.firn.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An icegridadmin, run for a few commands or talked to through a pipe. */
final class AdminTool {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Implementation implementation;
  private final Lab lab;

  AdminTool(Implementation implementation, Lab lab) {
    this.implementation = implementation;
    this.lab = lab;
  }

  record Result(int exit, String out, String err) {
    String all() {
      return out + err;
    }
  }

  /** Logs in through this locator and executes the commands with -e. */
  Result execute(String locator, String... commands) {
    List<String> command = login(locator);
    for (String text : commands) {
      command.add("-e");
      command.add(text);
    }
    return run(command);
  }

  /** Logs in and begins to execute a command that goes on until Ctrl-C. */
  ChildProcess begin(String locator, String text) {
    List<String> command = login(locator);
    command.addAll(List.of("-e", text));
    return lab.process("admin", command);
  }

  /** Logs in and feeds the lines to standard input, then ends it. */
  Result interactive(String locator, String... lines) {
    return fed(login(locator), lines);
  }

  /** Runs on a terminal of its own, where all the lines are typed before anybody asks for them. */
  Result onTerminal(String locator, String... lines) {
    return fed(
        List.of(
            Peers.PYTHON.toString(),
            Implementation.HOME.resolve("system-tests/src/test/python/terminal.py").toString(),
            implementation.admin(),
            "--Ice.Default.Locator=" + locator),
        lines);
  }

  private Result fed(List<String> command, String... lines) {
    ChildProcess process = lab.process("admin", command);
    try (var input = process.input()) {
      input.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
    return new Result(process.awaitExit(LIMIT), process.out(), process.err());
  }

  /** Runs the tool with these arguments only. */
  Result bare(String... arguments) {
    List<String> command = new ArrayList<>(List.of(implementation.admin()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private Result run(List<String> command) {
    ChildProcess process = lab.process("admin", command);
    try {
      process.input().close();
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
    return new Result(process.awaitExit(LIMIT), process.out(), process.err());
  }

  private List<String> login(String locator) {
    return new ArrayList<>(
        List.of(
            implementation.admin(),
            "--Ice.Default.Locator=" + locator,
            "-u",
            "tester",
            "-p",
            "secret"));
  }
}
