package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Glacier2.PermissionsVerifier;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.RegistryPrx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermissionsTest {
  private static final String ADMIN = "--IceGrid.Registry.AdminPermissionsVerifier=";

  private final List<TestRegistry> registries = new ArrayList<>();
  @TempDir Path directory;

  @AfterEach
  void stop() {
    registries.forEach(TestRegistry::close);
  }

  @Test
  void withoutVerifierNobodyIsPermitted() {
    RegistryPrx proxy = connect(TestRegistry.start(ADMIN));

    assertDenied(() -> proxy.createAdminSession("", ""), missing("", "admin ", "Admin"));
    assertDenied(() -> proxy.createSession("", ""), missing("", "", ""));
    assertDenied(
        proxy::createAdminSessionFromSecureConnection, missing("ssl ", "admin ", "AdminSSL"));
    assertDenied(proxy::createSessionFromSecureConnection, missing("ssl ", "", "SSL"));
  }

  @Test
  void aSlaveHasNoClientSessionsButAdminSessions() throws Exception {
    RegistryPrx proxy = connect(TestRegistry.startReplica("Slave1"));

    String reason = "client session creation is only allowed with the master registry.";
    assertDenied(() -> proxy.createSession("", ""), reason);
    assertDenied(proxy::createSessionFromSecureConnection, reason);
    assertThat(proxy.createAdminSession("alice", "").getReplicaName()).isEqualTo("Slave1");
  }

  @Test
  void aClientNeedsAName() throws Exception {
    RegistryPrx proxy =
        connect(
            TestRegistry.start(
                "--IceGrid.Registry.PermissionsVerifier=IceGrid/NullPermissionsVerifier"));

    assertDenied(() -> proxy.createSession("", ""), "empty user id");
    proxy.createSession("alice", "").destroy();
  }

  @Test
  void aConnectionInTheClearIsNotSecure() {
    RegistryPrx proxy =
        connect(
            TestRegistry.start(
                "--IceGrid.Registry.AdminSSLPermissionsVerifier=IceGrid/NullSSLPermissionsVerifier",
                "--IceGrid.Registry.SSLPermissionsVerifier=IceGrid/NullSSLPermissionsVerifier"));

    assertDenied(proxy::createAdminSessionFromSecureConnection, "not ssl connection");
    assertDenied(proxy::createSessionFromSecureConnection, "not ssl connection");
  }

  @Test
  void aNullVerifierIsKnownByAnInstanceNameWithBlanks() throws Exception {
    RegistryPrx proxy = connect(TestRegistry.startInstance("My Grid"));

    assertThat(proxy.createAdminSession("alice", "any").getReplicaName()).isEqualTo("Master");
    assertDenied(() -> proxy.createAdminSession("", ""), "empty user id");
  }

  @Test
  void aNullVerifierOfTheOtherKindIsInvalid() {
    TestRegistry registry = TestRegistry.start(ADMIN + "IceGrid/NullSSLPermissionsVerifier");

    assertDenied(
        () -> connect(registry).createAdminSession("alice", ""), missing("", "admin ", "Admin"));
    assertThat(registry.log())
        .contains("error: permissions verifier `IceGrid/NullSSLPermissionsVerifier' is invalid");
  }

  @Test
  void aMalformedVerifierIsReportedAndNotUsed() {
    TestRegistry registry = TestRegistry.start(ADMIN + "verifier:nonsense -x");

    assertDenied(
        () -> connect(registry).createAdminSession("alice", ""), missing("", "admin ", "Admin"));
    assertThat(registry.log())
        .anyMatch(
            line ->
                line.startsWith(
                    "error: permissions verifier `verifier:nonsense -x' is invalid:\n"));
  }

  @Test
  void passwordsAreCheckedAgainstAFile() throws Exception {
    TestRegistry registry =
        TestRegistry.start(ADMIN, "--IceGrid.Registry.AdminCryptPasswords=" + passwords());
    RegistryPrx proxy = connect(registry);

    proxy.createAdminSession("alice", "pässword").destroy();
    assertDenied(() -> proxy.createAdminSession("alice", "sesame"), "");
    assertDenied(() -> proxy.createAdminSession("mallory", "pässword"), "");
    proxy.createAdminSession("alice", "pässword").destroy();
    assertThat(registry.log()).contains("warning: login refused: user=alice host=127.0.0.1");
    assertThat(registry.log()).noneMatch(line -> line.contains("sesame"));
  }

  @Test
  void thePropertiesOfTheCryptPluginNameAFileToo() throws Exception {
    TestRegistry registry =
        TestRegistry.start(
            "--Ice.Plugin.Glacier2CryptPermissionsVerifier="
                + "Glacier2CryptPermissionsVerifier:createCryptPermissionsVerifier",
            "--Glacier2CryptPermissionsVerifier.IceGrid.Registry.AdminPermissionsVerifier="
                + passwords());
    RegistryPrx proxy = connect(registry);

    proxy.createAdminSession("alice", "pässword");
    assertDenied(() -> proxy.createAdminSession("bob", ""), "");
  }

  @Test
  void aRemoteVerifierIsToldAllAndDecides() throws Exception {
    TestRegistry registry = withVerifier(new TestVerifier());
    RegistryPrx proxy = connect(registry);

    assertThat(
            proxy.createAdminSession("alice", "sesame", Map.of("from", "a test")).getReplicaName())
        .isEqualTo("Master");
    assertDenied(() -> proxy.createAdminSession("alice", "sesame"), "context is {}");
    assertDenied(
        () -> proxy.createAdminSession("carol", "", Map.of("from", "a test")), "thrown for carol");
    assertThat(registry.log()).noneMatch(line -> line.contains("sesame"));
  }

  @Test
  void whatIsNoVerifierIsFoundOutAndNotUsed() {
    TestRegistry registry = withVerifier(new com.zeroc.Ice.Object() {});

    Eventually.await(
        "it is found out",
        () -> registry.log().stream().anyMatch(line -> line.endsWith("is invalid")));
    assertDenied(
        () -> connect(registry).createAdminSession("alice", ""), missing("", "admin ", "Admin"));
  }

  @Test
  void aVerifierThatCannotBeReachedDelaysNothing() {
    String endpoint = TestRegistry.endpoint();
    TestRegistry registry = start(TestRegistry.start(ADMIN + "verifier:" + endpoint));

    assertDenied(
        () -> connect(registry).createAdminSession("alice", "sesame"), "internal server error");
    String warning =
        "warning: couldn't contact permissions verifier `verifier:" + endpoint + "':\n";
    // Who was refused may know it before it is logged.
    Eventually.await(
        "the warning", () -> registry.log().stream().anyMatch(line -> line.startsWith(warning)));
    assertThat(registry.log())
        .anyMatch(
            line ->
                line.startsWith("Session: exception while verifying the permissions of `alice'"))
        .noneMatch(line -> line.contains("sesame"));
  }

  @Test
  void aVerifierThatHangsDoesNotHoldUpTheRegistrysEnd() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    PermissionsVerifier hanging =
        (userId, password, current) -> {
          asked.countDown();
          try {
            end.await();
          } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
          }
          return new PermissionsVerifier.CheckPermissionsResult(true, "");
        };
    TestRegistry registry = withVerifier(hanging);
    var login = connect(registry).createAdminSessionAsync("alice", "");
    asked.await();

    registries.remove(registry);
    registry.sessions().deactivate();
    registry.communicator().shutdown();
    registry.communicator().waitForShutdown();

    assertThatThrownBy(login::join).hasCauseInstanceOf(com.zeroc.Ice.ObjectNotExistException.class);
    end.countDown();
    registry.close();
  }

  private static final class TestVerifier implements PermissionsVerifier {
    @Override
    public CheckPermissionsResult checkPermissions(String userId, String password, Current current)
        throws com.zeroc.Glacier2.PermissionDeniedException {
      if (userId.equals("carol")) {
        throw new com.zeroc.Glacier2.PermissionDeniedException("thrown for carol");
      }
      boolean permitted =
          userId.equals("alice")
              && password.equals("sesame")
              && current.ctx.equals(Map.of("from", "a test"));
      return new CheckPermissionsResult(permitted, "context is " + current.ctx);
    }
  }

  private TestRegistry withVerifier(com.zeroc.Ice.Object verifier) {
    TestRegistry elsewhere = start(TestRegistry.start());
    ObjectAdapter adapter =
        elsewhere
            .communicator()
            .createObjectAdapterWithEndpoints("Verifier", TestRegistry.endpoint());
    ObjectPrx proxy = adapter.addWithUUID(verifier);
    adapter.activate();
    return start(TestRegistry.start(ADMIN + proxy));
  }

  private RegistryPrx connect(TestRegistry registry) {
    start(registry);
    return registry.registry(registry.newClient());
  }

  private TestRegistry start(TestRegistry registry) {
    if (!registries.contains(registry)) {
      registries.add(0, registry); // Closed before those that serve it.
    }
    return registry;
  }

  private Path passwords() throws IOException {
    return Files.writeString(
        directory.resolve("passwords"), "alice $1$abcdefgh$6qENbeetgn0exf.OCTQaP0\n");
  }

  private static String missing(String ssl, String admin, String property) {
    return "no "
        + ssl
        + admin
        + "permissions verifier configured, use the property\n`IceGrid.Registry."
        + property
        + "PermissionsVerifier' to configure\na permissions verifier.";
  }

  private static void assertDenied(ThrowingCallable call, String reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PermissionDeniedException.class, ex -> assertThat(ex.reason).isEqualTo(reason));
  }
}
