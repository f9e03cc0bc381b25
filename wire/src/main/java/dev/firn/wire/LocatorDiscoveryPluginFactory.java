package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Plugin;
import com.zeroc.Ice.PluginFactory;
import com.zeroc.Ice.Properties;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds the locator by multicast, for configurations with the reference's plug-in: Ice creates it
 * by name, from {@code Ice.Plugin.IceLocatorDiscovery=dev.firn.wire.LocatorDiscoveryPluginFactory}.
 * Properties are the reference's, below the plug-in's name.
 */
public final class LocatorDiscoveryPluginFactory implements PluginFactory {
  private static final String PREFIX = "Ice.Plugin.";
  private static final String CPP_SUFFIX = ".cpp";

  /** The C++ library by whatever path and version, or ZeroC's factory for Java, and its options. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:\"?(?:.*/)?(?:lib)?IceLocatorDiscovery(?:\\+\\+11)?(?:,\\d+)?:createIceLocatorDiscovery\"?"
              + "|(?:.*:)?com\\.zeroc\\.IceLocatorDiscovery\\.PluginFactory)(\\s.*)?");

  /** For Ice. */
  public LocatorDiscoveryPluginFactory() {}

  @Override
  public Plugin create(Communicator communicator, String name, String[] arguments) {
    return new LocatorDiscoveryPlugin(communicator, name);
  }

  /** Whether the value of a plug-in's property is this plug-in, or one of the reference's. */
  public static boolean isDiscovery(String entryPoint) {
    return entryPoint.startsWith(LocatorDiscoveryPluginFactory.class.getName())
        || REFERENCE.matcher(entryPoint.strip()).matches();
  }

  /**
   * To be called with the properties that a communicator will get, before it is created: the
   * reference's plug-in becomes this one. One pass over few properties where there is none.
   */
  public static void prepare(Properties properties) {
    for (Map.Entry<String, String> entry : properties.getPropertiesForPrefix(PREFIX).entrySet()) {
      String value = entry.getValue().strip();
      var reference = REFERENCE.matcher(value);
      if (!value.contains("IceLocatorDiscovery") || !reference.matches()) {
        continue;
      }
      String name = entry.getKey();
      if (name.endsWith(CPP_SUFFIX)) {
        // Ice for Java ignores this one; the programs whose configuration it is do not.
        properties.setProperty(name, "");
        name = name.substring(0, name.length() - CPP_SUFFIX.length());
        if (!properties.getProperty(name).isEmpty()
            || !properties.getProperty(name + ".java").isEmpty()) {
          continue;
        }
      }
      String options = reference.group(1);
      properties.setProperty(
          name, LocatorDiscoveryPluginFactory.class.getName() + (options == null ? "" : options));
    }
  }
}
