package dev.firn.registry;

import com.zeroc.Glacier2.SSLInfo;
import com.zeroc.Ice.ConnectionInfo;
import com.zeroc.Ice.IPConnectionInfo;
import dev.firn.tls.TlsConnectionInfo;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The other end of a TLS connection.
 *
 * @param ip the underlying IP connection, as SSLInfo wants it
 * @param cipher the cipher suite
 * @param chain the peer's certificates, its own first; empty if it sent none
 */
record TlsPeer(Optional<IPConnectionInfo> ip, String cipher, List<X509Certificate> chain) {
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  TlsPeer {
    chain = List.copyOf(chain);
  }

  /** Empty unless the connection, or one below it as with web sockets, is secured by TLS. */
  static Optional<TlsPeer> of(ConnectionInfo connection) {
    for (ConnectionInfo info = connection; info != null; info = info.underlying) {
      if (info instanceof TlsConnectionInfo tls) {
        return Optional.of(new TlsPeer(underlyingIp(tls), tls.cipher, Arrays.asList(tls.certs)));
      }
    }
    return Optional.empty();
  }

  private static Optional<IPConnectionInfo> underlyingIp(ConnectionInfo tls) {
    for (ConnectionInfo info = tls; info != null; info = info.underlying) {
      if (info instanceof IPConnectionInfo ip) {
        return Optional.of(ip);
      }
    }
    return Optional.empty();
  }

  /** The subject of the peer's own certificate as RFC 2253 writes it; empty without one. */
  String subject() {
    return chain.isEmpty() ? "" : subject(chain.get(0));
  }

  static String subject(X509Certificate certificate) {
    return TlsConnectionInfo.subject(certificate);
  }

  /** What a Glacier2 verifier is shown. */
  SSLInfo sslInfo() throws CertificateEncodingException {
    String[] certificates = new String[chain.size()];
    for (int index = 0; index < certificates.length; index++) {
      certificates[index] = pem(chain.get(index));
    }
    return ip.map(
            addresses ->
                new SSLInfo(
                    addresses.remoteAddress,
                    addresses.remotePort,
                    addresses.localAddress,
                    addresses.localPort,
                    cipher,
                    certificates))
        .orElseGet(() -> new SSLInfo("", 0, "", 0, cipher, certificates));
  }

  static String pem(X509Certificate certificate) throws CertificateEncodingException {
    return "-----BEGIN CERTIFICATE-----\n"
        + PEM.encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
