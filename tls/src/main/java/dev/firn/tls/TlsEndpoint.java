package dev.firn.tls;

import com.zeroc.Ice.EndpointInfo;
import com.zeroc.Ice.EndpointSelectionType;
import com.zeroc.Ice.IPEndpointInfo;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.OutputStream;
import com.zeroc.IceInternal.Acceptor;
import com.zeroc.IceInternal.Connector;
import com.zeroc.IceInternal.EndpointI;
import com.zeroc.IceInternal.EndpointI_connectors;
import com.zeroc.IceInternal.Transceiver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An endpoint of the core's TCP, whose connections are secured. Immutable. */
final class TlsEndpoint extends EndpointI {
  private final TlsTransport transport;
  private final EndpointI tcp;

  TlsEndpoint(TlsTransport transport, EndpointI tcp) {
    this.transport = transport;
    this.tcp = tcp;
  }

  TlsEndpoint over(EndpointI other) {
    return other.equals(tcp) ? this : new TlsEndpoint(transport, other);
  }

  @Override
  public EndpointInfo getInfo() {
    return new TlsEndpointInfo(tcp.getInfo(), type());
  }

  @Override
  public void streamWriteImpl(OutputStream stream) {
    tcp.streamWriteImpl(stream);
  }

  @Override
  public short type() {
    return tcp.type();
  }

  @Override
  public String protocol() {
    return tcp.protocol();
  }

  @Override
  public int timeout() {
    return tcp.timeout();
  }

  @Override
  public EndpointI timeout(int timeoutMillis) {
    return over(tcp.timeout(timeoutMillis));
  }

  @Override
  public String connectionId() {
    return tcp.connectionId();
  }

  @Override
  public EndpointI connectionId(String connectionId) {
    return over(tcp.connectionId(connectionId));
  }

  @Override
  public boolean compress() {
    return tcp.compress();
  }

  @Override
  public EndpointI compress(boolean compress) {
    return over(tcp.compress(compress));
  }

  @Override
  public boolean datagram() {
    return false;
  }

  @Override
  public boolean secure() {
    return true;
  }

  /** Ice wants null from transports that connect and accept. */
  @Override
  @SuppressWarnings("NullAway") // the contract of the core, which is not annotated
  public @Nullable Transceiver transceiver() {
    return null;
  }

  @Override
  public void connectors_async(EndpointSelectionType selection, EndpointI_connectors callback) {
    String host = host();
    tcp.connectors_async(
        selection,
        new EndpointI_connectors() {
          @Override
          public void connectors(List<Connector> connectors) {
            callback.connectors(
                connectors.stream()
                    .map(connector -> (Connector) new TlsConnector(transport, connector, host))
                    .toList());
          }

          @Override
          public void exception(LocalException ex) {
            callback.exception(ex);
          }
        });
  }

  private String host() {
    for (EndpointInfo info = tcp.getInfo(); info != null; info = info.underlying) {
      if (info instanceof IPEndpointInfo ip) {
        return ip.host;
      }
    }
    return "";
  }

  @Override
  public Acceptor acceptor(String adapterName) {
    return new TlsAcceptor(transport, this, tcp.acceptor(adapterName), adapterName);
  }

  @Override
  public List<EndpointI> expandIfWildcard() {
    return tcp.expandIfWildcard().stream().map(this::over).map(EndpointI.class::cast).toList();
  }

  @Override
  public ExpandHostResult expandHost() {
    ExpandHostResult result = tcp.expandHost();
    result.endpoints = result.endpoints.stream().<EndpointI>map(this::over).toList();
    if (result.publish != null) {
      result.publish = over(result.publish);
    }
    return result;
  }

  @Override
  public boolean equivalent(EndpointI other) {
    return other instanceof TlsEndpoint endpoint && tcp.equivalent(endpoint.tcp);
  }

  @Override
  public String options() {
    return tcp.options();
  }

  @Override
  public int compareTo(EndpointI other) {
    return other instanceof TlsEndpoint endpoint
        ? tcp.compareTo(endpoint.tcp)
        : Short.compare(type(), other.type());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TlsEndpoint endpoint && tcp.equals(endpoint.tcp);
  }

  @Override
  public int hashCode() {
    return tcp.hashCode();
  }
}
