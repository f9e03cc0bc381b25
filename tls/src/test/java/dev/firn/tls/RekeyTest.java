package dev.firn.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Properties;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What TLS may do after the handshake. */
@Timeout(60)
class RekeyTest {
  @TempDir Path directory;

  private Certificates certificates() {
    return new Certificates(directory)
        .authority("ca")
        .issue("ca", "server", "/CN=server")
        .issue("ca", "client", "/CN=client");
  }

  @Test
  void renegotiationIsRefused() throws Exception {
    Properties settings = Party.properties(certificates(), "server");
    settings.setProperty("IceSSL.Protocols", "TLS1_2");
    settings.setProperty("IceSSL.VerifyPeer", "0");
    SSLContext context = SSLContext.getInstance("TLS");
    PeerVerifier verifier = new PeerVerifier(Set.of(), List.of(), 0);
    context.init(null, new TrustManager[] {new PeerTrustManager(verifier, false)}, null);
    try (Party server = Party.with(settings)) {
      int port = Integer.parseInt(server.serve("ssl").replaceAll(".*-p ([0-9]+).*", "$1"));
      try (SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        // The server has the first word, with which its side of the handshake is over too.
        assertThat(socket.getInputStream().readNBytes(14)).startsWith('I', 'c', 'e', 'P');
        // This only sends the client's first message; the answer comes with the next read.
        socket.startHandshake();
        assertThat(isEnded(socket)).isTrue();
      }
    }
  }

  /** A server that goes along leaves the read to time out, as it has no more to say. */
  private static boolean isEnded(SSLSocket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException ex) {
      return false;
    } catch (SocketException | SSLException ex) {
      return true;
    }
  }

  /** In a process of its own, as the JDK reads the limit once. */
  @Test
  void keysAreUpdatedUnderWay() throws IOException {
    certificates();
    Path limits = directory.resolve("java.security");
    Files.writeString(limits, "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^16\n");
    Peers.Result result =
        Peers.attempt(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.security.properties=" + limits,
                "-Djavax.net.debug=ssl:handshake",
                "-cp",
                System.getProperty("java.class.path"),
                Rekeying.class.getName(),
                directory.toString()));
    assertThat(result.output()).contains("DONE").contains("KeyUpdate");
    assertThat(result.exitCode()).isZero();
  }
}
