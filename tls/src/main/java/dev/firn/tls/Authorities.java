package dev.firn.tls;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.PluginInitializationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Finds the certificate authorities that are trusted in what the properties name. */
final class Authorities {
  /** The names by which OpenSSL finds certificates in a directory: subject hash and a number. */
  private static final Pattern HASHED_NAME = Pattern.compile("[0-9a-f]{8}\\.[0-9]+");

  private final TlsSettings settings;
  private final Logger logger;

  Authorities(TlsSettings settings, Logger logger) {
    this.settings = settings;
    this.logger = logger;
  }

  /**
   * Loads the certificates.
   *
   * @return may be empty: then no peer can be verified
   * @throws PluginInitializationException naming the property and what is wrong with its file
   */
  Set<X509Certificate> load() {
    Set<X509Certificate> authorities = new LinkedHashSet<>();
    // The core has renamed IceSSL.CertAuthFile and IceSSL.CertAuthDir to this by now.
    Optional<Path> named = settings.path("IceSSL.CAs");
    if (named.isPresent()) {
      authorities.addAll(fromPath("IceSSL.CAs", named.get()));
    }
    Optional<Path> truststore = settings.path("IceSSL.Truststore");
    Optional<Path> keystore = settings.path("IceSSL.Keystore");
    if (truststore.isPresent()) {
      authorities.addAll(
          fromStore("IceSSL.Truststore", truststore.get(), "IceSSL.TruststorePassword"));
    } else if (named.isEmpty() && keystore.isPresent()) {
      authorities.addAll(fromStore("IceSSL.Keystore", keystore.get(), "IceSSL.KeystorePassword"));
    }
    if (named.isEmpty() && truststore.isEmpty() && settings.usesPlatformAuthorities()) {
      authorities.addAll(ofPlatform());
    }
    return authorities;
  }

  private List<X509Certificate> fromPath(String property, Path path) {
    if (!Files.isDirectory(path)) {
      return fromFile(property, path);
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(path)) {
      files =
          entries
              .filter(entry -> HASHED_NAME.matcher(entry.getFileName().toString()).matches())
              .sorted()
              .toList();
    } catch (IOException ex) {
      throw TlsSettings.wrong(property, path, ex);
    }
    if (files.isEmpty()) {
      logger.warning(
          property
              + ": \""
              + path
              + "\" has no certificates under hashed names; run \"openssl rehash\" on it");
    }
    List<X509Certificate> all = new ArrayList<>();
    for (Path file : files) {
      all.addAll(fromFile(property, file));
    }
    return all;
  }

  private static List<X509Certificate> fromFile(String property, Path file) {
    byte[] content = OwnCertificates.read(property, file);
    try {
      List<X509Certificate> certificates =
          PemFile.isPem(content) ? PemFile.parse(content).certificates() : List.of(der(content));
      if (certificates.isEmpty()) {
        throw new IOException("no certificate in it");
      }
      return certificates;
    } catch (IOException | GeneralSecurityException ex) {
      throw TlsSettings.wrong(property, file, ex);
    }
  }

  private static X509Certificate der(byte[] content) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(content));
  }

  /** The trusted entries, and of the chains of keys the authorities behind the first. */
  private List<X509Certificate> fromStore(String property, Path file, String passwordProperty) {
    List<X509Certificate> authorities = new ArrayList<>();
    try {
      KeyStore store =
          Keystores.load(
              OwnCertificates.read(property, file),
              settings.text(property + "Type"),
              settings.secret(passwordProperty));
      for (String alias : Collections.list(store.aliases())) {
        if (store.isCertificateEntry(alias)) {
          authorities.add((X509Certificate) store.getCertificate(alias));
        } else if (store.isKeyEntry(alias)) {
          Certificate[] chain = store.getCertificateChain(alias);
          for (int index = 1; chain != null && index < chain.length; index++) {
            authorities.add((X509Certificate) chain[index]);
          }
        }
      }
    } catch (IOException | GeneralSecurityException ex) {
      throw TlsSettings.wrong(property, file, ex);
    }
    return authorities;
  }

  private static List<X509Certificate> ofPlatform() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      List<X509Certificate> all = new ArrayList<>();
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager trusting) {
          all.addAll(List.of(trusting.getAcceptedIssuers()));
        }
      }
      return all;
    } catch (GeneralSecurityException ex) {
      throw new PluginInitializationException(
          "IceSSL.UsePlatformCAs: cannot read the platform's certificates: " + Reasons.of(ex), ex);
    }
  }
}
