package dev.firn.wire;

import com.zeroc.Ice.Properties;
import java.util.List;

/** Properties among the arguments of programs whose users name them as they like. */
public final class CommandLineProperties {
  private CommandLineProperties() {}

  /**
   * Takes what looks like a property out of the arguments: {@code --Name=value} with a capital
   * letter first or a dot in the name. Without a value it is 1.
   */
  public static void take(List<String> arguments, Properties properties) {
    arguments.removeIf(
        argument -> {
          int equals = argument.indexOf('=');
          String name =
              argument.startsWith("--")
                  ? argument.substring(2, equals < 0 ? argument.length() : equals)
                  : "";
          boolean property =
              !name.isEmpty() && (Character.isUpperCase(name.charAt(0)) || name.indexOf('.') > 0);
          if (property) {
            properties.setProperty(name, equals < 0 ? "1" : argument.substring(equals + 1));
          }
          return property;
        });
  }
}
