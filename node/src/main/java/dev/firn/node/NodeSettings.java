package dev.firn.node;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Properties;
import dev.firn.model.PropertyDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The properties of a node, checked.
 *
 * @param instance the category of all well-known identities
 * @param dataText the data directory as registries are told: absolute, otherwise as configured
 * @param waitTimeSeconds default activation and deactivation time-out of servers
 * @param disableOnFailureSeconds 0 never, negative for good
 * @param output the directory for the output of servers, absolute; empty for none
 * @param appended to each configuration file that names no locator: locator and discovery plug-in
 * @param overrides appended to each configuration file, by name
 */
record NodeSettings(
    String name,
    String instance,
    String dataText,
    int waitTimeSeconds,
    int disableOnFailureSeconds,
    String output,
    boolean redirectErrToOut,
    List<PropertyDescriptor> appended,
    List<PropertyDescriptor> overrides,
    boolean allowEndpointsOverride,
    boolean allowRunningServersAsRoot,
    int processorSocketCount) {
  NodeSettings {
    appended = List.copyOf(appended);
    overrides = List.copyOf(overrides);
  }

  /**
   * Reads and checks.
   *
   * @param locator the identity of the default locator, an empty one if there is none
   * @throws NodeConfigurationException with the reference's message
   */
  static NodeSettings of(Properties properties, Identity locator, Logger logger)
      throws NodeConfigurationException {
    required(properties, NodeProperty.NAME);
    if (!NodeProperty.COLLOCATE_REGISTRY.on(properties) && locator.name.isEmpty()) {
      throw notSet(NodeProperty.LOCATOR);
    }
    required(properties, NodeProperty.DATA);
    Path data = Path.of(NodeProperty.DATA.of(properties));
    if (!Files.isDirectory(data)) {
      String reason = Files.exists(data) ? "Not a directory" : "No such file or directory";
      throw new NodeConfigurationException(
          "property `IceGrid.Node.Data' is set to an invalid path:\n" + reason + ": " + data);
    }
    required(properties, NodeProperty.ENDPOINTS);
    String instance = instance(properties, locator.category);
    return new NodeSettings(
        NodeProperty.NAME.of(properties),
        instance,
        absolute(NodeProperty.DATA.of(properties)),
        NodeProperty.WAIT_TIME.number(properties, logger),
        NodeProperty.DISABLE_ON_FAILURE.number(properties),
        output(properties, logger),
        NodeProperty.REDIRECT_ERR_TO_OUT.on(properties),
        appended(properties, instance),
        PropertiesOverride.parse(NodeProperty.PROPERTIES_OVERRIDE.of(properties)),
        NodeProperty.ALLOW_ENDPOINTS_OVERRIDE.on(properties),
        NodeProperty.ALLOW_RUNNING_SERVERS_AS_ROOT.on(properties),
        NodeProperty.PROCESSOR_SOCKET_COUNT.number(properties, logger));
  }

  Path data() {
    return Path.of(dataText);
  }

  /** The identity of an object of this instance. */
  Identity id(String objectName) {
    return new Identity(objectName, instance);
  }

  /** The identity of this node. */
  Identity node() {
    return id("Node-" + name);
  }

  private static String instance(Properties properties, String locatorCategory) {
    for (String candidate :
        new String[] {
          NodeProperty.INSTANCE_NAME.of(properties),
          NodeProperty.DISCOVERY_INSTANCE_NAME.of(properties),
          locatorCategory
        }) {
      if (!candidate.isEmpty()) {
        return candidate;
      }
    }
    return "IceGrid";
  }

  /** Servers may work in other directories, so the path has to mean the same there. */
  private static String output(Properties properties, Logger logger) {
    String configured = NodeProperty.OUTPUT.of(properties);
    if (configured.isEmpty()) {
      return "";
    }
    String path = absolute(configured);
    if (!Files.isDirectory(Path.of(path))) {
      logger.warning(
          "property `IceGrid.Node.Output' is set to `"
              + configured
              + "', which is no directory: servers that write there will not start; create it");
    }
    return path;
  }

  /** As the reference does it: the working directory in front, one final slash away. */
  private static String absolute(String path) {
    String full = path.startsWith("/") ? path : Path.of("").toAbsolutePath() + "/" + path;
    return full.length() > 1 && full.endsWith("/") ? full.substring(0, full.length() - 1) : full;
  }

  private static List<PropertyDescriptor> appended(Properties properties, String instance) {
    List<PropertyDescriptor> appended = new ArrayList<>();
    String locator = NodeProperty.LOCATOR.of(properties);
    if (!locator.isEmpty()) {
      appended.add(new PropertyDescriptor(NodeProperty.LOCATOR.key(), locator));
    }
    appended.addAll(DiscoveryPlugin.forServers(properties, instance));
    return appended;
  }

  static void required(Properties properties, NodeProperty property)
      throws NodeConfigurationException {
    if (property.of(properties).isEmpty()) {
      throw notSet(property);
    }
  }

  static NodeConfigurationException notSet(NodeProperty property) {
    return new NodeConfigurationException("property `" + property.key() + "' is not set");
  }
}
