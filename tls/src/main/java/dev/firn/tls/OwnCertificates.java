package dev.firn.tls;

import com.zeroc.Ice.PluginInitializationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Finds the certificate and key of this process in what the properties name. */
final class OwnCertificates {
  private final TlsSettings settings;

  OwnCertificates(TlsSettings settings) {
    this.settings = settings;
  }

  /**
   * Loads the certificate.
   *
   * @return empty if no property names one
   * @throws PluginInitializationException naming the property and what is wrong with its file
   */
  Optional<OwnCertificate> load() {
    List<Path> files = settings.paths("IceSSL.CertFile");
    if (!files.isEmpty()) {
      return Optional.of(fromCertFile(files.get(0)));
    }
    return settings.path("IceSSL.Keystore").map(this::fromKeystore);
  }

  /** A second file, for a second kind of key, is of no use to TLS 1.3 and is left alone. */
  private OwnCertificate fromCertFile(Path file) {
    byte[] content = read("IceSSL.CertFile", file);
    if (!PemFile.isPem(content)) {
      try {
        char[] password = settings.secret("IceSSL.Password").orElse(new char[0]);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(content), password);
        return fromStore(store, password);
      } catch (IOException | GeneralSecurityException ex) {
        throw TlsSettings.wrong(
            "IceSSL.CertFile", file, "neither PEM nor PKCS#12: " + Reasons.of(ex), ex);
      }
    }
    List<X509Certificate> chain;
    try {
      chain = PemFile.parse(content).certificates();
      if (chain.isEmpty()) {
        throw new IOException("no certificate in it");
      }
    } catch (IOException | GeneralSecurityException ex) {
      throw TlsSettings.wrong("IceSSL.CertFile", file, ex);
    }
    return new OwnCertificate(key(file, chain.get(0)), chain);
  }

  private PrivateKey key(Path certFile, X509Certificate certificate) {
    List<Path> files = settings.paths("IceSSL.KeyFile");
    String property = files.isEmpty() ? "IceSSL.CertFile" : "IceSSL.KeyFile";
    Path file = files.isEmpty() ? certFile : files.get(0);
    try {
      PrivateKey key =
          PrivateKeys.first(
              PemFile.parse(read(property, file)), settings.secret("IceSSL.Password"));
      if (!KeyPairs.belongTogether(key, certificate.getPublicKey())) {
        throw new GeneralSecurityException("the key is not that of the certificate " + certFile);
      }
      return key;
    } catch (IOException | GeneralSecurityException ex) {
      throw TlsSettings.wrong(property, file, ex);
    }
  }

  private OwnCertificate fromKeystore(Path file) {
    Optional<char[]> storePassword = settings.secret("IceSSL.KeystorePassword");
    try {
      KeyStore store =
          Keystores.load(
              read("IceSSL.Keystore", file), settings.text("IceSSL.KeystoreType"), storePassword);
      // PKCS#12 has one password for all; older stores may have one for each key.
      return fromStore(
          store, settings.secret("IceSSL.Password").or(() -> storePassword).orElse(new char[0]));
    } catch (IOException | GeneralSecurityException ex) {
      throw TlsSettings.wrong("IceSSL.Keystore", file, ex);
    }
  }

  private OwnCertificate fromStore(KeyStore store, char[] password)
      throws GeneralSecurityException, IOException {
    String alias = alias(store);
    Key key = store.getKey(alias, password);
    if (!(key instanceof PrivateKey privateKey)) {
      throw new IOException("\"" + alias + "\" is not a private key");
    }
    Certificate[] chain = store.getCertificateChain(alias);
    if (chain == null) {
      throw new IOException(
          "the certificates of \"" + alias + "\" are encrypted; set IceSSL.KeystorePassword");
    }
    return new OwnCertificate(
        privateKey, Arrays.stream(chain).map(X509Certificate.class::cast).toList());
  }

  private String alias(KeyStore store) throws KeyStoreException, IOException {
    String wanted = settings.text("IceSSL.Alias");
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias) && (wanted.isEmpty() || alias.equalsIgnoreCase(wanted))) {
        return alias;
      }
    }
    throw new IOException(
        wanted.isEmpty() ? "no private key in it" : "no private key of alias \"" + wanted + "\"");
  }

  static byte[] read(String property, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException ex) {
      throw TlsSettings.wrong(
          property, file, Files.exists(file) ? Reasons.of(ex) : "no such file", ex);
    }
  }
}
