package dev.firn.tls;

import com.zeroc.Ice.ConnectionInfo;
import java.security.cert.X509Certificate;

/**
 * What a connection over TLS says of itself and of its peer; {@code underlying} has the addresses.
 * The fields are public as in all infos of Ice; each call of getInfo makes a new one.
 */
public final class TlsConnectionInfo extends ConnectionInfo {
  /** The cipher suite as Java names it. */
  public String cipher = "";

  /**
   * The peer's chain, its own certificate first, up to and including the certificate authority that
   * is trusted here; as the peer sent it if it was not verified, empty if it sent none.
   */
  public X509Certificate[] certs = {};

  /** Whether the chain leads to a certificate authority that is trusted here. */
  public boolean verified;

  TlsConnectionInfo(ConnectionInfo underlying, String cipher, Peer peer) {
    this.underlying = underlying;
    this.cipher = cipher;
    this.certs = peer.chain().toArray(X509Certificate[]::new);
    this.verified = peer.verified();
    incoming = underlying.incoming;
    adapterName = underlying.adapterName;
    connectionId = underlying.connectionId;
  }

  /**
   * The subject of the peer's own certificate as RFC 2253 writes it, in OpenSSL's form, which is
   * that of the C++ run time; empty without one.
   */
  public String subject() {
    return certs.length == 0 ? "" : subject(certs[0]);
  }

  /** The subject of any certificate, written in the same way. */
  public static String subject(X509Certificate certificate) {
    return DistinguishedName.text(certificate.getSubjectX500Principal());
  }

  @Override
  public TlsConnectionInfo clone() {
    return (TlsConnectionInfo) super.clone();
  }
}
