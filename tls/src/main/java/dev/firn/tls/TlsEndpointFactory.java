package dev.firn.tls;

import com.zeroc.Ice.InputStream;
import com.zeroc.IceInternal.EndpointFactory;
import com.zeroc.IceInternal.EndpointFactoryWithUnderlying;
import com.zeroc.IceInternal.EndpointI;
import com.zeroc.IceInternal.ProtocolInstance;
import java.util.ArrayList;

/** Puts TLS on top of the endpoints of the core's TCP, which parses and marshals the options. */
final class TlsEndpointFactory extends EndpointFactoryWithUnderlying {
  private final TlsTransport transport;

  TlsEndpointFactory(TlsTransport transport, ProtocolInstance instance, short underlying) {
    super(instance, underlying);
    this.transport = transport;
  }

  /** For wss, which the core puts on top of a clone under its own name and type. */
  @Override
  public EndpointFactory cloneWithUnderlying(ProtocolInstance instance, short underlying) {
    return new TlsEndpointFactory(transport, instance, underlying);
  }

  @Override
  @SuppressWarnings("NonApiType") // the core's signature
  protected EndpointI createWithUnderlying(
      EndpointI underlying, ArrayList<String> args, boolean ofAdapter) {
    return new TlsEndpoint(transport, underlying);
  }

  @Override
  protected EndpointI readWithUnderlying(EndpointI underlying, InputStream stream) {
    return new TlsEndpoint(transport, underlying);
  }
}
