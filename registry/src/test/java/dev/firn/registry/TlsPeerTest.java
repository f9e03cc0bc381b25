package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Glacier2.SSLInfo;
import com.zeroc.Ice.TCPConnectionInfo;
import com.zeroc.Ice.WSConnectionInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsPeerTest {
  @TempDir Path directory;

  /** OpenSSL's own rendering is what ZeroC's registry takes as session id. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/C=CH/O=Firn AG/OU=Test/CN=Alice",
        "/CN=Müller, \\\"Bob\\\" <b\\+c>;#x",
        "/CN=#lead/O= blanks /L=Genève",
        "/CN=a=#b\\\\#c=/O=\\\\",
        "/CN=alice/emailAddress=alice@example.com",
        "/DC=com/DC=example/UID=al/ST=Zug/L=Zug/street=Weg 1",
        "/CN=a/SN=Last/GN=First/title=Dr/serialNumber=42/initials=AL/pseudonym=x/name=n"
      })
  void subjectsReadAsOpensslWritesThem(String subject) throws Exception {
    TestCertificates.Certificate made = TestCertificates.selfSigned(directory, subject);
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "x509",
                "-in",
                made.file().toString(),
                "-noout",
                "-subject",
                "-nameopt",
                "RFC2253")
            .start();
    String expected =
        new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .replaceFirst("^subject=\\s*", "");

    assertThat(TlsPeer.subject(made.certificate())).isEqualTo(expected);
  }

  @Test
  void aVerifierIsShownTheConnectionAndTheChainAsPem() throws Exception {
    TestCertificates.Certificate made = TestCertificates.selfSigned(directory, "/CN=Alice");
    TCPConnectionInfo tcp = new TCPConnectionInfo();
    tcp.remoteAddress = "10.0.0.1";
    tcp.remotePort = 1;
    tcp.localAddress = "10.0.0.2";
    tcp.localPort = 2;

    SSLInfo info = new TlsPeer(Optional.of(tcp), "CIPHER", List.of(made.certificate())).sslInfo();

    assertThat(info)
        .isEqualTo(new SSLInfo("10.0.0.1", 1, "10.0.0.2", 2, "CIPHER", new String[] {made.pem()}));
    SSLInfo withoutIp = new TlsPeer(Optional.empty(), "", List.of()).sslInfo();
    assertThat(withoutIp).isEqualTo(new SSLInfo("", 0, "", 0, "", new String[0]));
  }

  @Test
  void aConnectionInTheClearIsNone() {
    assertThat(TlsPeer.of(new TCPConnectionInfo())).isEmpty();
    WSConnectionInfo webSocket = new WSConnectionInfo();
    webSocket.underlying = new TCPConnectionInfo();
    assertThat(TlsPeer.of(webSocket)).isEmpty();
  }
}
