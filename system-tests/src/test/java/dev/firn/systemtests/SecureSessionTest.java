package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** TLS endpoints and sessions for who holds a certificate. */
@EachImplementation
class SecureSessionTest {
  private Lab lab;
  private RegistryProcess registry;
  private Certificates certificates;
  private IceClient verifiers;
  private String secureRegistry;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    certificates = new Certificates(lab);
    certificates.issue("server", "/O=Firn tests/CN=registry");
    certificates.issue("anna", "/C=CH/O=Firn tests/OU=R\\+D/CN=Anna");
    int verifierPort = Ports.free();
    verifiers = lab.client();
    verifiers.adapter("Verifiers", "Endpoints=tcp -h 127.0.0.1 -p " + verifierPort);
    verifiers.servant("Verifiers", "welcoming", "secureVerifier", Map.of("accept", true));
    verifiers.servant("Verifiers", "refusing", "secureVerifier", Map.of("accept", false));
    verifiers.activate("Verifiers");
    int securePort = Ports.free();
    registry = lab.registry(implementation);
    certificates
        .secure(registry, "server")
        .with(
            "IceGrid.Registry.Client.Endpoints",
            registry.endpoint() + ":ssl -h 127.0.0.1 -p " + securePort)
        .with(
            "IceGrid.Registry.AdminSSLPermissionsVerifier",
            "welcoming:tcp -h 127.0.0.1 -p " + verifierPort)
        .with(
            "IceGrid.Registry.SSLPermissionsVerifier",
            "refusing:tcp -h 127.0.0.1 -p " + verifierPort)
        .start();
    secureRegistry = "IceGrid/Registry:ssl -h 127.0.0.1 -p " + securePort;
  }

  @Test
  void aCertificateOpensASession() {
    IceClient anna = certificates.client("anna");
    AdminSession session =
        AdminSession.of(
            anna,
            anna.at("IceGrid.Registry", secureRegistry)
                .call("createAdminSessionFromSecureConnection"));
    assertThat(session.admin().call("getAllServerIds").items()).isEmpty();

    Json shown = verifiers.awaitEvent("welcoming", "authorize").get("args").item(0);
    assertThat(shown.get("certs").item(0).text().replaceAll("\\s", ""))
        .isEqualTo(certificates.pem("anna").replaceAll("\\s", ""));
    assertThat(shown.get("remoteHost").text()).isEqualTo("127.0.0.1");
    assertThat(shown.get("localHost").text()).isEqualTo("127.0.0.1");
    assertThat(shown.get("remotePort").number()).isPositive();
    assertThat(shown.get("cipher").text()).isNotEmpty();

    session.session().call("startUpdate");
    IceClient other = lab.client();
    assertThat(
            other
                .adminSession(registry, "other")
                .session()
                .failure("startUpdate")
                .field("lockUserId")
                .text())
        .isEqualTo("CN=Anna,OU=R\\+D,O=Firn tests,C=CH");
    session.destroy();
    anna.close();
    other.close();
  }

  @Test
  void theVerifierMayRefuse() {
    IceClient anna = certificates.client("anna");
    IceFailure failure =
        anna.at("IceGrid.Registry", secureRegistry).failure("createSessionFromSecureConnection");
    assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
    assertThat(failure.reason()).isEqualTo("certificate not welcome");
    anna.close();
  }

  @Test
  void aConnectionWithoutTlsIsRefused() {
    IceClient plain = lab.client();
    for (String operation :
        List.of("createSessionFromSecureConnection", "createAdminSessionFromSecureConnection")) {
      IceFailure failure = plain.registry(registry).failure(operation);
      assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
      assertThat(failure.reason()).isEqualTo("not ssl connection");
    }
    plain.close();
  }

  @Test
  void aClientWithoutCertificateIsRefused() {
    IceClient anonymous = certificates.client("");
    IceFailure failure =
        anonymous
            .at("IceGrid.Registry", secureRegistry)
            .failure("createSessionFromSecureConnection");
    assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
    // Peers before 3.7.12 say that the name is empty.
    assertThat(failure.reason())
        .isEqualTo(
            registry.isFirn() ? "the client did not provide a certificate" : "empty user DN");
    anonymous.close();
  }

  @Test
  void passwordsWorkOverTlsToo() {
    IceClient anonymous = certificates.client("");
    AdminSession.of(
            anonymous,
            anonymous.at("IceGrid.Registry", secureRegistry).call("createAdminSession", "u", "p"))
        .destroy();
    anonymous.close();
  }
}
