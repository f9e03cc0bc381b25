package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Properties;
import dev.firn.tls.TlsConfiguration;

/**
 * Decides whether the TLS transport is loaded: it costs start-up time, so only where the
 * configuration or the command line speaks of it.
 */
final class TlsPlugin {

  private static final String PROPERTY = "Ice.Plugin.IceSSL";

  private TlsPlugin() {}

  static void configure(Properties properties, boolean sslLogin) {
    TlsConfiguration.prepare(properties);
    if (sslLogin || !properties.getPropertiesForPrefix("IceSSL.").isEmpty()) {
      TlsConfiguration.require(properties);
    }
  }

  static boolean isLoaded(Communicator communicator) {
    return !communicator.getProperties().getProperty(PROPERTY).isEmpty();
  }
}
