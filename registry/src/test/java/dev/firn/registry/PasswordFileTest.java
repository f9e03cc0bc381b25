package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.PluginInitializationException;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordFileTest {
  @TempDir Path directory;
  private final RecordingLogger logger = new RecordingLogger();

  /** All made from the same password by the C library's crypt, and by hashlib for PBKDF2. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$1$abcdefgh$6qENbeetgn0exf.OCTQaP0",
        "$5$saltstring$cRBhKSfYzTy7ht1J5qVPFV0KZImJ0U5L5Ezw0UdIOW4",
        "$6$rounds=5000$saltstring$CSTM8ggie.dU5m6eoS07/LZ2D/r4hrX.jxMSo1fYZexn"
            + "ehwOFJu1o2u1p."
            + "BZSnrxIhERrHnuxI8ONbt/kSPvF0",
        "abRy4/6THFs9U",
        "$2b$04$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG",
        "$2y$04$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG",
        "$2a$04$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG",
        "$pbkdf2$1200$c2FsdCsvc2FsdH5.fv8$HgJg3ruX1CY2RN0Hxaz9Zg3sbj4",
        "$pbkdf2-sha256$1200$c2FsdCsvc2FsdH5.fv8$paGPAuJeGOjDbC7PQNa/9rdoQ9lDVs" + "t5Xx4G2ktH8vA",
        "$pbkdf2-sha512$1200$c2FsdCsvc2FsdH5.fv8$jsijKOouOn/x0sZPA/y1R8lERC4TLd"
            + "ohmO3obcZvy.TvScMsgafzrkV3vVGld2f9arEOGduJ6LEE/Cv4qItdOQ",
        "$6$saltstring$CSTM8ggie.dU5m6eoS07/LZ2D/r4hrX.jxMSo1fYZexnehwOFJu1o2u1"
            + "p.BZSnrxIhERrHnuxI8ONbt/kSPvF0"
      })
  void everyKindOfHashIsUnderstood(String hash) throws IOException {
    PasswordFile file = load("user " + hash + "\n");

    assertThat(matches(file, "user", "pässword")).isTrue();
    assertThat(matches(file, "user", "qässword")).isFalse();
    assertThat(matches(file, "user", "")).isFalse();
  }

  @Test
  void bcryptCountsSeventyTwoBytes() throws IOException {
    // Of "x" a hundred times.
    PasswordFile file = load("user $2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i\n");

    assertThat(matches(file, "user", "x".repeat(100))).isTrue();
    assertThat(matches(file, "user", "x".repeat(72))).isTrue();
    assertThat(matches(file, "user", "x".repeat(71))).isFalse();
  }

  @Test
  void theFirstEntryOfAUserCounts() throws IOException {
    PasswordFile file =
        load("\r\n  user \t abRy4/6THFs9U \r\n\nuser $1$abcdefgh$AAAAAAAAAAAAAAAAAAAAAA\r\n");

    assertThat(matches(file, "user", "pässword")).isTrue();
    assertThat(matches(file, "other", "pässword")).isFalse();
    assertThat(matches(file, "", "pässword")).isFalse();
    assertThat(matches(load(""), "user", "pässword")).isFalse();
  }

  @Test
  void weakHashesAreWarnedOfOnce() throws IOException {
    load("a abRy4/6THFs9U\nb abRy4/6THFs9U\n");

    assertThat(logger.lines())
        .containsExactly(
            "warning: the password file `"
                + directory.resolve("passwords")
                + "' contains one or more DES-style passwords; DES is a weak algorithm and should"
                + " not be used in production");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$y$j9T$abcdefgh$yTxXz3ZVYDIZOpMdJiZWr6dgikUfVGDKBzw07PphSx3",
        "tooshort",
        "$2b$99$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG",
        "$pbkdf2-sha256$1000$AAAA$AAAA",
        "$pbkdf2$0$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$6$rounds=x$salt$hash",
        "$5$",
        "*",
        "$"
      })
  void aHashThatIsNotUnderstoodNeverMatches(String hash) throws IOException {
    PasswordFile file = load("eve " + hash + "\n");

    assertThat(matches(file, "eve", "pässword")).isFalse();
    assertThat(logger.lines()).hasSize(1);
    assertThat(logger.lines().get(0)).startsWith("warning: ").contains("`eve'");
    assertThat(logger.lines().get(0)).doesNotContain(hash.length() > 3 ? hash : "\0");
  }

  @Test
  void aMalformedLineIsNamed() throws IOException {
    assertThatThrownBy(() -> load("a abRy4/6THFs9U\n\nb\n"))
        .isInstanceOfSatisfying(
            PluginInitializationException.class,
            ex ->
                assertThat(ex.reason)
                    .isEqualTo(
                        "malformed entry in password file `"
                            + directory.resolve("passwords")
                            + "' at line 3"));
    assertThatThrownBy(() -> load("a abRy4/6THFs9U more\n"))
        .isInstanceOf(PluginInitializationException.class);
  }

  @Test
  void anUnreadableFileIsNamed() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> PasswordFile.load(missing, logger))
        .isInstanceOfSatisfying(
            PluginInitializationException.class,
            ex ->
                assertThat(ex.reason)
                    .isEqualTo(
                        "cannot open `" + missing + "' for reading: No such file or directory"));
  }

  @Test
  void aPasswordIsNeverPartOfAText() {
    assertThat(new Verifier.Password("alice", "secret").toString()).isEqualTo("alice");
  }

  @Test
  void theSharedLibraryOfAZerocConfigurationIsLeftOut() {
    Properties properties = Util.createProperties();
    properties.setProperty(
        "Ice.Plugin.Glacier2CryptPermissionsVerifier",
        "Glacier2CryptPermissionsVerifier:createCryptPermissionsVerifier");
    properties.setProperty("Ice.PluginLoadOrder", "IceSSL, Glacier2CryptPermissionsVerifier Other");
    properties.setProperty("Ice.Plugin.Other", "kept");

    CryptPlugin.remove(properties);

    assertThat(properties.getPropertiesForPrefix("Ice.Plugin."))
        .containsOnlyKeys("Ice.Plugin.Other");
    assertThat(properties.getProperty("Ice.PluginLoadOrder")).isEqualTo("IceSSL Other");
  }

  private static boolean matches(PasswordFile file, String user, String password) {
    return file.matches(new Verifier.Password(user, password));
  }

  private PasswordFile load(String text) throws IOException {
    Path path = directory.resolve("passwords");
    Files.writeString(path, text);
    return PasswordFile.load(path, logger);
  }
}
