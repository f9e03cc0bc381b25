package dev.firn.registry;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Properties;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The properties of a registry, checked.
 *
 * @param mapSizeMegabytes of a new database; it grows by itself
 * @param sessionTimeoutSeconds of admin sessions, 0 for none
 */
record RegistrySettings(
    RegistryNames names,
    Path directory,
    int mapSizeMegabytes,
    int sessionTimeoutSeconds,
    int nodeSessionTimeoutSeconds,
    int replicaSessionTimeoutSeconds,
    boolean dynamicRegistration,
    boolean requireReplicaCertificate,
    long ackTimeoutMillis) {

  private static final String PREFIX = "IceGrid.Registry.";
  private static final String LOCATOR = "Ice.Default.Locator";

  /**
   * Reads and checks.
   *
   * @param locator the identity of the default locator, an empty one if there is none
   * @throws ConfigurationException with the reference's message
   */
  static RegistrySettings of(Properties properties, Identity locator)
      throws ConfigurationException {
    for (String adapter : new String[] {"Client", "Server", "Internal"}) {
      required(properties, PREFIX + adapter + ".Endpoints");
    }
    String replica = withDefault(properties, PREFIX + "ReplicaName", RegistryNames.MASTER);
    checkReplicaName(replica);
    boolean master = replica.equals(RegistryNames.MASTER);
    if (!master && locator.name.isEmpty()) {
      required(properties, LOCATOR);
    }
    return new RegistrySettings(
        new RegistryNames(instance(properties, master ? "" : locator.category, master), replica),
        directory(properties),
        properties.getPropertyAsInt(PREFIX + "LMDB.MapSize"),
        seconds(properties, PREFIX + "SessionTimeout"),
        seconds(properties, PREFIX + "NodeSessionTimeout"),
        seconds(properties, PREFIX + "ReplicaSessionTimeout"),
        properties.getPropertyAsInt(PREFIX + "DynamicRegistration") > 0,
        properties.getPropertyAsInt(PREFIX + "RequireReplicaCertCN") != 0,
        1_000L * properties.getPropertyAsIntWithDefault("Firn.Registry.AckTimeout", 10));
  }

  private static String instance(Properties properties, String locatorCategory, boolean master)
      throws ConfigurationException {
    String discovered = properties.getProperty("IceLocatorDiscovery.InstanceName");
    String instance =
        withDefault(
            properties,
            "IceGrid.InstanceName",
            discovered.isEmpty() ? locatorCategory : discovered);
    if (!instance.isEmpty()) {
      return instance;
    }
    if (!master && properties.getProperty(LOCATOR).isEmpty()) {
      // The reference starts, and never finds a master.
      throw new ConfigurationException(
          "property `IceGrid.InstanceName' is not set: a slave that looks for its master by"
              + " multicast has to know the name of its instance; or set `"
              + LOCATOR
              + "'");
    }
    return "IceGrid";
  }

  private static Path directory(Properties properties) throws ConfigurationException {
    String property = PREFIX + "LMDB.Path";
    String path = properties.getProperty(property);
    if (path.isEmpty()) {
      property = PREFIX + "Data"; // the name of older versions
      path = properties.getProperty(property);
    }
    if (path.isEmpty()) {
      throw new ConfigurationException("property `IceGrid.Registry.LMDB.Path' is not set");
    }
    Path directory = Path.of(path);
    if (!Files.isDirectory(directory)) {
      String reason = Files.exists(directory) ? "Not a directory" : "No such file or directory";
      throw new ConfigurationException(
          "property `" + property + "' is set to an invalid path:\n" + reason + ": " + path);
    }
    return directory;
  }

  /** A replica name becomes part of identities and of lists on a terminal. */
  private static void checkReplicaName(String name) throws ConfigurationException {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c == 0x7f) {
        throw new ConfigurationException(
            "property `IceGrid.Registry.ReplicaName' is set to an invalid name:\n`"
                + name
                + "' has a blank or control character at position "
                + i
                + "; use letters, digits, `-', `_' and `.'");
      }
    }
  }

  private static int seconds(Properties properties, String name) throws ConfigurationException {
    int value = properties.getPropertyAsIntWithDefault(name, 30);
    if (value < 0) {
      throw new ConfigurationException(
          "property `"
              + name
              + "' is set to "
              + value
              + ": expected a number of seconds, 0 or more");
    }
    return value;
  }

  private static void required(Properties properties, String name) throws ConfigurationException {
    if (properties.getProperty(name).isEmpty()) {
      throw new ConfigurationException("property `" + name + "' is not set");
    }
  }

  private static String withDefault(Properties properties, String name, String fallback) {
    String value = properties.getProperty(name);
    return value.isEmpty() ? fallback : value;
  }
}
