package dev.firn.registry;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.apache.commons.codec.digest.Crypt;

/**
 * One password as a password file has it: hashed by crypt(3) or by PBKDF2. Compares in constant
 * time; takes milliseconds, by design.
 */
interface PasswordHash {
  boolean matches(String password);

  /** Whether guessing the password from the hash is too easy. */
  default boolean weak() {
    return false;
  }

  /** Empty for a hash that no library here can compute, yescrypt for example. */
  static Optional<PasswordHash> parse(String text) {
    if (text.indexOf('$') < 0) {
      return Des.parse(text);
    } else if (text.startsWith("$pbkdf2")) {
      return Pbkdf2.parse(text);
    } else if (text.startsWith("$2")) {
      return BlowfishCrypt.parse(text);
    }
    return ShaCrypt.parse(text);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** Traditional DES: two characters of salt, eleven of hash. */
  record Des(String hash) implements PasswordHash {
    private static final Pattern FORM = Pattern.compile("[./0-9A-Za-z]{13}");

    static Optional<PasswordHash> parse(String text) {
      return FORM.matcher(text).matches() ? Optional.of(new Des(text)) : Optional.empty();
    }

    @Override
    public boolean matches(String password) {
      return same(hash, Crypt.crypt(password.getBytes(StandardCharsets.UTF_8), hash));
    }

    @Override
    public boolean weak() {
      return true;
    }
  }

  /** {@code $1$} MD5, {@code $5$} SHA-256, {@code $6$} SHA-512. */
  record ShaCrypt(String hash) implements PasswordHash {
    private static final Pattern FORM =
        Pattern.compile("\\$(1|[56](\\$rounds=[0-9]{1,9})?)\\$[./0-9A-Za-z]+\\$[./0-9A-Za-z]+");

    static Optional<PasswordHash> parse(String text) {
      return FORM.matcher(text).matches() ? Optional.of(new ShaCrypt(text)) : Optional.empty();
    }

    @Override
    public boolean matches(String password) {
      return same(hash, Crypt.crypt(password.getBytes(StandardCharsets.UTF_8), hash));
    }
  }

  /** {@code $2a$}, {@code $2b$} and {@code $2y$}; only the first 72 bytes of a password count. */
  record BlowfishCrypt(BCrypt.Version version, String hash) implements PasswordHash {
    private static final Pattern FORM =
        Pattern.compile("\\$2[aby]\\$(0[4-9]|[12][0-9]|3[01])\\$[./0-9A-Za-z]{53}");

    static Optional<PasswordHash> parse(String text) {
      if (!FORM.matcher(text).matches()) {
        return Optional.empty();
      }
      BCrypt.Version version =
          List.of(BCrypt.Version.VERSION_2A, BCrypt.Version.VERSION_2B, BCrypt.Version.VERSION_2Y)
              .get("aby".indexOf(text.charAt(2)));
      return Optional.of(new BlowfishCrypt(version, text));
    }

    @Override
    public boolean matches(String password) {
      return BCrypt.verifyer(version, LongPasswordStrategies.truncate(version))
          .verifyStrict(
              password.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.US_ASCII))
          .verified;
    }
  }

  /** {@code $pbkdf2[-sha256|-sha512]$ROUNDS$SALT$CHECKSUM}. */
  final class Pbkdf2 implements PasswordHash {
    private static final Pattern FORM =
        Pattern.compile(
            "\\$pbkdf2(-sha256|-sha512)?\\$([1-9][0-9]{0,8})\\$([./0-9A-Za-z]+)\\$([./0-9A-Za-z]+)");

    static Optional<PasswordHash> parse(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        return Optional.empty();
      }
      String digest = form.group(1) == null ? "" : form.group(1);
      int bytes = digest.isEmpty() ? 20 : digest.equals("-sha256") ? 32 : 64;
      String algorithm =
          "PBKDF2WithHmac"
              + (digest.isEmpty() ? "SHA1" : digest.substring(1).toUpperCase(Locale.ROOT));
      try {
        byte[] salt = decode(form.group(3));
        byte[] checksum = decode(form.group(4));
        return checksum.length == bytes
            ? Optional.of(new Pbkdf2(algorithm, Integer.parseInt(form.group(2)), salt, checksum))
            : Optional.empty();
      } catch (IllegalArgumentException notBase64) {
        return Optional.empty();
      }
    }

    private final String algorithm;
    private final int rounds;
    private final byte[] salt;
    private final byte[] checksum;

    private Pbkdf2(String algorithm, int rounds, byte[] salt, byte[] checksum) {
      this.algorithm = algorithm;
      this.rounds = rounds;
      this.salt = salt;
      this.checksum = checksum;
    }

    private static byte[] decode(String text) {
      return Base64.getDecoder().decode(text.replace('.', '+'));
    }

    @Override
    public boolean matches(String password) {
      PBEKeySpec spec =
          new PBEKeySpec(password.toCharArray(), salt, rounds, checksum.length * Byte.SIZE);
      try {
        byte[] computed = SecretKeyFactory.getInstance(algorithm).generateSecret(spec).getEncoded();
        return MessageDigest.isEqual(checksum, computed);
      } catch (GeneralSecurityException ex) {
        throw new IllegalStateException("every JDK has " + algorithm, ex);
      } finally {
        spec.clearPassword();
      }
    }
  }
}
