package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A master and slaves that speak TLS with each other and with administrators, by the properties of
 * ZeroC's configuration files; certificates decide who is who.
 */
@EachMix
class SecureReplicationTest {
  private static final String DENIED = "connection to master was denied:";

  private Lab lab;
  private Mix mix;
  private Certificates certificates;
  private RegistryProcess master;
  private int masterPort;
  private IceClient client;

  @Initializer
  void start(Lab lab, Mix mix) {
    this.lab = lab;
    this.mix = mix;
    certificates = new Certificates(lab);
    certificates.issue("master", "/O=Firn tests/CN=Master");
    certificates.issue("replica1", "/O=Firn tests/CN=Replica1");
    certificates.issue("admin", "/O=Firn tests/CN=Chief");
    master = lab.registry(mix.master());
    masterPort = secure(master, "master");
    master.with("IceGrid.Registry.RequireReplicaCertCN", "1").start();
    client = certificates.client("admin");
  }

  /** Gives all adapters TLS endpoints, and the client adapter one without for the test itself. */
  private int secure(RegistryProcess registry, String certificate) {
    int port = Ports.free();
    certificates.pemProperties(certificate).forEach(property -> set(registry, property));
    registry
        .with(
            "IceGrid.Registry.Client.Endpoints",
            registry.endpoint() + ":ssl -h 127.0.0.1 -p " + port)
        .with("IceGrid.Registry.Server.Endpoints", "ssl -h 127.0.0.1")
        .with("IceGrid.Registry.Internal.Endpoints", "ssl -h 127.0.0.1")
        .with("IceGrid.Registry.AdminSSLPermissionsVerifier", "IceGrid/NullSSLPermissionsVerifier");
    return port;
  }

  private static void set(RegistryProcess registry, String property) {
    int equals = property.indexOf('=');
    registry.with(property.substring(0, equals), property.substring(equals + 1));
  }

  private String secureLocator() {
    return "IceGrid/Locator:ssl -h 127.0.0.1 -p " + masterPort;
  }

  private RegistryProcess slave(String name, String certificate) {
    RegistryProcess slave = lab.registry(mix.replica1(), name);
    secure(slave, certificate);
    return slave.with("Ice.Default.Locator", secureLocator());
  }

  @Test
  void aSlaveWithItsOwnCertificateFollows() {
    RegistryProcess slave = slave("Replica1", "replica1").start();
    Cluster.awaitConnected(client, master, "Replica1");
    AdminSession session = client.adminSession(master);
    session.addObject("secret:ssl -h 127.0.0.1 -p 1", "::Secret");
    assertThat(client.query(slave).call("findObjectById", identityOf("secret")).proxy())
        .contains("ssl -h 127.0.0.1 -p 1 ");
    Json locatorRegistry = client.locator(slave).call("getRegistry");
    assertThat(locatorRegistry.proxy()).contains(":ssl ").doesNotContain(":tcp ");
    client
        .at("Ice.LocatorRegistry", locatorRegistry)
        .call("setAdapterDirectProxy", "Safe", proxyOf("dummy:ssl -h 127.0.0.1 -p 2"));
    for (RegistryProcess registry : List.of(master, slave)) {
      assertThat(client.locator(registry).call("findAdapterById", "Safe").proxy())
          .contains("ssl -h 127.0.0.1 -p 2 ");
    }
    Await.asserted(
        () ->
            assertThat(Cluster.content(client, slave)).isEqualTo(Cluster.content(client, master)));
    slave.terminate();
    session.removeObject("secret");
    session.destroy();
    Cluster.awaitConnected(client, master);
  }

  @Test
  void theCertificateOfAnotherReplicaIsRefused() {
    RegistryProcess impostor = slave("Replica2", "replica1").start();
    impostor.awaitConsole(DENIED);
    impostor.awaitConsole("certificate CN doesn't match replica name `Replica2'");
    assertThat(Cluster.connected(client, master)).doesNotContain("Replica2");
    impostor.terminate();
  }

  @Test
  void aSlaveWithoutTlsIsRefused() {
    // A master that could be reached without.
    RegistryProcess open =
        lab.registry(mix.master(), "open")
            .named("Master")
            .with("IceGrid.Registry.RequireReplicaCertCN", "1")
            .start();
    RegistryProcess plain =
        lab.registry(mix.replica1(), "Replica3")
            .with("Ice.Default.Locator", open.locatorProxy())
            .start();
    plain.awaitConsole(DENIED);
    plain.awaitConsole("replica certificate is required to connect to this registry");
    plain.terminate();
    open.terminate();
  }

  @Test
  void administratorsLogInWithTheirCertificates() {
    for (Implementation implementation : Implementation.tested().toList()) {
      List<String> arguments = new ArrayList<>();
      certificates.pemProperties("admin").forEach(property -> arguments.add("--" + property));
      arguments.addAll(
          List.of(
              "--Ice.Default.Locator=" + secureLocator(),
              "--ssl",
              "-e",
              "registry list",
              "-e",
              "object add 'by-tls:ssl -h 127.0.0.1 -p 1' ::ByTls",
              "-e",
              "object remove by-tls"));
      AdminTool.Result result = lab.admin(implementation).bare(arguments.toArray(String[]::new));
      assertThat(result.exit()).as(implementation + ": " + result.all()).isZero();
      assertThat(result.out().lines()).contains("Master");
    }
  }

  @Test
  void administratorsWithoutTlsAreRefused() {
    for (Implementation implementation : Implementation.tested().toList()) {
      AdminTool.Result result =
          lab.admin(implementation)
              .bare(
                  "--Ice.Default.Locator=" + master.locatorProxy(), "--ssl", "-e", "registry list");
      assertThat(result.exit()).as(implementation + ": " + result.all()).isEqualTo(1);
      assertThat(result.all()).contains("permission denied:\nnot ssl connection");
    }
  }
}
