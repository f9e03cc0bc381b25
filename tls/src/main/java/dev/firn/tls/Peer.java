package dev.firn.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The other end of a connection.
 *
 * @param chain its own certificate first; empty if it sent none
 * @param verified whether the chain leads to a trusted certificate authority
 */
record Peer(List<X509Certificate> chain, boolean verified) {
  static final Peer UNKNOWN = new Peer(List.of(), false);

  Peer {
    chain = List.copyOf(chain);
  }
}
