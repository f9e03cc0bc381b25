package dev.firn.registry;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import dev.firn.wire.Exceptions;
import java.util.Optional;

/** The multicast adapter by which clients find registries. */
final class Discovery {
  private static final String PREFIX = "IceGrid.Registry.Discovery";

  private Discovery() {}

  /** Creates the adapter unless it is disabled; without one the registry works all the same. */
  static Optional<ObjectAdapter> create(RegistryContext context) {
    Properties properties = context.communicator().getProperties();
    if (properties.getPropertyAsIntWithDefault(PREFIX + ".Enabled", 1) <= 0) {
      return Optional.empty();
    }
    if (properties.getProperty(PREFIX + ".Endpoints").isEmpty()) {
      properties.setProperty(PREFIX + ".Endpoints", endpoints(properties));
    }
    try {
      ObjectAdapter adapter = context.communicator().createObjectAdapter(PREFIX);
      adapter.add(
          new DiscoveryServant(context.instanceName(), context::locator, context.traces()),
          new Identity("Lookup", "IceLocatorDiscovery"));
      return Optional.of(adapter);
    } catch (LocalException e) {
      if (!context.nowarn()) {
        context
            .traces()
            .logger()
            .warning(
                "failed to join the multicast group for IceGrid discovery:\nendpoints = "
                    + properties.getProperty(PREFIX + ".Endpoints")
                    + "\n"
                    + Exceptions.text(e));
      }
      return Optional.empty();
    }
  }

  private static String endpoints(Properties properties) {
    boolean ipv4 =
        properties.getPropertyAsIntWithDefault("Ice.IPv4", 1) > 0
            && properties.getPropertyAsInt("Ice.PreferIPv6Address") <= 0;
    String address = properties.getProperty(PREFIX + ".Address");
    if (address.isEmpty()) {
      address = ipv4 ? "239.255.0.1" : "ff15::1";
    }
    int port = properties.getPropertyAsIntWithDefault(PREFIX + ".Port", 4061);
    String endpoints = "udp -h \"" + address + "\" -p " + port;
    String networkInterface = properties.getProperty(PREFIX + ".Interface");
    return networkInterface.isEmpty()
        ? endpoints
        : endpoints + " --interface \"" + networkInterface + "\"";
  }
}
