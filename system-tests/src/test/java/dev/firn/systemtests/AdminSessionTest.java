package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Life and limits of administrative sessions. */
@EachImplementation
class AdminSessionTest {
  private Implementation implementation;
  private Lab lab;
  private RegistryProcess registry;
  private IceClient client;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
    registry = lab.registry(implementation).start();
    client = lab.client("Ice.Default.Locator=" + registry.locatorProxy());
  }

  @Test
  void aSessionBelongsToItsReplica() {
    AdminSession session = client.adminSession(registry);
    assertThat(session.session().call("getReplicaName").text()).isEqualTo("Master");
    assertThat(session.session().call("ice_id").text()).isEqualTo("::IceGrid::AdminSession");
    assertThat(session.admin().call("ice_id").text()).isEqualTo("::IceGrid::Admin");
    session.session().call("keepAlive");
    session.session().call("ice_ping");
    session.destroy();
  }

  @Test
  void eachSessionHasAnAdminOfItsOwn() {
    AdminSession first = client.adminSession(registry);
    AdminSession second = client.adminSession(registry);
    assertThat(first.admin().proxy()).isNotEqualTo(second.admin().proxy()).startsWith("IceGrid/");
    assertThat(first.session().call("getAdmin").proxy()).isEqualTo(first.admin().proxy());
    first.destroy();
    assertThat(first.admin().failure("getAllServerIds").type())
        .isEqualTo("Ice.ObjectNotExistException");
    assertThat(second.admin().call("getAllServerIds").items()).isEmpty();
    second.destroy();
  }

  @Test
  void aDestroyedSessionDoesNotExist() {
    AdminSession session = client.adminSession(registry);
    session.destroy();
    for (String operation :
        List.of("keepAlive", "destroy", "getAdmin", "ice_ping", "startUpdate")) {
      assertThat(session.session().failure(operation).type())
          .isEqualTo("Ice.ObjectNotExistException");
    }
  }

  @Test
  void anotherConnectionDoesNotSeeTheSession() {
    AdminSession session = client.adminSession(registry);
    IceClient stranger = lab.client();
    assertThat(
            stranger
                .at("IceGrid.AdminSession", session.session().proxy())
                .failure("keepAlive")
                .type())
        .isEqualTo("Ice.ObjectNotExistException");
    assertThat(
            stranger.at("IceGrid.Admin", session.admin().proxy()).failure("getAllServerIds").type())
        .isEqualTo("Ice.ObjectNotExistException");
    session.session().call("keepAlive");
    session.destroy();
    stranger.close();
  }

  @Test
  void aClosedConnectionEndsItsSessions() {
    IceClient own = lab.client();
    AdminSession session = own.adminSession(registry, "closing");
    registry.awaitConsole("Session: admin session `closing' created");
    session.session().connection("close");
    registry.awaitConsole("Session: admin session `closing' destroyed");
    assertThat(session.session().failure("keepAlive").type())
        .isEqualTo("Ice.ObjectNotExistException");
    own.close();
  }

  @Test
  void anEmptyUserIsRefused() {
    IceFailure failure = client.registry(registry).failure("createAdminSession", "", "secret");
    assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
    assertThat(failure.reason()).isEqualTo("empty user id");
    assertThat(client.registry(registry).failure("createSession", "", "secret").reason())
        .isEqualTo("empty user id");
  }

  @Test
  void secureSessionsNeedAVerifier() {
    IceFailure failure =
        client.registry(registry).failure("createAdminSessionFromSecureConnection");
    assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
    // The missing verifier is found before the missing TLS.
    assertThat(failure.reason())
        .startsWith("no ssl admin permissions verifier configured, use the property");
  }

  @Test
  void withoutVerifierNobodyGetsASession() {
    try (Lab bare = new Lab()) {
      RegistryProcess closed =
          bare.registry(implementation)
              .without("IceGrid.Registry.AdminPermissionsVerifier")
              .without("IceGrid.Registry.PermissionsVerifier")
              .start();
      IceClient visitor = bare.client();
      Map<String, String> calls =
          Map.of(
              "createAdminSession",
                  "no admin permissions verifier configured, use the property\n"
                      + "`IceGrid.Registry.AdminPermissionsVerifier' to configure\na permissions verifier.",
              "createSession",
                  "no permissions verifier configured, use the property\n"
                      + "`IceGrid.Registry.PermissionsVerifier' to configure\na permissions verifier.");
      calls.forEach(
          (operation, reason) -> {
            IceFailure failure = visitor.registry(closed).failure(operation, "user", "secret");
            assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
            assertThat(failure.reason()).isEqualTo(reason);
          });
      assertThat(visitor.registry(closed).failure("createSessionFromSecureConnection").reason())
          .isEqualTo(
              "no ssl permissions verifier configured, use the property\n"
                  + "`IceGrid.Registry.SSLPermissionsVerifier' to configure\na permissions verifier.");
    }
  }
}
