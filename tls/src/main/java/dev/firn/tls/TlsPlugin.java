package dev.firn.tls;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Plugin;
import com.zeroc.Ice.SSLEndpointType;
import com.zeroc.Ice.TCPEndpointType;
import com.zeroc.IceInternal.ProtocolInstance;
import com.zeroc.IceInternal.Util;

/** Registers the transport at once, as proxies may be read before plug-ins are initialized. */
final class TlsPlugin implements Plugin {
  private final TlsTransport transport;

  TlsPlugin(Communicator communicator) {
    transport = new TlsTransport(communicator);
    ProtocolInstance instance =
        new ProtocolInstance(communicator, SSLEndpointType.value, "ssl", true);
    Util.getProtocolPluginFacade(communicator)
        .addEndpointFactory(new TlsEndpointFactory(transport, instance, TCPEndpointType.value));
  }

  @Override
  public void initialize() {
    transport.initialize();
  }

  @Override
  public void destroy() {
    // Connections and adapters, which the communicator has ended by now, own all there was.
  }
}
