package dev.firn.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What this process shows to its peers.
 *
 * @param key of the first certificate
 * @param chain its own certificate first, at least that
 */
record OwnCertificate(PrivateKey key, List<X509Certificate> chain) {
  OwnCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("no certificate");
    }
  }
}
