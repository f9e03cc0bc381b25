package dev.firn.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The option syntax that the drop-in commands share, with the reference's error texts.
 *
 * <p>Long options are {@code --name}, {@code --name=value} and {@code --name value}; short ones
 * {@code -n}, {@code -nvalue}, {@code -n value} and combined {@code -hd}. A lone {@code -} or
 * {@code --} ends the options; what is no option is collected in order, wherever it stands. A name
 * of one letter is a short option. Not thread-safe while options are being declared.
 *
 * <p>Differs from the reference: in a group such as {@code -dP 4061} the last letter takes the next
 * argument, where the reference drops it silently.
 */
public final class OptionParser {

  private record Option(String key, boolean takesValue, boolean repeatable) {}

  private final Map<String, Option> options = new TreeMap<>();

  /** Declares an option without a value; {@code names} are its short and long forms. */
  public OptionParser flag(String... names) {
    return declare(false, false, names);
  }

  /** Declares an option that takes a value and may be given once. */
  public OptionParser value(String... names) {
    return declare(true, false, names);
  }

  /** Declares an option that takes a value and may be given many times. */
  public OptionParser repeatableValue(String... names) {
    return declare(true, true, names);
  }

  private OptionParser declare(boolean takesValue, boolean repeatable, String... names) {
    var option = new Option(names[0], takesValue, repeatable);
    for (String name : names) {
      if (options.put(name, option) != null) {
        throw new IllegalArgumentException("option declared twice: " + name);
      }
    }
    return this;
  }

  /**
   * Splits the arguments into options and the rest.
   *
   * @throws BadOptionException with the text to show; a program prints it followed by its usage
   */
  public ParsedOptions parse(List<String> arguments) throws BadOptionException {
    Map<String, List<String>> given = new TreeMap<>();
    List<String> rest = new ArrayList<>();
    int next = 0;
    while (next < arguments.size()) {
      String argument = arguments.get(next++);
      if (argument.equals("-") || argument.equals("--")) {
        rest.addAll(arguments.subList(next, arguments.size()));
        break;
      } else if (argument.startsWith("--")) {
        next = parseLong(argument, arguments, next, given);
      } else if (argument.startsWith("-")) {
        next = parseGroup(argument, arguments, next, given);
      } else {
        rest.add(argument);
      }
    }
    Map<String, String> keys = new TreeMap<>();
    options.forEach((name, option) -> keys.put(name, option.key()));
    return new ParsedOptions(keys, given, rest);
  }

  private int parseLong(
      String argument, List<String> arguments, int next, Map<String, List<String>> given)
      throws BadOptionException {
    int equals = argument.indexOf('=');
    String name = argument.substring(2, equals < 0 ? argument.length() : equals);
    Option option = declared(name, "--");
    if (equals < 0) {
      return accept(option, name, arguments, next, given);
    }
    String value = argument.substring(equals + 1);
    if (!option.takesValue()) {
      throw new BadOptionException("`" + name + "': option does not take an argument");
    }
    if (value.isEmpty()) {
      throw new BadOptionException("`" + name + "': option requires an argument");
    }
    record(option, name, value, given);
    return next;
  }

  private int parseGroup(
      String argument, List<String> arguments, int next, Map<String, List<String>> given)
      throws BadOptionException {
    int index = 1;
    while (index < argument.length()) {
      int end = argument.offsetByCodePoints(index, 1);
      String name = argument.substring(index, end);
      Option option = declared(name, "-");
      if (end == argument.length()) {
        return accept(option, name, arguments, next, given);
      }
      if (option.takesValue()) {
        record(option, name, argument.substring(end), given);
        return next;
      }
      record(option, name, "", given);
      index = end;
    }
    return next;
  }

  /** Records an option that has no value attached; returns the index of the next argument. */
  private static int accept(
      Option option, String name, List<String> arguments, int next, Map<String, List<String>> given)
      throws BadOptionException {
    if (!option.takesValue()) {
      record(option, name, "", given);
      return next;
    }
    if (next == arguments.size()) {
      throw new BadOptionException("`" + dashed(name) + "' option requires an argument");
    }
    record(option, name, arguments.get(next), given);
    return next + 1;
  }

  private static void record(
      Option option, String name, String value, Map<String, List<String>> given)
      throws BadOptionException {
    List<String> values = given.get(option.key());
    if (values == null) {
      values = new ArrayList<>();
      given.put(option.key(), values);
    } else if (!option.repeatable()) {
      throw new BadOptionException("`" + dashed(name) + ":' option cannot be repeated");
    }
    values.add(value);
  }

  private Option declared(String name, String dashes) throws BadOptionException {
    Option option = options.get(name);
    if (option == null) {
      throw new BadOptionException("invalid option: `" + dashes + name + "'");
    }
    return option;
  }

  private static String dashed(String name) {
    return (name.length() == 1 ? "-" : "--") + name;
  }
}
