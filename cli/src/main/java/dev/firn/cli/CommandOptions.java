package dev.firn.cli;

import dev.firn.wire.BadOptionException;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import java.util.List;

/** Options of single commands, where a bad one is a failure like any other. */
final class CommandOptions {

  private CommandOptions() {}

  static ParsedOptions parse(OptionParser parser, List<String> arguments) throws CommandException {
    try {
      return parser.parse(arguments);
    } catch (BadOptionException exception) {
      throw new CommandException(exception.text());
    }
  }
}
