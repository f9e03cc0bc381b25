package dev.firn.tls;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Plugin;
import com.zeroc.Ice.PluginFactory;

/**
 * Creates the plug-in that adds the transports {@code ssl} and {@code wss} to a communicator. Ice
 * creates it by name, from {@code Ice.Plugin.IceSSL=dev.firn.tls.TlsPluginFactory}.
 */
public final class TlsPluginFactory implements PluginFactory {
  /** For Ice. */
  public TlsPluginFactory() {}

  @Override
  public Plugin create(Communicator communicator, String name, String[] args) {
    return new TlsPlugin(communicator);
  }
}
