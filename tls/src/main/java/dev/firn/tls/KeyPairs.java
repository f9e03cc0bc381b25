package dev.firn.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Whether keys fit each other. */
final class KeyPairs {
  private static final byte[] PROBE = {'f', 'i', 'r', 'n'};

  private KeyPairs() {}

  /** Found out by signing, as keys of different kinds are compared in different ways. */
  static boolean belongTogether(PrivateKey key, PublicKey publicKey)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "DSA" -> "SHA256withDSA";
          case "EdDSA" -> "EdDSA";
          // RSASSA-PSS keys come with parameters of their own; the handshake will tell.
          default -> "";
        };
    if (algorithm.isEmpty()) {
      return true;
    }
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(PROBE);
    return signature.verify(signed);
  }
}
