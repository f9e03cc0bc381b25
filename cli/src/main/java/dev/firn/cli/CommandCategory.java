package dev.firn.cli;

import com.zeroc.Ice.UserException;
import java.util.List;

/** The commands that start with the same words, such as {@code registry}. */
abstract class CommandCategory {

  /** The words the commands start with. */
  abstract String name();

  /** In the order in which help shows them. */
  abstract List<HelpEntry> help();

  /**
   * Whether {@code word} names a command; more than {@link #help} lists where there are synonyms.
   */
  boolean has(String word) {
    for (HelpEntry entry : help()) {
      if (entry.command().equals(word)) {
        return true;
      }
    }
    return false;
  }

  /** Executes a command that {@link #has} knows. */
  abstract void run(String command, List<String> arguments)
      throws CommandException, UserException, InterruptedException;

  /** The failure of a command that was given a wrong number of arguments. */
  final CommandException requires(String command, String phrase) {
    String full = name() + " " + command;
    return new CommandException(
        "`" + full + "' " + phrase + "\n(`" + full + " help' for more info)");
  }

  final void requireNone(String command, List<String> arguments) throws CommandException {
    if (!arguments.isEmpty()) {
      throw requires(command, "doesn't require any argument");
    }
  }

  final String requireOne(String command, List<String> arguments) throws CommandException {
    if (arguments.size() != 1) {
      throw requires(command, "requires exactly one argument");
    }
    return arguments.get(0);
  }

  final void requireTwo(String command, List<String> arguments) throws CommandException {
    if (arguments.size() != 2) {
      throw requires(command, "requires exactly two arguments");
    }
  }

  static IllegalArgumentException unknown(String command) {
    return new IllegalArgumentException("unknown command: " + command);
  }
}
