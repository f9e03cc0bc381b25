package dev.firn.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Private keys in the formats that OpenSSL writes. */
final class PrivateKeys {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

  private PrivateKeys() {}

  /** The first private key of the file. */
  static PrivateKey first(PemFile file, Optional<char[]> password)
      throws IOException, GeneralSecurityException {
    for (PemFile.Block block : file.blocks()) {
      if (block.type().endsWith("PRIVATE KEY")) {
        return key(block, password);
      }
    }
    throw new IOException("no private key in it");
  }

  private static PrivateKey key(PemFile.Block block, Optional<char[]> password)
      throws IOException, GeneralSecurityException {
    return switch (block.type()) {
      case "PRIVATE KEY" -> fromPkcs8(new PKCS8EncodedKeySpec(block.content()));
      case "ENCRYPTED PRIVATE KEY" -> fromPkcs8(decrypted(block.content(), required(password)));
      case "RSA PRIVATE KEY" -> fromPkcs8(Der.pkcs8OfRsa(plain(block, password)));
      case "EC PRIVATE KEY" -> fromPkcs8(Der.pkcs8OfEc(plain(block, password)));
      default ->
          throw new IOException(
              block.type() + " is not supported; convert it with \"openssl pkcs8 -topk8\"");
    };
  }

  private static char[] required(Optional<char[]> password) throws IOException {
    return password.orElseThrow(
        () -> new IOException("the key is encrypted and IceSSL.Password is not set"));
  }

  private static PrivateKey fromPkcs8(KeySpec spec) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException ex) {
        // It is a key of another algorithm: the format names its own.
      }
    }
    throw new InvalidKeySpecException("not a key of " + String.join(", ", ALGORITHMS));
  }

  private static KeySpec decrypted(byte[] content, char[] password)
      throws IOException, GeneralSecurityException {
    EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(content);
    AlgorithmParameters parameters = encrypted.getAlgParameters();
    if (parameters == null) {
      throw new IOException("unknown encryption of the key: " + encrypted.getAlgName());
    }
    // The JDK hides the name of the scheme in PBES2's parameters.
    String algorithm =
        parameters.getAlgorithm().equals("PBES2") ? parameters.toString() : encrypted.getAlgName();
    Cipher cipher = Cipher.getInstance(algorithm);
    PBEKeySpec spec = new PBEKeySpec(password);
    cipher.init(
        Cipher.DECRYPT_MODE,
        SecretKeyFactory.getInstance(algorithm).generateSecret(spec),
        parameters);
    try {
      return encrypted.getKeySpec(cipher);
    } catch (InvalidKeySpecException ex) {
      throw wrongPassword(ex);
    }
  }

  private static byte[] plain(PemFile.Block block, Optional<char[]> password)
      throws IOException, GeneralSecurityException {
    String info = block.headers().get("DEK-Info");
    if (info == null) {
      return block.content();
    }
    try {
      return OpensslCipher.decrypt(info, block.content(), required(password));
    } catch (BadPaddingException ex) {
      throw wrongPassword(ex);
    }
  }

  private static GeneralSecurityException wrongPassword(GeneralSecurityException ex) {
    return new GeneralSecurityException("IceSSL.Password does not fit the key", ex);
  }
}
