package dev.firn.systemtests;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Password hashes as macOS and Windows installations of the reference have them. */
final class Passwords {
  private static final int ROUNDS = 1200;

  private Passwords() {}

  /** {@code $pbkdf2…$ROUNDS$SALT$CHECKSUM}; base64 without padding and with dots for plus signs. */
  static String pbkdf2(String algorithm, String prefix, String password, int bytes) {
    byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    try {
      byte[] checksum =
          SecretKeyFactory.getInstance(algorithm)
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ROUNDS, bytes * 8))
              .getEncoded();
      return prefix + ROUNDS + "$" + base64(salt) + "$" + base64(checksum);
    } catch (GeneralSecurityException missing) {
      throw new AssertionError(missing);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes).replace('+', '.');
  }
}
