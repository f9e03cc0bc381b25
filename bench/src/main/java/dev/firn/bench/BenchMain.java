package dev.firn.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code firn bench}: measures Firn beside the reference on this machine. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Firn beside the reference on this machine.",
    subcommands = {
      LocateCommand.class,
      DeployCommand.class,
      StormCommand.class,
      AllocateCommand.class,
      ComponentCommand.class
    })
public final class BenchMain {
  private BenchMain() {}

  /** Exits with 0 when everything was measured, 1 when something failed, 2 on wrong usage. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new BenchMain())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  String said = "";
                  for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                    if (!said.contains(String.valueOf(cause.getMessage()))) {
                      said = cause.toString();
                      command.getErr().println("bench: " + said);
                    }
                  }
                  return 1;
                })
            .execute(args));
  }
}
