package dev.firn.tls;

import com.zeroc.Ice.ConnectionInfo;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.SecurityException;
import com.zeroc.IceInternal.Buffer;
import com.zeroc.IceInternal.EndpointI;
import com.zeroc.IceInternal.ReadyCallback;
import com.zeroc.IceInternal.SocketOperation;
import com.zeroc.IceInternal.Transceiver;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection over TLS: the core's TCP connects, a {@link RecordStream} secures. Nothing blocks;
 * each call does what the socket allows and returns the {@link SocketOperation} it waits for.
 *
 * <p>Threads: Ice makes all calls under the lock of the connection, one at a time.
 */
final class TlsTransceiver implements Transceiver {
  private final TlsTransport transport;
  private final Transceiver tcp;
  private final boolean isIncoming;

  /** The adapter of an incoming connection, empty otherwise. */
  private final String adapterName;

  /** The host of an outgoing connection, as its endpoint names it; empty otherwise. */
  private final String host;

  private @Nullable ReadyCallback readyCallback;
  private @Nullable RecordStream stream;
  private Peer peer = Peer.UNKNOWN;

  private TlsTransceiver(
      TlsTransport transport,
      Transceiver tcp,
      boolean isIncoming,
      String adapterName,
      String host) {
    this.transport = transport;
    this.tcp = tcp;
    this.isIncoming = isIncoming;
    this.adapterName = adapterName;
    this.host = host;
  }

  static TlsTransceiver incoming(TlsTransport transport, Transceiver tcp, String adapterName) {
    return new TlsTransceiver(transport, tcp, true, adapterName, "");
  }

  static TlsTransceiver outgoing(TlsTransport transport, Transceiver tcp, String host) {
    return new TlsTransceiver(transport, tcp, false, "", host);
  }

  @Override
  public SelectableChannel fd() {
    return tcp.fd();
  }

  @Override
  public void setReadyCallback(ReadyCallback callback) {
    readyCallback = callback;
    tcp.setReadyCallback(callback);
  }

  @Override
  public int initialize(Buffer readBuffer, Buffer writeBuffer) {
    RecordStream records = stream;
    try {
      if (records == null) {
        int waiting = tcp.initialize(readBuffer, writeBuffer);
        if (waiting != SocketOperation.None) {
          return waiting;
        }
        records =
            new RecordStream(
                (SocketChannel) tcp.fd(),
                transport.newEngine(isIncoming, host),
                transport.buffers());
        stream = records;
      }
      int waiting = records.handshake();
      if (waiting == SocketOperation.None) {
        peer =
            isIncoming
                ? transport.checkClient(records.session(), adapterName)
                : transport.checkServer(records.session(), host);
        transport.traceEstablished(records.session(), isIncoming, tcp);
        announce(records.hasInput());
      }
      return waiting;
    } catch (SSLException ex) {
      throw refused(ex);
    }
  }

  /** A failed handshake is told to the peer by the alert that the engine has ready for it. */
  private SecurityException refused(SSLException ex) {
    String reason = "IceSSL: handshake failed: " + Reasons.of(ex);
    transport.trace(() -> reason + "\n" + tcp);
    return new SecurityException(reason, ex);
  }

  @Override
  public int closing(boolean initiator, LocalException ex) {
    return tcp.closing(initiator, ex);
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
    tcp.close();
  }

  /** Ice wants null from transports that connect and accept. */
  @Override
  @SuppressWarnings("NullAway") // the contract of the core, which is not annotated
  public @Nullable EndpointI bind() {
    return null;
  }

  @Override
  public int write(Buffer buffer) {
    try {
      return established().write(buffer.b);
    } catch (SSLException ex) {
      throw broken(ex);
    }
  }

  /** What was decrypted beyond the buffer's end is announced, as the socket stays silent of it. */
  @Override
  public int read(Buffer buffer) {
    try {
      RecordStream records = established();
      int waiting = records.read(buffer.b);
      announce(records.hasInput());
      return waiting;
    } catch (SSLException ex) {
      throw broken(ex);
    }
  }

  /** Also a handshake of TLS 1.3 that the peer refuses after this side has ended it. */
  private static SecurityException broken(SSLException ex) {
    return new SecurityException("IceSSL: connection broken: " + Reasons.of(ex), ex);
  }

  private void announce(boolean hasInput) {
    if (readyCallback != null) {
      readyCallback.ready(SocketOperation.Read, hasInput);
    }
  }

  private RecordStream established() {
    if (stream == null) {
      throw new IllegalStateException("used before it is initialized: " + tcp);
    }
    return stream;
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

  @Override
  public ConnectionInfo getInfo() {
    String cipher = stream == null ? "" : stream.session().getCipherSuite();
    return new TlsConnectionInfo(tcp.getInfo(), cipher, peer);
  }

  @Override
  public void checkSendSize(Buffer buffer) {
    tcp.checkSendSize(buffer);
  }

  @Override
  public void setBufferSize(int receiveBytes, int sendBytes) {
    tcp.setBufferSize(receiveBytes, sendBytes);
  }
}
