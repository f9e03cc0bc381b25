package dev.firn.wire;

import java.util.List;
import java.util.Map;

/**
 * What an {@link OptionParser} found. An option is asked for under any of its names; asking for an
 * undeclared name is a caller's bug and throws. Immutable.
 */
public final class ParsedOptions {

  private final Map<String, String> keys;
  private final Map<String, List<String>> given;
  private final List<String> arguments;

  ParsedOptions(Map<String, String> keys, Map<String, List<String>> given, List<String> arguments) {
    this.keys = keys;
    this.given = given;
    this.arguments = List.copyOf(arguments);
  }

  public boolean has(String name) {
    return given.containsKey(key(name));
  }

  /** The option's value, or an empty text when it was not given. */
  public String value(String name) {
    List<String> values = values(name);
    return values.isEmpty() ? "" : values.get(0);
  }

  /** All values in the order given; a flag that was given has one empty value. */
  public List<String> values(String name) {
    return List.copyOf(given.getOrDefault(key(name), List.of()));
  }

  /** The arguments that are no options, in order. */
  public List<String> arguments() {
    return arguments;
  }

  private String key(String name) {
    String key = keys.get(name);
    if (key == null) {
      throw new IllegalArgumentException("undeclared option: " + name);
    }
    return key;
  }
}
