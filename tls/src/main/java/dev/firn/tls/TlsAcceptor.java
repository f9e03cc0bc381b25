package dev.firn.tls;

import com.zeroc.IceInternal.Acceptor;
import com.zeroc.IceInternal.EndpointI;
import com.zeroc.IceInternal.ReadyCallback;
import com.zeroc.IceInternal.Transceiver;
import java.nio.channels.ServerSocketChannel;

/** Accepts connections that are secured before anything else is read from them. */
final class TlsAcceptor implements Acceptor {
  private final TlsTransport transport;
  private final TlsEndpoint endpoint;
  private final Acceptor tcp;
  private final String adapterName;

  TlsAcceptor(TlsTransport transport, TlsEndpoint endpoint, Acceptor tcp, String adapterName) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.tcp = tcp;
    this.adapterName = adapterName;
  }

  @Override
  public ServerSocketChannel fd() {
    return tcp.fd();
  }

  @Override
  public void setReadyCallback(ReadyCallback callback) {
    tcp.setReadyCallback(callback);
  }

  @Override
  public void close() {
    tcp.close();
  }

  @Override
  public EndpointI listen() {
    transport.requireInitialized();
    EndpointI listening = endpoint.over(tcp.listen());
    transport.warnWithoutCertificate(listening);
    return listening;
  }

  @Override
  public Transceiver accept() {
    return TlsTransceiver.incoming(transport, tcp.accept(), adapterName);
  }

  @Override
  public String protocol() {
    return tcp.protocol();
  }

  @Override
  public String toString() {
    return tcp.toString();
  }

  @Override
  public String toDetailedString() {
    return tcp.toDetailedString();
  }
}
