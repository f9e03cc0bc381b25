package dev.firn.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;

/** Key stores of Java. */
final class Keystores {
  private Keystores() {}

  /**
   * Reads a store.
   *
   * @param type empty for the JDK's default, which reads PKCS12 and JKS
   * @param password checks the store's integrity; not checked without
   */
  static KeyStore load(byte[] content, String type, Optional<char[]> password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(type.isEmpty() ? KeyStore.getDefaultType() : type);
    if (password.isPresent()) {
      store.load(new ByteArrayInputStream(content), password.get());
    } else {
      store.load(new ByteArrayInputStream(content), null);
    }
    return store;
  }
}
