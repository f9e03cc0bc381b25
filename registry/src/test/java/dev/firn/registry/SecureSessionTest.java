package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Glacier2.SSLInfo;
import com.zeroc.Glacier2.SSLPermissionsVerifier;
import com.zeroc.Ice.Communicator;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.RegistryPrx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecureSessionTest {
  private static final String PLUGIN = "--Ice.Plugin.IceSSL=dev.firn.tls.TlsPluginFactory";

  @TempDir Path directory;
  private final List<SSLInfo> shown = new CopyOnWriteArrayList<>();
  private final TestRegistry verifiers = TestRegistry.start();
  private TestCertificates.Certificate server = unmade();
  private TestCertificates.Certificate alice = unmade();
  private TestRegistry registry = verifiers;

  @BeforeEach
  void start() throws Exception {
    server = TestCertificates.selfSigned(directory, "/CN=registry");
    alice = TestCertificates.selfSigned(directory, "/O=Firn/CN=alice");
    Path authorities = directory.resolve("authorities.pem");
    Files.writeString(authorities, server.pem() + alice.pem());
    String alicePem = alice.pem();
    SSLPermissionsVerifier verifier =
        (info, current) -> {
          shown.add(info);
          return new SSLPermissionsVerifier.AuthorizeResult(
              info.certs[0].equals(alicePem), "alice only");
        };
    registry =
        TestRegistry.start(
            PLUGIN,
            "--IceSSL.CertFile=" + server.file(),
            "--IceSSL.KeyFile=" + server.key(),
            "--IceSSL.CAs=" + authorities,
            "--IceSSL.VerifyPeer=1",
            "--IceGrid.Registry.AdminSSLPermissionsVerifier="
                + verifiers.internal().addWithUUID(verifier));
  }

  @AfterEach
  void stop() {
    registry.close();
    verifiers.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssl", "wss"})
  void aCertificatesSubjectIsTheSessionsId(String transport) throws Exception {
    RegistryPrx proxy = connect(transport, alice);

    assertThat(proxy.createAdminSessionFromSecureConnection().getAdmin().getAllApplicationNames())
        .containsExactly("CN=alice,O=Firn");
    assertThat(shown).hasSize(1);
    SSLInfo info = shown.get(0);
    assertThat(info.remoteHost).isEqualTo("127.0.0.1");
    assertThat(info.remotePort).isPositive();
    assertThat(info.cipher).isNotEmpty();
    assertThat(info.certs).startsWith(alice.pem());
  }

  @Test
  void theVerifierDecides() throws Exception {
    assertDenied(connect("ssl", server), "alice only");
    assertThat(registry.log()).contains("warning: login refused: user=CN=registry host=127.0.0.1");
  }

  @Test
  void withoutCertificateThereIsNoSession() throws Exception {
    assertDenied(connect("ssl"), "the client did not provide a certificate");
    assertThat(shown).isEmpty();
  }

  private RegistryPrx connect(String transport, TestCertificates.Certificate... own) {
    String authorities = "--IceSSL.CAs=" + directory.resolve("authorities.pem");
    Communicator client =
        own.length == 0
            ? registry.newClient(PLUGIN, authorities)
            : registry.newClient(
                PLUGIN,
                authorities,
                "--IceSSL.CertFile=" + own[0].file(),
                "--IceSSL.KeyFile=" + own[0].key());
    String endpoint = registry.clientEndpoint(transport);
    return RegistryPrx.uncheckedCast(client.stringToProxy("IceGrid/Registry:" + endpoint));
  }

  private static void assertDenied(RegistryPrx proxy, String reason) {
    assertThatThrownBy(proxy::createAdminSessionFromSecureConnection)
        .isInstanceOfSatisfying(
            PermissionDeniedException.class, ex -> assertThat(ex.reason).isEqualTo(reason));
  }

  private static TestCertificates.Certificate unmade() {
    return new TestCertificates.Certificate(Path.of(""), Path.of(""));
  }
}
