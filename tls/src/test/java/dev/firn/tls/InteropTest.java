package dev.firn.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ConnectionInfo;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With ZeroC's C++ run time on the other end. */
@Timeout(120)
class InteropTest {
  @TempDir static Path directory;

  private static Certificates certificates;

  @BeforeAll
  static void issue() {
    Peers.requirePythonIce();
    certificates = new Certificates(directory).authority("ca").authority("other-ca");
    certificates
        .issue("ca", "server", "/CN=server")
        .issue("ca", "client", "/O=Firn/CN=client")
        .issue("other-ca", "stranger", "/CN=stranger")
        .issueExpired("ca", "expired");
    certificates.openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout rsa.key -out rsa.pem -subj /CN=rsa");
  }

  private static String[] as(String name, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "IceSSL.CertFile=" + name + ".pem";
    all[1] = "IceSSL.KeyFile=" + name + ".key";
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }

  @ParameterizedTest
  @CsvSource({"ssl, TLS1_2", "ssl, TLS1_3", "wss, TLS1_3"})
  void theirClientCallsOurServer(String transport, String protocol) {
    Properties settings = Party.properties(certificates, "server");
    settings.setProperty("IceSSL.Protocols", protocol);
    try (Party server = Party.with(settings)) {
      Peers.Result result =
          PythonPeer.attempt(certificates, "call", server.serve(transport), "", as("client"));
      assertThat(result.output()).startsWith("OK ").endsWith(" 2");
      assertThat(result.exitCode()).isZero();
      assertThat(subjectOf(server)).isEqualTo("CN=client,O=Firn");
    }
  }

  private static String subjectOf(Party server) {
    ConnectionInfo info = server.callers().get(0);
    return ((TlsConnectionInfo) (info instanceof TlsConnectionInfo ? info : info.underlying))
        .subject();
  }

  @ParameterizedTest
  @CsvSource({"ssl, TLS1_2", "ssl, TLS1_3", "wss, TLS1_3"})
  void ourClientCallsTheirServer(String transport, String protocol) {
    Properties settings = Party.properties(certificates, "client");
    settings.setProperty("IceSSL.Protocols", protocol);
    try (PythonPeer server =
            PythonPeer.serve(certificates, transport + " -h 127.0.0.1", as("server"));
        Party client = Party.with(settings)) {
      ObjectPrx echo = client.echo(server.endpoint());
      Random random = new Random(9);
      for (int bytes : new int[] {0, 100, 16_384, 20_000_000}) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        byte[] input = Party.encapsulated(content);
        assertThat(Party.call(echo, input)).isEqualTo(input);
      }
      echo.ice_getConnection().close(com.zeroc.Ice.ConnectionClose.GracefullyWithWait);
      byte[] input = Party.encapsulated(new byte[1]);
      assertThat(Party.call(echo, input)).isEqualTo(input);
    }
  }

  /** With a key of the kind that the certificates of the other tests do not have. */
  @Test
  void keysOfRsaServeToo() {
    Properties settings = Party.properties(certificates, "rsa");
    settings.setProperty("IceSSL.VerifyPeer", "0");
    try (Party server = Party.with(settings)) {
      Peers.Result result =
          PythonPeer.attempt(certificates, "call", server.serve("ssl"), "", "IceSSL.CAs=rsa.pem");
      assertThat(result.output()).startsWith("OK ");
    }
  }

  @Test
  void theirsIsRefusedWithoutAGoodCertificate() {
    try (Party server = Party.with(Party.properties(certificates, "server"))) {
      String endpoint = server.serve("ssl");
      for (String[] bad :
          List.of(
              new String[0],
              as("stranger"),
              as("expired"),
              // Good for us, but its owner does not trust us.
              as("client", "IceSSL.CAs=other-ca.pem"))) {
        Peers.Result result = PythonPeer.attempt(certificates, "call", endpoint, "", bad);
        assertThat(result.exitCode()).describedAs(result.output()).isNotZero();
        assertThat(result.output()).containsPattern("Exception");
      }
      assertThat(server.calls()).isEmpty();
      assertThat(PythonPeer.attempt(certificates, "call", endpoint, "", as("client")).output())
          .startsWith("OK ");
    }
  }

  @Test
  void oursIsRefusedWithoutAGoodCertificate() {
    try (PythonPeer server =
        PythonPeer.serve(
            certificates, "ssl -h 127.0.0.1", as("server", "Ice.Warn.Connections=0"))) {
      for (String name : List.of("", "stranger", "expired")) {
        Properties settings =
            name.isEmpty() ? Party.bare(certificates) : Party.properties(certificates, name);
        settings.setProperty("IceSSL.CAs", "ca.pem");
        try (Party client = Party.with(settings)) {
          assertThatThrownBy(() -> client.call(server.endpoint()))
              .isInstanceOf(LocalException.class);
        }
      }
    }
  }

  @Test
  void proxiesAreMarshaledByteForByte() {
    String proxies =
        """
        x:ssl -h 1.2.3.4 -p 5
        x -o:ssl -h 1.2.3.4 -p 5 -t 600 -z
        x:ssl -h host.example -p 65000 -t infinite
        x:tcp -h 1.2.3.4 -p 1:ssl -h 1.2.3.4 -p 2:wss -h 1.2.3.4 -p 3 -r /path:ws -h h -p 4
        x:wss -h 1.2.3.4 -p 5 -t 7 -z
        """;
    try (Party server = Party.of(certificates, "server");
        Communicator plain = Util.initialize()) {
      Peers.Result result =
          PythonPeer.attempt(certificates, "tell", server.serve("ssl"), proxies, as("client"));
      assertThat(result.output()).isEqualTo("OK");
      assertThat(server.inputs()).hasSize(5);
      List<String> texts = proxies.lines().toList();
      for (int index = 0; index < texts.size(); index++) {
        byte[] sent = server.inputs().get(index);
        ObjectPrx proxy = server.communicator().stringToProxy(texts.get(index));
        assertThat(marshaled(server.communicator(), proxy)).isEqualTo(sent);
        assertThat(marshaled(server.communicator(), unmarshaled(server.communicator(), sent)))
            .isEqualTo(sent);
        assertThat(unmarshaled(server.communicator(), sent)).isEqualTo(proxy);
        // Without the plug-in the endpoints are opaque, also as text, and come back the same.
        ObjectPrx opaque = unmarshaled(plain, sent);
        assertThat(marshaled(plain, opaque)).isEqualTo(sent);
        assertThat(opaque.toString()).contains("opaque -t ");
        assertThat(server.communicator().stringToProxy(opaque.toString())).isEqualTo(proxy);
        assertThat(server.communicator().stringToProxy(proxy.toString())).isEqualTo(proxy);
      }
    }
  }

  private static ObjectPrx unmarshaled(Communicator communicator, byte[] parameters) {
    InputStream in = new InputStream(communicator, parameters);
    in.startEncapsulation();
    in.readString();
    return in.readProxy();
  }

  private static byte[] marshaled(Communicator communicator, ObjectPrx proxy) {
    OutputStream out = new OutputStream(communicator);
    out.startEncapsulation(Util.Encoding_1_1, com.zeroc.Ice.FormatType.DefaultFormat);
    out.writeString("a");
    out.writeProxy(proxy);
    out.endEncapsulation();
    return out.finished();
  }
}
