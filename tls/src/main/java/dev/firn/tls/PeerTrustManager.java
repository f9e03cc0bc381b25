package dev.firn.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Ends handshakes with peers that the verifier refuses, so that an alert tells them. */
final class PeerTrustManager extends X509ExtendedTrustManager {
  private final PeerVerifier verifier;
  private final boolean checksServers;

  /**
   * Asks the verifier.
   *
   * @param checksServers false to take the certificate of any server
   */
  PeerTrustManager(PeerVerifier verifier, boolean checksServers) {
    this.verifier = verifier;
    this.checksServers = checksServers;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyType)
      throws CertificateException {
    verifier.verify(List.of(chain), true);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyType)
      throws CertificateException {
    if (checksServers) {
      verifier.verify(List.of(chain), false);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, keyType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, keyType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, keyType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, keyType);
  }

  /** What a server tells its clients, who may choose by it. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return verifier.authorities().toArray(X509Certificate[]::new);
  }
}
