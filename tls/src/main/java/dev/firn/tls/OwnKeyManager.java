package dev.firn.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the one certificate of this process to everybody who asks. Unlike the JDK's own it does not
 * withhold it from servers that list other certificate authorities: the server decides.
 */
@SuppressWarnings("NullAway") // null is the contract of the JDK, which is not annotated
final class OwnKeyManager extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";

  private final Optional<OwnCertificate> certificate;

  OwnKeyManager(Optional<OwnCertificate> certificate) {
    this.certificate = certificate;
  }

  private @Nullable String aliasFor(String... keyTypes) {
    return certificate
        .map(own -> own.key().getAlgorithm())
        .filter(algorithm -> Arrays.asList(keyTypes).contains(algorithm))
        .map(algorithm -> ALIAS)
        .orElse(null);
  }

  private String @Nullable [] aliasesFor(String keyType) {
    String alias = aliasFor(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal[] issuers, SSLEngine engine) {
    return aliasFor(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal[] issuers, SSLEngine engine) {
    return aliasFor(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return aliasFor(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return aliasFor(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
    return aliasesFor(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
    return aliasesFor(keyType);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return certificate.map(own -> own.chain().toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return certificate.map(OwnCertificate::key).orElse(null);
  }
}
