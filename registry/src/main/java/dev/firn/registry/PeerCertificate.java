package dev.firn.registry;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.PermissionDeniedException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** Checks that a peer is who it says it is, by the certificate of its connection. */
final class PeerCertificate {
  private PeerCertificate() {}

  /**
   * Requires a certificate whose common name is {@code name}.
   *
   * @param kind what the peer is, for messages: {@code replica} or {@code node}
   */
  static void require(@Nullable Connection connection, String name, String kind)
      throws PermissionDeniedException {
    try {
      Optional<TlsPeer> peer =
          connection == null ? Optional.empty() : TlsPeer.of(connection.getInfo());
      if (peer.isEmpty() || peer.get().chain().isEmpty()) {
        throw new PermissionDeniedException(
            kind + " certificate is required to connect to this registry");
      }
      if (!name.equals(commonName(peer.get().chain().get(0)))) {
        throw new PermissionDeniedException(
            "certificate CN doesn't match " + kind + " name `" + name + "'");
      }
    } catch (LocalException | InvalidNameException e) {
      throw new PermissionDeniedException(
          "unable to verify certificate for " + kind + " `" + name + "'");
    }
  }

  private static @Nullable String commonName(X509Certificate certificate)
      throws InvalidNameException {
    for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
      if (rdn.getType().equalsIgnoreCase("CN")) {
        return String.valueOf(rdn.getValue());
      }
    }
    return null;
  }
}
