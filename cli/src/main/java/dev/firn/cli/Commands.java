package dev.firn.cli;

import java.util.List;

/** The commands a {@link CommandInterpreter} may call. */
interface Commands {

  boolean has(String category);

  boolean has(String category, String command);

  /** The help of a command, of all commands of a category if none is named; empty if unknown. */
  String help(String category, String command);

  /** Executes a known command; its failure is reported on the console. */
  void run(String category, String command, List<String> arguments) throws InterruptedException;
}
