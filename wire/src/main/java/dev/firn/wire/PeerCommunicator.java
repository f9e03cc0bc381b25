package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import java.util.List;

/**
 * The communicator through which a replica calls the others.
 *
 * <p>It is not the service's, because what the service sends to others must not delay an election,
 * and because a peer's state may exceed the limit that the service sets.
 */
public final class PeerCommunicator {
  private static final String PLUGINS = "Ice.Plugin.";
  private static final String TLS = PLUGINS + "IceSSL";

  /** Would be done a second time, or are meant for the service alone. */
  private static final List<String> NOT_SHARED =
      List.of("Ice.Admin.", "Ice.StdOut", "Ice.StdErr", "Ice.LogFile", "Ice.UseSyslog", "IceMX.");

  private PeerCommunicator() {}

  /** To be destroyed by the caller. */
  public static Communicator create(Communicator service) {
    InitializationData data = new InitializationData();
    data.properties = properties(service.getProperties());
    data.logger = service.getLogger();
    Communicator communicator = Util.initialize(data);
    LocatorPrx locator = service.getDefaultLocator();
    // One without endpoints is found by multicast: this communicator has the plug-in for that, too.
    if (locator != null && locator.ice_getEndpoints().length > 0) {
      communicator.setDefaultLocator(
          LocatorPrx.uncheckedCast(communicator.stringToProxy(service.proxyToString(locator))));
    }
    return communicator;
  }

  private static Properties properties(Properties service) {
    Properties properties = service._clone();
    for (String prefix : NOT_SHARED) {
      properties.getPropertiesForPrefix(prefix).keySet().forEach(name -> clear(properties, name));
    }
    properties
        .getPropertiesForPrefix(PLUGINS)
        .forEach(
            (name, value) -> {
              if (!name.startsWith(TLS) && !LocatorDiscoveryPluginFactory.isDiscovery(value)) {
                clear(properties, name);
              }
            });
    // The core decides what is tried again and when.
    properties.setProperty("Ice.RetryIntervals", "-1");
    properties.setProperty("Ice.MessageSizeMax", "0");
    properties.setProperty("Ice.ThreadPool.Client.Size", "2");
    properties.setProperty("Ice.ThreadPool.Client.SizeMax", "2");
    properties.setProperty("Ice.ThreadPool.Client.SizeWarn", "0");
    // Idle connections stay, so that a peer's death closes one; the peer must not find them idle.
    properties.setProperty("Ice.ACM.Client.Close", "0");
    properties.setProperty("Ice.ACM.Client.Heartbeat", "3");
    properties.setProperty("Ice.ACM.Client.Timeout", "10");
    StormMapping.recogniseExceptions(properties);
    return properties;
  }

  /** An empty value is an absent property. */
  private static void clear(Properties properties, String name) {
    properties.setProperty(name, "");
  }
}
