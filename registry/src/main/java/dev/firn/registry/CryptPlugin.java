package dev.firn.registry;

import com.zeroc.Ice.Properties;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The plug-in by which ZeroC's registry reads password files: a shared library, which this registry
 * neither has nor needs. Its properties keep their effect.
 */
final class CryptPlugin {
  static final String NAME = "Glacier2CryptPermissionsVerifier";

  private CryptPlugin() {}

  /** Takes the plug-in out of a configuration, before the communicator tries to load it. */
  static void remove(Properties properties) {
    for (String suffix : new String[] {"", ".cpp", ".java", ".clr"}) {
      properties.setProperty("Ice.Plugin." + NAME + suffix, "");
    }
    String order = properties.getProperty("Ice.PluginLoadOrder");
    if (order.contains(NAME)) {
      properties.setProperty(
          "Ice.PluginLoadOrder",
          Arrays.stream(order.split("[,\\s]+"))
              .filter(name -> !name.equals(NAME))
              .collect(Collectors.joining(" ")));
    }
  }
}
