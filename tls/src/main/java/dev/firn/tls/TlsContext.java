package dev.firn.tls;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.PluginInitializationException;
import dev.firn.tls.TlsSettings.VerifyPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * The settings, with the files they name read. Safe from any thread.
 *
 * @param suites empty for the JDK's own choice
 */
record TlsContext(
    SSLContext jdk,
    List<String> protocols,
    List<String> suites,
    VerifyPeer verifyPeer,
    boolean hasCertificate,
    PeerVerifier verifier,
    TrustOnly trustOnly,
    BufferPool buffers) {

  /**
   * Reads the files.
   *
   * @throws PluginInitializationException naming the property that is wrong
   */
  static TlsContext create(TlsSettings settings, Logger logger) {
    if (!settings.text("IceSSL.FindCert").isEmpty()) {
      logger.warning("IceSSL.FindCert is not supported on this platform, use IceSSL.CertFile");
    }
    VerifyPeer verifyPeer = settings.verifyPeer();
    Optional<OwnCertificate> own = new OwnCertificates(settings).load();
    List<X509CRL> revocationLists = revocationLists(settings);
    if (settings.revocationCheck() > 0 && revocationLists.isEmpty()) {
      throw TlsSettings.wrong(
          "IceSSL.RevocationCheck", "needs IceSSL.CertificateRevocationListFiles");
    }
    PeerVerifier verifier =
        new PeerVerifier(
            new Authorities(settings, logger).load(), revocationLists, settings.revocationCheck());
    SSLContext jdk = jdkContext(own, verifier, verifyPeer);
    SSLEngine sample = jdk.createSSLEngine();
    Offers offers = new Offers(settings, logger, jdk.getSupportedSSLParameters());
    return new TlsContext(
        jdk,
        offers.protocols(),
        offers.suites(),
        verifyPeer,
        own.isPresent(),
        verifier,
        new TrustOnly(settings),
        new BufferPool(
            Math.max(
                sample.getSession().getPacketBufferSize(),
                sample.getSession().getApplicationBufferSize())));
  }

  private static SSLContext jdkContext(
      Optional<OwnCertificate> own, PeerVerifier verifier, VerifyPeer verifyPeer) {
    try {
      SSLContext jdk = SSLContext.getInstance("TLS");
      jdk.init(
          new KeyManager[] {new OwnKeyManager(own)},
          new TrustManager[] {new PeerTrustManager(verifier, verifyPeer != VerifyPeer.NONE)},
          null);
      return jdk;
    } catch (GeneralSecurityException ex) {
      throw new PluginInitializationException(
          "IceSSL: unable to create SSL context: " + Reasons.of(ex), ex);
    }
  }

  private static List<X509CRL> revocationLists(TlsSettings settings) {
    String property = "IceSSL.CertificateRevocationListFiles";
    List<X509CRL> lists = new ArrayList<>();
    for (Path file : settings.paths(property)) {
      try {
        lists.addAll(PemFile.parse(OwnCertificates.read(property, file)).revocationLists());
      } catch (IOException | GeneralSecurityException ex) {
        throw TlsSettings.wrong(property, file, ex);
      }
    }
    return lists;
  }

  SSLEngine newServerEngine() {
    SSLEngine engine = jdk.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(engine);
    switch (verifyPeer) {
      case NONE -> parameters.setNeedClientAuth(false);
      case IF_PRESENT -> parameters.setWantClientAuth(true);
      case REQUIRED -> parameters.setNeedClientAuth(true);
    }
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Without the host as a key, under which the JDK would resume sessions of another server. */
  SSLEngine newClientEngine(String host) {
    SSLEngine engine = jdk.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine);
    if (HostNames.isName(host)) {
      parameters.setServerNames(List.of(new SNIHostName(host)));
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private SSLParameters parameters(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(protocols.toArray(String[]::new));
    if (!suites.isEmpty()) {
      parameters.setCipherSuites(suites.toArray(String[]::new));
    }
    return parameters;
  }
}
