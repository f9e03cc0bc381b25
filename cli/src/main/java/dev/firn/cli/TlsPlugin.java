package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Properties;

/**
 * Decides whether the TLS transport is loaded: it costs start-up time, so only where the
 * configuration speaks of it. The reference's programs always have it, so their configuration does
 * not name it.
 */
final class TlsPlugin {

  private static final String PROPERTY = "Ice.Plugin.IceSSL";
  private static final String FACTORY = "com.zeroc.IceSSL.PluginFactory";

  private TlsPlugin() {}

  static void configure(Properties properties, boolean sslLogin) {
    String factory = properties.getProperty(PROPERTY);
    boolean needed =
        sslLogin
            || !factory.isEmpty()
            || !properties.getPropertiesForPrefix("IceSSL.").isEmpty()
            || mentionsTls(properties.getProperty("Ice.Default.Locator"))
            || mentionsTls(properties.getProperty("Ice.Default.Router"));
    if (needed && (factory.isEmpty() || factory.startsWith("IceSSL:"))) {
      properties.setProperty(PROPERTY, FACTORY);
    }
  }

  static boolean isLoaded(Communicator communicator) {
    return !communicator.getProperties().getProperty(PROPERTY).isEmpty();
  }

  private static boolean mentionsTls(String proxy) {
    return proxy.contains(":ssl") || proxy.contains(":wss");
  }
}
