package dev.firn.tls;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.PluginInitializationException;
import com.zeroc.Ice.SecurityException;
import dev.firn.tls.TlsSettings.VerifyPeer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What the secured connections of one communicator share. Safe from any thread once it is
 * initialized.
 */
final class TlsTransport {
  private final TlsSettings settings;
  private final Logger logger;
  private final boolean tracesSecurity;
  private final boolean checksNames;
  private volatile @Nullable TlsContext context;

  TlsTransport(Communicator communicator) {
    settings = new TlsSettings(communicator.getProperties());
    logger = communicator.getLogger();
    tracesSecurity = settings.tracesSecurity();
    checksNames = settings.checksNames();
  }

  /**
   * Reads certificates and settings.
   *
   * @throws PluginInitializationException naming the property that is wrong
   */
  void initialize() {
    context = TlsContext.create(settings, logger);
  }

  void requireInitialized() {
    initialized();
  }

  private TlsContext initialized() {
    TlsContext current = context;
    if (current == null) {
      throw new PluginInitializationException("IceSSL: plug-in is not initialized");
    }
    return current;
  }

  boolean checksNames() {
    return checksNames;
  }

  BufferPool buffers() {
    return initialized().buffers();
  }

  SSLEngine newEngine(boolean isIncoming, String host) {
    return isIncoming ? initialized().newServerEngine() : initialized().newClientEngine(host);
  }

  void warnWithoutCertificate(Object endpoint) {
    if (!initialized().hasCertificate()) {
      logger.warning(
          "no connection to `"
              + endpoint
              + "' can succeed: set IceSSL.CertFile and IceSSL.KeyFile");
    }
  }

  /**
   * Checks the peer of an incoming connection whose handshake is over.
   *
   * @throws SecurityException if it is refused
   */
  Peer checkClient(SSLSession session, String adapterName) {
    Peer peer = peer(session, true);
    initialized().trustOnly().requireClient(peer, adapterName);
    return peer;
  }

  /**
   * Checks the peer of an outgoing connection whose handshake is over.
   *
   * @param host as the endpoint names it
   * @throws SecurityException if it is refused
   */
  Peer checkServer(SSLSession session, String host) {
    Peer peer = peer(session, false);
    if (checksNames && settings.verifyPeer() != VerifyPeer.NONE) {
      try {
        HostNames.require(host, peer.chain().get(0));
      } catch (CertificateException ex) {
        throw refused(ex);
      }
    }
    initialized().trustOnly().requireServer(peer);
    return peer;
  }

  /** Verified once more than in the handshake, of which a resumed session has none. */
  private Peer peer(SSLSession session, boolean isClient) {
    List<X509Certificate> sent = sent(session);
    if (sent.isEmpty()) {
      return Peer.UNKNOWN;
    }
    Peer peer;
    try {
      peer = new Peer(initialized().verifier().verify(sent, isClient), true);
    } catch (CertificateException ex) {
      if (settings.verifyPeer() != VerifyPeer.NONE) {
        throw refused(ex);
      }
      trace(() -> "ignoring: " + Reasons.of(ex));
      peer = new Peer(sent, false);
    }
    int depthMax = settings.verifyDepthMax();
    if (depthMax > 0 && peer.chain().size() > depthMax) {
      throw new SecurityException(
          "IceSSL: the peer's chain has "
              + peer.chain().size()
              + " certificates, more than IceSSL.VerifyDepthMax="
              + depthMax);
    }
    return peer;
  }

  private static List<X509Certificate> sent(SSLSession session) {
    try {
      return Arrays.stream(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
    } catch (SSLPeerUnverifiedException ex) {
      return List.of();
    }
  }

  private static SecurityException refused(CertificateException ex) {
    return new SecurityException("IceSSL: " + Reasons.of(ex), ex);
  }

  void trace(Supplier<String> text) {
    if (tracesSecurity) {
      logger.trace("Security", text.get());
    }
  }

  void traceEstablished(SSLSession session, boolean isIncoming, Object connection) {
    trace(
        () ->
            "SSL summary for "
                + (isIncoming ? "incoming" : "outgoing")
                + " connection\ncipher = "
                + session.getCipherSuite()
                + "\nprotocol = "
                + session.getProtocol()
                + "\n"
                + connection);
  }
}
