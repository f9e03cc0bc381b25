package dev.firn.node;

import java.util.ArrayList;
import java.util.List;

/**
 * The options of the command line.
 *
 * @param initFrom for a registry in the same process: the replica to take the database from; empty
 *     to keep the own
 * @param deploy the file of an application to deploy after the start; empty for none
 */
record NodeOptions(
    boolean help,
    boolean version,
    boolean nowarn,
    boolean readOnly,
    String initFrom,
    String deploy,
    List<String> targets) {
  NodeOptions {
    targets = List.copyOf(targets);
  }

  /**
   * Reads the options. The targets of {@code --deploy} end where the next option begins.
   *
   * @throws NodeConfigurationException with the text to show before the usage
   */
  static NodeOptions parse(List<String> arguments) throws NodeConfigurationException {
    boolean help = false;
    boolean version = false;
    boolean nowarn = false;
    boolean readOnly = false;
    String initFrom = "";
    String deploy = "";
    List<String> targets = new ArrayList<>();
    int next = 0;
    while (next < arguments.size()) {
      String argument = arguments.get(next++);
      switch (argument) {
        // Whoever asks for these gets them, whatever follows.
        case "-h", "--help" -> {
          help = true;
          next = arguments.size();
        }
        case "-v", "--version" -> {
          version = true;
          next = arguments.size();
        }
        case "--nowarn" -> nowarn = true;
        case "--readonly" -> readOnly = true;
        case "--initdb-from-replica" -> initFrom = value(arguments, next++, "replica", argument);
        case "--deploy" -> {
          deploy = value(arguments, next++, "descriptor", argument);
          while (next < arguments.size() && !arguments.get(next).startsWith("-")) {
            targets.add(arguments.get(next++));
          }
        }
        default -> throw new NodeConfigurationException("invalid option: `" + argument + "'");
      }
    }
    return new NodeOptions(help, version, nowarn, readOnly, initFrom, deploy, targets);
  }

  private static String value(List<String> arguments, int index, String what, String option)
      throws NodeConfigurationException {
    if (index >= arguments.size()) {
      throw new NodeConfigurationException(
          "missing " + what + " argument for option `" + option + "'");
    }
    return arguments.get(index);
  }
}
