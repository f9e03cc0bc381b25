package dev.firn.registry;

import com.zeroc.Glacier2.SSLInfo;
import com.zeroc.Ice.ConnectionInfo;
import com.zeroc.Ice.IPConnectionInfo;
import dev.firn.tls.TlsConnectionInfo;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The other end of a TLS connection.
 *
 * @param ip the underlying IP connection, as SSLInfo wants it
 * @param cipher the cipher suite
 * @param chain the peer's certificates, its own first; empty if it sent none
 */
record TlsPeer(Optional<IPConnectionInfo> ip, String cipher, List<X509Certificate> chain) {
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  /** The names that OpenSSL, and so ZeroC's registry, gives to what RFC 2253 leaves as numbers. */
  private static final Map<String, String> ATTRIBUTE_NAMES =
      Map.ofEntries(
          Map.entry("1.2.840.113549.1.9.1", "emailAddress"),
          Map.entry("1.2.840.113549.1.9.2", "unstructuredName"),
          Map.entry("2.5.4.4", "SN"),
          Map.entry("2.5.4.5", "serialNumber"),
          Map.entry("2.5.4.9", "street"),
          Map.entry("2.5.4.12", "title"),
          Map.entry("2.5.4.13", "description"),
          Map.entry("2.5.4.17", "postalCode"),
          Map.entry("2.5.4.41", "name"),
          Map.entry("2.5.4.42", "GN"),
          Map.entry("2.5.4.43", "initials"),
          Map.entry("2.5.4.44", "generationQualifier"),
          Map.entry("2.5.4.46", "dnQualifier"),
          Map.entry("2.5.4.65", "pseudonym"));

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
    return opensslForm(
        certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, ATTRIBUTE_NAMES));
  }

  /**
   * RFC 2253 leaves a choice of what to escape, and ids must not depend on the implementation. As
   * OpenSSL chooses: not {@code =}, {@code #} only at the start of a value, but each byte that is
   * no printable ASCII.
   *
   * @param name as the JDK escapes it
   */
  private static String opensslForm(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    StringBuilder form = new StringBuilder();
    boolean valueStarts = false;
    for (int index = 0; index < bytes.length; index++) {
      int octet = bytes[index];
      boolean escape = octet == '\\' && index + 1 < bytes.length;
      if (escape) {
        octet = bytes[++index];
        if (octet != '=' && (octet != '#' || valueStarts)) {
          form.append('\\');
        }
      }
      if (octet >= ' ' && octet < 0x7f) {
        form.append((char) octet);
      } else {
        form.append(String.format("\\%02X", octet & 0xff));
      }
      valueStarts = octet == '=' && !escape;
    }
    return form.toString();
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
