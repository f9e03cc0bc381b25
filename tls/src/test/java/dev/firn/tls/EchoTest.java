package dev.firn.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.ConnectionLostException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.TCPConnectionInfo;
import com.zeroc.Ice.WSConnectionInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client and server in one process. */
@Timeout(120)
class EchoTest {
  @TempDir static Path directory;

  private static Certificates certificates;

  private final List<Party> parties = new ArrayList<>();

  @BeforeAll
  static void issue() {
    certificates = new Certificates(directory).authority("ca");
    certificates
        .issue("ca", "server", "/CN=server")
        .issue("ca", "client", "/C=CH/O=Firn, tests/CN=client/emailAddress=a@b.c");
  }

  @AfterEach
  void end() {
    parties.forEach(Party::close);
  }

  private Party party(Properties properties) {
    Party party = Party.with(properties);
    parties.add(party);
    return party;
  }

  private Party party(String name) {
    return party(Party.properties(certificates, name));
  }

  @ParameterizedTest
  @CsvSource({
    "ssl, TLS1_2, TLSv1.2",
    "ssl, TLS1_3, TLSv1.3",
    "ssl, 'TLS1_0, TLS1_1, TLS1_2', TLSv1.2",
    "wss, TLS1_2, TLSv1.2",
    "wss, TLS1_3, TLSv1.3"
  })
  void bothSidesSeeEachOther(String transport, String protocols, String protocol) {
    Properties settings = Party.properties(certificates, "server");
    settings.setProperty("IceSSL.Protocols", protocols);
    settings.setProperty("IceSSL.Trace.Security", "1");
    Party server = party(settings);
    Party client = party("client");
    String endpoint = server.serve(transport);
    assertThat(endpoint).startsWith(transport + " -h 127.0.0.1 -p ");

    ObjectPrx echo = client.echo(endpoint);
    byte[] input = Party.encapsulated(new byte[] {1, 2, 3});
    assertThat(Party.call(echo, input)).isEqualTo(input);

    TlsConnectionInfo serving = tls(echo.ice_getConnection(), transport);
    assertThat(serving.incoming).isFalse();
    assertThat(serving.subject()).isEqualTo("CN=server");
    TlsConnectionInfo calling = tls(server.calls().get(0).con, transport);
    assertThat(calling.incoming).isTrue();
    assertThat(calling.adapterName).isEqualTo("Echo");
    assertThat(calling.subject()).isEqualTo("emailAddress=a@b.c,CN=client,O=Firn\\, tests,C=CH");
    assertThat(server.log()).anyMatch(line -> line.contains("protocol = " + protocol + "\n"));
  }

  private static TlsConnectionInfo tls(Connection connection, String transport) {
    var info = connection.getInfo();
    if (transport.equals("wss")) {
      assertThat(info).isInstanceOf(WSConnectionInfo.class);
      info = info.underlying;
    }
    assertThat(info).isInstanceOf(TlsConnectionInfo.class);
    TlsConnectionInfo tls = (TlsConnectionInfo) info;
    assertThat(tls.verified).isTrue();
    assertThat(tls.certs).hasSize(2);
    assertThat(tls.certs[1].getSubjectX500Principal().getName()).contains("CN=ca");
    assertThat(tls.cipher).startsWith("TLS_");
    assertThat(tls.underlying).isInstanceOf(TCPConnectionInfo.class);
    assertThat(((TCPConnectionInfo) tls.underlying).remoteAddress).isEqualTo("127.0.0.1");
    return tls;
  }

  @ParameterizedTest
  @CsvSource({"ssl, TLS1_2", "ssl, TLS1_3", "wss, TLS1_3"})
  void messagesOfAnySizeComeBack(String transport, String protocols) {
    Properties settings = Party.properties(certificates, "server");
    settings.setProperty("IceSSL.Protocols", protocols);
    Party server = party(settings);
    Properties clientSettings = Party.properties(certificates, "client");
    // Small socket buffers make for partial writes.
    clientSettings.setProperty("Ice.TCP.SndSize", "8192");
    ObjectPrx echo = party(clientSettings).echo(server.serve(transport));
    Random random = new Random(7);
    for (int bytes : new int[] {0, 1, 16_000, 16_384, 16_385, 33_000, 300_001, 20_000_000}) {
      byte[] content = new byte[bytes];
      random.nextBytes(content);
      byte[] input = Party.encapsulated(content);
      assertThat(Party.call(echo, input)).isEqualTo(input);
    }
  }

  @Test
  void manyOutstandingCallsShareAConnection() throws Exception {
    ObjectPrx echo = party("client").echo(party("server").serve("ssl"));
    List<CompletableFuture<?>> calls = new ArrayList<>();
    Random random = new Random(8);
    for (int call = 0; call < 500; call++) {
      byte[] content = new byte[random.nextInt(40_000)];
      random.nextBytes(content);
      byte[] input = Party.encapsulated(content);
      calls.add(
          echo.ice_invokeAsync("echo", com.zeroc.Ice.OperationMode.Normal, input)
              .thenAccept(result -> assertThat(result.outParams).isEqualTo(input)));
    }
    CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new)).get(60, TimeUnit.SECONDS);
  }

  @Test
  void twoHundredConnectionsAreServed() throws Exception {
    ObjectPrx echo = party("client").echo(party("server").serve("ssl"));
    byte[] input = Party.encapsulated(new byte[100]);
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int connection = 0; connection < 200; connection++) {
      calls.add(
          echo.ice_connectionId("c" + connection)
              .ice_invokeAsync("echo", com.zeroc.Ice.OperationMode.Normal, input)
              .thenAccept(result -> assertThat(result.outParams).isEqualTo(input)));
    }
    CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new)).get(60, TimeUnit.SECONDS);
  }

  @Test
  void aClosedConnectionIsReplaced() {
    Party server = party("server");
    ObjectPrx echo = party("client").echo(server.serve("ssl"));
    byte[] input = Party.encapsulated(new byte[10]);
    // A call that a forceful closure meets may have been served: only the others are repeated.
    for (ConnectionClose mode :
        List.of(ConnectionClose.Gracefully, ConnectionClose.GracefullyWithWait)) {
      Party.call(echo, input);
      Connection before = echo.ice_getConnection();
      server.calls().get(server.calls().size() - 1).con.close(mode);
      assertThat(Party.call(echo, input)).isEqualTo(input);
      Connection after = echo.ice_getConnection();
      assertThat(after).isNotSameAs(before);
      after.close(mode);
      assertThat(Party.call(echo, input)).isEqualTo(input);
    }
  }

  @Test
  void aServerThatEndsIsNoticed() {
    Party server = Party.of(certificates, "server");
    ObjectPrx echo = party("client").echo(server.serve("ssl"));
    Party.call(echo, Party.encapsulated(new byte[10]));
    CompletableFuture<Connection> closed = new CompletableFuture<>();
    echo.ice_getConnection().setCloseCallback(closed::complete);
    server.close();
    assertThat(closed.orTimeout(60, TimeUnit.SECONDS).join()).isNotNull();
    assertThatThrownBy(() -> echo.ice_ping())
        .isInstanceOf(com.zeroc.Ice.ConnectFailedException.class);
  }

  @Test
  void callsGoOnBesideStalledAndBrokenHandshakes() throws IOException {
    Party server = party("server");
    Party client = party("client");
    String endpoint = server.serve("ssl");
    int port = Integer.parseInt(endpoint.replaceAll(".*-p ([0-9]+).*", "$1"));
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int index = 0; index < 20; index++) {
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(silent);
        Socket half = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(half);
        // The start of a record of 512 bytes that never come.
        send(half, new byte[] {22, 3, 1, 2, 0, 1, 0});
        Socket garbage = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(garbage);
        send(garbage, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(plain);
        send(plain, new byte[] {'I', 'c', 'e', 'P', 1, 0, 1, 0, 3, 0, 14, 0, 0, 0});
        client.call(endpoint);
        // The server ends the connection: a reset, or an alert and the end.
        assertThat(drained(garbage)).isTrue();
        assertThat(drained(plain)).isTrue();
      }
      assertThat(server.calls()).hasSize(20);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    assertThat(server.log()).noneMatch(line -> line.startsWith("error"));
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  private static boolean drained(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    try {
      while (socket.getInputStream().read() >= 0) {
        // An alert.
      }
    } catch (java.net.SocketException ex) {
      // A reset, as the rest of the garbage was not read.
    }
    return true;
  }

  @Test
  void aStalledHandshakeEndsWithItsTimeout() throws IOException {
    Properties settings = Party.properties(certificates, "server");
    settings.setProperty("Ice.Override.ConnectTimeout", "300");
    Party server = party(settings);
    String endpoint = server.serve("ssl");
    int port = Integer.parseInt(endpoint.replaceAll(".*-p ([0-9]+).*", "$1"));
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(drained(silent)).isTrue();
    }
  }

  @Test
  void aPeerThatIsCutOffIsLost() throws Exception {
    try (Party server = Party.of(certificates, "server")) {
      String endpoint = server.serve("ssl");
      ObjectPrx echo = party("client").echo(endpoint).ice_connectionId("cut");
      Party.call(echo, Party.encapsulated(new byte[1]));
      Connection serverSide = server.calls().get(0).con;
      CompletableFuture<Throwable> reason = new CompletableFuture<>();
      serverSide.setCloseCallback(
          connection -> {
            try {
              connection.throwException();
            } catch (com.zeroc.Ice.LocalException ex) {
              reason.complete(ex);
            }
          });
      echo.ice_getConnection().close(ConnectionClose.Forcefully);
      assertThat(reason.get(60, TimeUnit.SECONDS))
          .isInstanceOfAny(
              ConnectionLostException.class, com.zeroc.Ice.CloseConnectionException.class);
    }
  }
}
