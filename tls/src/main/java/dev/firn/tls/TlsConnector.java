package dev.firn.tls;

import com.zeroc.IceInternal.Connector;
import com.zeroc.IceInternal.Transceiver;
import org.jspecify.annotations.Nullable;

/** Opens secured connections to one address. Equal connectors share a connection. */
final class TlsConnector implements Connector {
  private final TlsTransport transport;
  private final Connector tcp;
  private final String host;

  TlsConnector(TlsTransport transport, Connector tcp, String host) {
    this.transport = transport;
    this.tcp = tcp;
    this.host = host;
  }

  @Override
  public Transceiver connect() {
    transport.requireInitialized();
    return TlsTransceiver.outgoing(transport, tcp.connect(), host);
  }

  @Override
  public short type() {
    return tcp.type();
  }

  @Override
  public String toString() {
    return tcp.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TlsConnector connector
        && tcp.equals(connector.tcp)
        // A connection that was made under another name has not had this name checked.
        && (!transport.checksNames() || host.equals(connector.host));
  }

  @Override
  public int hashCode() {
    return tcp.hashCode();
  }
}
