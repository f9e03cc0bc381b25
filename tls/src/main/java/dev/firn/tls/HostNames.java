package dev.firn.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Whether a certificate is that of a host: RFC 6125, wildcards only as the whole first label. */
final class HostNames {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** Labels of letters, digits, hyphens and underscores, at least two. */
  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)+");

  private HostNames() {}

  /**
   * Requires that the certificate names the host.
   *
   * @param host a name, or an address in numbers
   */
  static void require(String host, X509Certificate certificate) throws CertificateException {
    boolean isAddress = isAddress(host);
    List<String> names = alternatives(certificate, isAddress ? IP_ADDRESS : DNS_NAME);
    if (names.isEmpty() && !isAddress) {
      names = DistinguishedName.of(certificate.getSubjectX500Principal()).values("CN");
    }
    for (String name : names) {
      if (isAddress ? isSameAddress(name, host) : matches(name, host)) {
        return;
      }
    }
    throw new CertificateException(
        "certificate of \""
            + DistinguishedName.text(certificate.getSubjectX500Principal())
            + "\" is not that of host \""
            + host
            + "\" but of "
            + names);
  }

  private static List<String> alternatives(X509Certificate certificate, int type)
      throws CertificateException {
    List<String> names = new ArrayList<>();
    Collection<List<?>> all = certificate.getSubjectAlternativeNames();
    if (all != null) {
      for (List<?> entry : all) {
        if (Integer.valueOf(type).equals(entry.get(0))) {
          names.add((String) entry.get(1));
        }
      }
    }
    return names;
  }

  /** Whether the host can be told to a server that has certificates for several names. */
  static boolean isName(String host) {
    return !isAddress(host) && NAME.matcher(host).matches();
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
  }

  /** Both are in numbers, so that no name service is asked. */
  private static boolean isSameAddress(String one, String other) {
    try {
      return InetAddress.getByName(one).equals(InetAddress.getByName(other));
    } catch (UnknownHostException ex) {
      return false;
    }
  }

  static boolean matches(String pattern, String host) {
    String wanted = pattern.toLowerCase(Locale.ROOT);
    String actual = host.toLowerCase(Locale.ROOT);
    if (!wanted.startsWith("*.")) {
      return wanted.equals(actual);
    }
    int dot = actual.indexOf('.');
    return dot > 0
        && wanted.indexOf('.', 2) > 0
        && actual.substring(dot).equals(wanted.substring(1));
  }
}
