package dev.firn.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.PluginInitializationException;
import com.zeroc.Ice.Properties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The formats of certificates, keys and stores; each serves a real connection. */
@Timeout(60)
class CertificateFilesTest {
  @TempDir static Path directory;

  private static Certificates certificates;

  @BeforeAll
  static void issue() throws IOException {
    certificates = new Certificates(directory).authority("ca").authority("other-ca");
    certificates.issue("ca", "ec", "/CN=ec").issue("ca", "client", "/CN=client");
    certificates.openssl("req -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.csr -subj /CN=rsa");
    certificates.openssl("req -newkey ed25519 -nodes -keyout ed.key -out ed.csr -subj /CN=ed");
    for (String name : List.of("rsa", "ed")) {
      certificates.openssl(
          "x509 -req -in "
              + name
              + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out "
              + name
              + ".pem");
    }
    certificates.openssl("rsa -traditional -in rsa.key -out rsa-traditional.key");
    certificates.openssl("ec -in ec.key -out ec-traditional.key");
    for (String cipher : List.of("aes128", "aes256", "des3")) {
      certificates.openssl(
          "rsa -traditional -"
              + cipher
              + " -passout pass:secret -in rsa.key -out rsa-"
              + cipher
              + ".key");
    }
    certificates.openssl("ec -aes256 -passout pass:secret -in ec.key -out ec-aes256.key");
    for (String name : List.of("rsa", "ec", "ed")) {
      certificates.openssl(
          "pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret -in "
              + name
              + ".key -out "
              + name
              + "-pkcs8.key");
    }
    certificates.openssl(
        "pkcs12 -export -in rsa.pem -inkey rsa.key -certfile ca.pem -name mine -passout pass:secret -out rsa.p12");
    Files.writeString(
        directory.resolve("both.pem"),
        Files.readString(directory.resolve("ec.key"))
            + Files.readString(directory.resolve("ec.pem")));
    Files.writeString(directory.resolve("empty.pem"), "nothing\n");
    Files.writeString(
        directory.resolve("broken.pem"),
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
    Path hashed = Files.createDirectory(directory.resolve("hashed"));
    Files.copy(directory.resolve("ca.pem"), hashed.resolve("ca.pem"));
    Files.copy(directory.resolve("ca.pem"), hashed.resolve("0a1b2c3d.0"));
    Path unhashed = Files.createDirectory(directory.resolve("unhashed"));
    Files.copy(directory.resolve("ca.pem"), unhashed.resolve("ca.pem"));
    certificates.openssl("x509 -in ca.pem -outform DER -out ca.der");
    Peers.run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-importcert",
            "-noprompt",
            "-alias",
            "ca",
            "-storepass",
            "password",
            "-storetype",
            "JKS",
            "-file",
            directory.resolve("ca.pem").toString(),
            "-keystore",
            directory.resolve("trust.jks").toString()));
  }

  private static Properties settings(String... settings) {
    Properties properties = Party.bare(certificates);
    for (int index = 0; index < settings.length; index += 2) {
      properties.setProperty("IceSSL." + settings[index], settings[index + 1]);
    }
    return properties;
  }

  /** A client that trusts the authority calls a server with the settings, and is asked for. */
  private static String subjectServed(Properties serverSettings) {
    try (Party server = Party.with(serverSettings);
        Party client = Party.of(certificates, "client")) {
      String endpoint = server.serve("ssl");
      client.call(endpoint);
      return ((TlsConnectionInfo) client.echo(endpoint).ice_getConnection().getInfo()).subject();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rsa, rsa.key",
    "ec, ec.key",
    "ed, ed.key",
    "rsa, rsa-traditional.key",
    "ec, ec-traditional.key",
    "rsa, rsa-aes128.key",
    "rsa, rsa-aes256.key",
    "rsa, rsa-des3.key",
    "ec, ec-aes256.key",
    "rsa, rsa-pkcs8.key",
    "ec, ec-pkcs8.key",
    "ed, ed-pkcs8.key",
    "rsa, rsa.key:ec.key"
  })
  void keysOfAllFormatsServe(String name, String keyFile) {
    assertThat(
            subjectServed(
                settings(
                    "CAs",
                    "ca.pem",
                    "CertFile",
                    name + ".pem",
                    "KeyFile",
                    keyFile,
                    "Password",
                    "secret")))
        .isEqualTo("CN=" + name);
  }

  @Test
  void oneFileMayHaveCertificateAndKey() {
    assertThat(subjectServed(settings("CAs", "ca.pem", "CertFile", "both.pem"))).isEqualTo("CN=ec");
    assertThat(
            subjectServed(settings("CAs", "ca.pem", "CertFile", "rsa.p12", "Password", "secret")))
        .isEqualTo("CN=rsa");
    assertThat(
            subjectServed(
                settings(
                    "CAs", "ca.pem", "CertFile", "rsa.pem:ec.pem", "KeyFile", "rsa.key:ec.key")))
        .isEqualTo("CN=rsa");
  }

  @ParameterizedTest
  @CsvSource({"mine", "''"})
  void aKeystoreOfJavaServes(String alias) {
    assertThat(
            subjectServed(
                settings(
                    "CAs",
                    "ca.pem",
                    "Keystore",
                    "rsa.p12",
                    "KeystoreType",
                    "PKCS12",
                    "KeystorePassword",
                    "secret",
                    "Alias",
                    alias)))
        .isEqualTo("CN=rsa");
    // The chain in the store names the authority too.
    assertThat(subjectServed(settings("Keystore", "rsa.p12", "KeystorePassword", "secret")))
        .isEqualTo("CN=rsa");
  }

  @ParameterizedTest
  @CsvSource({
    "CAs, ca.pem",
    "CAs, ca.der",
    "CAs, hashed",
    "CertAuthFile, ca.pem",
    "CertAuthDir, hashed",
    "Truststore, trust.jks"
  })
  void authoritiesAreReadFromAllFormats(String property, String value) {
    assertThat(
            subjectServed(
                settings(
                    property,
                    value,
                    "TruststorePassword",
                    "password",
                    "CertFile",
                    "ec.pem",
                    "KeyFile",
                    "ec.key")))
        .isEqualTo("CN=ec");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashed", "unhashed"})
  void onlyHashedNamesOfADirectoryCount(String name) {
    try (Party party = Party.with(settings("CAs", name))) {
      assertThat(party.log().isEmpty()).isEqualTo(name.equals("hashed"));
      assertThat(party.log()).allMatch(line -> line.contains("openssl rehash"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CertFile | none.pem   |            |        | no such file",
        "CertFile | empty.pem  |            |        | PKCS#12",
        "CertFile | broken.pem |            |        | malformed CERTIFICATE block",
        "CertFile | ec.key     |            |        | no certificate in it",
        "CertFile | rsa.p12    |            | wrong  | PKCS#12",
        "CertFile | ec.pem     |            |        | no private key in it",
        "KeyFile  | ec.pem     | none.key   |        | no such file",
        "KeyFile  | ec.pem     | ca.pem     |        | no private key in it",
        "KeyFile  | ec.pem     | client.key |        | not that of the certificate",
        "KeyFile  | rsa.pem    | ec.key     |        | not that of the certificate",
        "KeyFile  | rsa.pem    | rsa-aes256.key |    | IceSSL.Password is not set",
        "KeyFile  | rsa.pem    | rsa-aes256.key | no | IceSSL.Password does not fit",
        "KeyFile  | rsa.pem    | rsa-pkcs8.key  |    | IceSSL.Password is not set",
        "KeyFile  | rsa.pem    | rsa-pkcs8.key  | no | IceSSL.Password does not fit"
      })
  void anErrorNamesPropertyFileAndReason(
      String property, String certFile, String keyFile, String password, String reason) {
    Properties properties =
        settings(
            "CertFile", certFile,
            "KeyFile", keyFile == null ? "" : keyFile,
            "Password", password == null ? "" : password);
    String file = keyFile == null ? certFile : keyFile;
    assertFails(properties, "IceSSL." + property, file, reason);
  }

  private static void assertFails(Properties properties, String... parts) {
    assertThatThrownBy(() -> Party.with(properties).close())
        .isInstanceOfSatisfying(
            PluginInitializationException.class,
            ex -> assertThat(ex.reason).contains(List.of(parts)));
  }

  @Test
  void otherWrongSettingsAreNamed() {
    assertFails(settings("CAs", "none.pem"), "IceSSL.CAs", "none.pem", "no such file");
    assertFails(settings("CAs", "empty.pem"), "IceSSL.CAs", "empty.pem");
    assertFails(settings("CertAuthFile", "ec.key"), "IceSSL.CAs", "no certificate in it");
    assertFails(settings("Keystore", "ca.pem"), "IceSSL.Keystore", "ca.pem");
    assertFails(
        settings("Keystore", "rsa.p12", "KeystorePassword", "secret", "Alias", "x"),
        "IceSSL.Keystore",
        "\"x\"");
    assertFails(
        settings("Truststore", "trust.jks", "TruststorePassword", "no"), "IceSSL.Truststore");
    assertFails(settings("VerifyPeer", "3"), "IceSSL.VerifyPeer", "3");
    assertFails(settings("Protocols", "TLS1_4"), "IceSSL.Protocols", "TLS1_4");
    assertFails(settings("Protocols", "SSL3, TLS1_0"), "IceSSL.Protocols", "TLS1_0");
    assertFails(settings("TrustOnly", "!"), "IceSSL.TrustOnly");
    assertFails(settings("TrustOnly.Server.A", "CN=\"x"), "IceSSL.TrustOnly.Server.A");
    assertFails(settings("RevocationCheck", "1"), "IceSSL.RevocationCheck");
  }

  @Test
  void aServerWithoutCertificateSaysSo() {
    try (Party server = Party.with(settings("CAs", "ca.pem"))) {
      server.serve("ssl");
      assertThat(server.log()).anyMatch(line -> line.contains("IceSSL.CertFile"));
    }
  }

  @Test
  void ciphersInOtherNotationsAreNamedInAWarning() {
    try (Party party = Party.with(settings("Ciphers", "HIGH:!aNULL TLS_AES_128_GCM_SHA256"))) {
      assertThat(party.log()).anyMatch(line -> line.endsWith("HIGH, !aNULL"));
    }
  }
}
