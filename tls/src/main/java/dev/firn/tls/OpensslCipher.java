package dev.firn.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The encryption of keys in OpenSSL's traditional PEM files (RFC 1421 headers): the key comes from
 * repeated MD5 over password and salt, the salt is the first half of the initialization vector.
 */
final class OpensslCipher {
  private static final int SALT_BYTES = 8;

  private record Scheme(String transformation, String algorithm, int keyBytes) {}

  private static final Map<String, Scheme> SCHEMES =
      Map.of(
          "DES-CBC", new Scheme("DES/CBC/PKCS5Padding", "DES", 8),
          "DES-EDE3-CBC", new Scheme("DESede/CBC/PKCS5Padding", "DESede", 24),
          "AES-128-CBC", new Scheme("AES/CBC/PKCS5Padding", "AES", 16),
          "AES-192-CBC", new Scheme("AES/CBC/PKCS5Padding", "AES", 24),
          "AES-256-CBC", new Scheme("AES/CBC/PKCS5Padding", "AES", 32));

  private OpensslCipher() {}

  /**
   * Decrypts a key.
   *
   * @param info the DEK-Info header: cipher, comma, initialization vector in hexadecimal
   */
  static byte[] decrypt(String info, byte[] content, char[] password)
      throws IOException, GeneralSecurityException {
    int comma = info.indexOf(',');
    String name = comma < 0 ? info : info.substring(0, comma).strip();
    Scheme scheme =
        Optional.ofNullable(SCHEMES.get(name))
            .orElseThrow(() -> new IOException("unknown encryption of the key: " + name));
    byte[] vector = vector(info.substring(comma + 1).strip());
    Cipher cipher = Cipher.getInstance(scheme.transformation());
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key(scheme, vector, password), scheme.algorithm()),
        new IvParameterSpec(vector));
    return cipher.doFinal(content);
  }

  private static byte[] vector(String hex) throws IOException {
    try {
      byte[] vector = HexFormat.of().parseHex(hex);
      if (vector.length >= SALT_BYTES) {
        return vector;
      }
    } catch (IllegalArgumentException ex) {
      throw new IOException("malformed DEK-Info header", ex);
    }
    throw new IOException("malformed DEK-Info header");
  }

  private static byte[] key(Scheme scheme, byte[] vector, char[] password)
      throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("MD5");
    byte[] secret = new String(password).getBytes(StandardCharsets.UTF_8);
    byte[] key = {};
    byte[] last = {};
    while (key.length < scheme.keyBytes()) {
      digest.update(last);
      digest.update(secret);
      digest.update(vector, 0, SALT_BYTES);
      last = digest.digest();
      int had = key.length;
      key = Arrays.copyOf(key, had + last.length);
      System.arraycopy(last, 0, key, had, last.length);
    }
    return Arrays.copyOf(key, scheme.keyBytes());
  }
}
