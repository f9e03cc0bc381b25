package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Verifiers in other processes. */
@EachImplementation
class PermissionsVerifierTest {
  private Implementation implementation;
  private Lab lab;
  private RegistryProcess registry;
  private IceClient client;
  private IceClient verifiers;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
    int port = Ports.free();
    verifiers = lab.client();
    verifiers.adapter("Verifiers", "Endpoints=tcp -h 127.0.0.1 -p " + port);
    verifiers.servant("Verifiers", "clients", "verifier", Map.of("users", Map.of("anna", "a1")));
    verifiers.servant("Verifiers", "admins", "verifier", Map.of("users", Map.of("chief", "c1")));
    verifiers.activate("Verifiers");
    registry =
        lab.registry(implementation)
            .with("IceGrid.Registry.PermissionsVerifier", "clients:tcp -h 127.0.0.1 -p " + port)
            .with("IceGrid.Registry.AdminPermissionsVerifier", "admins:tcp -h 127.0.0.1 -p " + port)
            .start();
    client = lab.client();
  }

  @Test
  void theVerifierDecides() {
    Remote remote = client.registry(registry);
    client.at("IceGrid.Session", remote.call("createSession", "anna", "a1")).call("destroy");
    AdminSession.of(client, remote.call("createAdminSession", "chief", "c1")).destroy();
    assertThat(remote.failure("createSession", "anna", "wrong").reason()).isEmpty();
    assertThat(remote.failure("createSession", "chief", "c1").reason()).isEmpty();
    assertThat(remote.failure("createAdminSession", "anna", "a1").reason()).isEmpty();
  }

  @Test
  void itsReasonsReachTheClient() {
    for (String operation : List.of("createSession", "createAdminSession")) {
      IceFailure refused = client.registry(registry).failure(operation, "refused", "x");
      assertThat(refused.type()).isEqualTo("IceGrid.PermissionDeniedException");
      assertThat(refused.reason()).isEqualTo("refused by answer");
      IceFailure denied = client.registry(registry).failure(operation, "denied", "x");
      assertThat(denied.type()).isEqualTo("IceGrid.PermissionDeniedException");
      assertThat(denied.reason()).isEqualTo("denied by exception");
    }
  }

  @Test
  void itsBugsAreNotTold() {
    IceFailure failure = client.registry(registry).failure("createSession", "broken", "x");
    assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
    assertThat(failure.reason()).isEqualTo("internal server error");
  }

  @Test
  void theRequestContextIsPassedOn() {
    Json session =
        client
            .registry(registry)
            .callWithContext(Map.of("from", "here"), "createAdminSession", "chief", "c1");
    Json seen =
        verifiers.events("admins").stream()
            .filter(e -> e.get("context").has("from"))
            .findFirst()
            .orElseThrow();
    assertThat(seen.get("context").get("from").text()).isEqualTo("here");
    assertThat(seen.get("args").item(0).text()).isEqualTo("chief");
    AdminSession.of(client, session).destroy();
  }

  @Test
  void anAbsentVerifierIsUsedOnceItIsThere() {
    int port = Ports.free();
    RegistryProcess early =
        lab.registry(implementation, "Early")
            .named("Master")
            .with("IceGrid.Registry.AdminPermissionsVerifier", "late:tcp -h 127.0.0.1 -p " + port)
            .start();
    early.awaitConsole("couldn't contact permissions verifier `");
    assertThat(client.registry(early).failure("createAdminSession", "chief", "c1").reason())
        .isEqualTo("internal server error");
    verifiers.adapter("Late", "Endpoints=tcp -h 127.0.0.1 -p " + port);
    verifiers.servant("Late", "late", "verifier", Map.of("users", Map.of("chief", "c1")));
    verifiers.activate("Late");
    AdminSession.of(client, client.registry(early).call("createAdminSession", "chief", "c1"))
        .destroy();
    verifiers.deactivate("Late");
    early.terminate();
  }

  @Test
  void anIndirectVerifierIsFoundThroughTheRegistryItself() {
    RegistryProcess self =
        lab.registry(implementation, "Self")
            .named("Master")
            .with("IceGrid.Registry.AdminPermissionsVerifier", "inside @ VerifierAdapter")
            .start();
    IceClient server = lab.client("Ice.Default.Locator=" + self.locatorProxy());
    server.adapter("Inside", "Endpoints=tcp -h 127.0.0.1", "AdapterId=VerifierAdapter");
    server.servant("Inside", "inside", "verifier", Map.of("users", Map.of("chief", "c2")));
    server.activate("Inside");
    AdminSession.of(client, client.registry(self).call("createAdminSession", "chief", "c2"))
        .destroy();
    server.close();
    self.terminate();
  }

  @Test
  void anObjectThatIsNoVerifierCountsAsNone() {
    int port = Ports.free();
    verifiers.adapter("Wrong", "Endpoints=tcp -h 127.0.0.1 -p " + port);
    verifiers.servant("Wrong", "wrong", "echo", Map.of("types", List.of("::Test::Wrong")));
    verifiers.activate("Wrong");
    RegistryProcess misled =
        lab.registry(implementation, "Misled")
            .named("Master")
            .with("IceGrid.Registry.AdminPermissionsVerifier", "wrong:tcp -h 127.0.0.1 -p " + port)
            .with("IceGrid.Registry.PermissionsVerifier", "not a proxy: at all")
            .start();
    misled.awaitConsole("permissions verifier `");
    misled.awaitConsole("' is invalid");
    assertThat(client.registry(misled).failure("createAdminSession", "chief", "c1").reason())
        .startsWith("no admin permissions verifier configured");
    assertThat(client.registry(misled).failure("createSession", "anna", "a1").reason())
        .startsWith("no permissions verifier configured");
    misled.terminate();
  }
}
