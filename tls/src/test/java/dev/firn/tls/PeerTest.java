package dev.firn.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.ConnectionLostException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.SecurityException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, by certificate and by name. */
@Timeout(60)
class PeerTest {
  @TempDir static Path directory;

  private static Certificates certificates;

  @BeforeAll
  static void issue() {
    certificates = new Certificates(directory).authority("ca").authority("other-ca");
    certificates
        .issue("ca", "server", "/O=Firn, Inc./CN=server/emailAddress=a@b.c")
        .issue("ca", "client", "/O=Firn/CN=client")
        .issue("other-ca", "stranger", "/CN=stranger")
        .issueExpired("ca", "expired")
        .issue("ca", "elsewhere", "/CN=elsewhere", "DNS:*.firn.example,IP:10.0.0.1", 2)
        .issue("ca", "nameless", "/CN=localhost", "email:a@b.c", 2);
  }

  private static Properties settings(String name, String... more) {
    Properties properties =
        name.isEmpty() ? Party.bare(certificates) : Party.properties(certificates, name);
    properties.setProperty("IceSSL.CAs", "ca.pem");
    for (int index = 0; index < more.length; index += 2) {
      properties.setProperty("IceSSL." + more[index], more[index + 1]);
    }
    return properties;
  }

  private static void connect(Properties serverSettings, Properties clientSettings) {
    connect(serverSettings, clientSettings, "127.0.0.1");
  }

  private static void connect(Properties serverSettings, Properties clientSettings, String host) {
    try (Party server = Party.with(serverSettings);
        Party client = Party.with(clientSettings)) {
      String endpoint = server.serve("ssl").replace("-h 127.0.0.1", "-h " + host);
      try {
        client.call(endpoint);
      } finally {
        assertThat(server.log()).noneMatch(line -> line.startsWith("error"));
      }
    }
  }

  private static void assertRefused(Properties serverSettings, Properties clientSettings) {
    assertThatThrownBy(() -> connect(serverSettings, clientSettings))
        .isInstanceOf(LocalException.class)
        .isInstanceOfAny(SecurityException.class, ConnectionLostException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLS1_2", "TLS1_3"})
  void aClientsCertificateIsNeededByDefault(String protocol) {
    connect(settings("server", "Protocols", protocol), settings("client"));
    assertRefused(settings("server", "Protocols", protocol), settings(""));
    assertRefused(settings("server", "Protocols", protocol), settings("stranger", "CAs", "ca.pem"));
    assertRefused(settings("server", "Protocols", protocol), settings("expired"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLS1_2", "TLS1_3"})
  void aClientsCertificateIsCheckedIfPresent(String protocol) {
    Properties server = settings("server", "Protocols", protocol, "VerifyPeer", "1");
    connect(server._clone(), settings("client"));
    connect(server._clone(), settings(""));
    assertRefused(server._clone(), settings("stranger"));
    assertRefused(server._clone(), settings("expired"));
  }

  @Test
  void withoutVerificationNobodyIsAskedForACertificate() {
    Properties server = settings("server", "VerifyPeer", "0");
    connect(server._clone(), settings(""));
    connect(server._clone(), settings("stranger"));
    try (Party serving = Party.with(server._clone());
        Party client = Party.with(settings("client"))) {
      client.call(serving.serve("ssl"));
      TlsConnectionInfo info = (TlsConnectionInfo) serving.calls().get(0).con.getInfo();
      assertThat(info.certs).isEmpty();
      assertThat(info.subject()).isEmpty();
      assertThat(info.verified).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stranger", "expired"})
  void aServersCertificateIsVerifiedUnlessToldNotTo(String name) {
    Properties server = settings(name, "VerifyPeer", "0");
    assertRefused(server._clone(), settings("client"));
    assertRefused(server._clone(), settings("client", "VerifyPeer", "1"));
    try (Party serving = Party.with(server._clone());
        Party client = Party.with(settings("client", "VerifyPeer", "0"))) {
      String endpoint = serving.serve("ssl");
      client.call(endpoint);
      TlsConnectionInfo info =
          (TlsConnectionInfo) client.echo(endpoint).ice_getConnection().getInfo();
      assertThat(info.verified).isFalse();
      assertThat(info.subject()).isEqualTo("CN=" + name);
    }
  }

  @Test
  void aRefusalSaysWhy() {
    assertThatThrownBy(() -> connect(settings("stranger", "VerifyPeer", "0"), settings("client")))
        .isInstanceOf(SecurityException.class)
        .satisfies(ex -> assertThat(ex.toString()).contains("CN=stranger"))
        .satisfies(ex -> assertThat(ex.toString()).contains("is not trusted"));
    assertThatThrownBy(() -> connect(settings("expired", "VerifyPeer", "0"), settings("client")))
        .satisfies(ex -> assertThat(ex.toString()).contains("NotAfter"));
    assertThatThrownBy(
            () -> connect(settings("server", "VerifyPeer", "0"), settings("", "CAs", "")))
        .satisfies(ex -> assertThat(ex.toString()).contains("IceSSL.CAs"));
  }

  /** As ZeroC's run time was seen to decide. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "true  | CN=server                        | -",
        "false | CN=other                         | -",
        "true  | CN=other                         | CN=server",
        "true  | CN=server                        | CN=other",
        "false | !CN=server                       | CN=server",
        "true  | !CN=other                        | -",
        "true  | -                                | !CN=other",
        "true  | CN=x;CN=server,O=\"Firn, Inc.\"  | -",
        "true  | O=Firn\\, Inc.,CN=server         | -",
        "false | O=Firn,CN=server                 | -",
        "true  | emailAddress=a@b.c               | -"
      })
  void serversAreTrustedByName(boolean isTrusted, String all, String client) {
    Properties clientSettings =
        settings(
            "client",
            "TrustOnly",
            all == null ? "" : all,
            "TrustOnly.Client",
            client == null ? "" : client,
            "TrustOnly.Server",
            "CN=nobody");
    if (isTrusted) {
      connect(settings("server"), clientSettings);
    } else {
      assertThatThrownBy(() -> connect(settings("server"), clientSettings))
          .isInstanceOf(SecurityException.class)
          .satisfies(ex -> assertThat(ex.toString()).contains("TrustOnly"));
    }
  }

  @Test
  void clientsAreTrustedByNameAndAdapter() {
    connect(settings("server", "TrustOnly.Server", "CN=client"), settings("client"));
    assertRefused(settings("server", "TrustOnly.Server", "CN=other"), settings("client"));
    connect(
        settings("server", "TrustOnly.Server", "CN=other", "TrustOnly.Server.Echo", "CN=client"),
        settings("client"));
    assertRefused(settings("server", "TrustOnly.Server.Echo", "!O=Firn"), settings("client"));
    connect(settings("server", "TrustOnly.Server.Another", "CN=other"), settings("client"));
    assertRefused(
        settings("server", "VerifyPeer", "1", "TrustOnly.Server", "CN=client"), settings(""));
  }

  @Test
  void chainsAreLimited() {
    connect(settings("server"), settings("client", "VerifyDepthMax", "2"));
    assertThatThrownBy(() -> connect(settings("server"), settings("client", "VerifyDepthMax", "1")))
        .isInstanceOf(SecurityException.class)
        .satisfies(ex -> assertThat(ex.toString()).contains("VerifyDepthMax"));
    connect(settings("server"), settings("client", "VerifyDepthMax", "0"));
  }

  @Test
  void namesAreCheckedOnlyIfToldTo() {
    connect(settings("elsewhere"), settings("client"));
    assertThatThrownBy(
            () -> connect(settings("elsewhere"), settings("client", "CheckCertName", "1")))
        .isInstanceOf(SecurityException.class)
        .satisfies(ex -> assertThat(ex.toString()).contains("127.0.0.1"));
    Properties checking = settings("client", "CheckCertName", "1");
    connect(settings("server"), checking._clone());
    connect(settings("server"), checking._clone(), "localhost");
    connect(settings("nameless"), checking._clone(), "localhost");
    assertThatThrownBy(() -> connect(settings("nameless"), checking._clone()))
        .isInstanceOf(SecurityException.class);
  }

  @Test
  void wildcardsStandForOneLabel() {
    assertThat(HostNames.matches("*.firn.example", "a.firn.example")).isTrue();
    assertThat(HostNames.matches("*.firn.example", "A.FIRN.example")).isTrue();
    assertThat(HostNames.matches("*.firn.example", "a.b.firn.example")).isFalse();
    assertThat(HostNames.matches("*.firn.example", "firn.example")).isFalse();
    assertThat(HostNames.matches("*.example", "firn.example")).isFalse();
    assertThat(HostNames.matches("*", "firn.example")).isFalse();
  }

  @Test
  void twoProtocolsWithoutACommonVersionSayTheyFail() {
    assertRefused(
        settings("server", "Protocols", "TLS1_2"), settings("client", "Protocols", "TLS1_3"));
    assertThatCode(
            () ->
                connect(
                    settings("server", "Ciphers", "TLS_AES_256_GCM_SHA384"), settings("client")))
        .doesNotThrowAnyException();
  }
}
