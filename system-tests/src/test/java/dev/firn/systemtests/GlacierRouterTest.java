package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Administrators who come through a Glacier2 router. */
@EachImplementation
class GlacierRouterTest {
  private static final String[] COMMANDS = {
    "registry list",
    "registry describe Master",
    "object add 'routed:tcp -h 127.0.0.1 -p 1' ::Routed",
    "object describe routed",
    "object list",
    "object remove routed",
    "adapter list"
  };

  private Lab lab;
  private Certificates certificates;
  private RegistryProcess registry;
  private String router;
  private String secureRouter;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    Peers.require("glacier2router");
    certificates = new Certificates(lab);
    certificates.issue("router", "/O=Firn tests/CN=Router");
    certificates.issue("chief", "/O=Firn tests/CN=Chief");
    registry =
        lab.registry(implementation)
            .with("IceGrid.Registry.AdminSessionManager.Endpoints", "tcp -h 127.0.0.1")
            .start();
    int port = Ports.free();
    int securePort = Ports.free();
    router = "Glacier2/router:tcp -h 127.0.0.1 -p " + port;
    secureRouter = "Glacier2/router:ssl -h 127.0.0.1 -p " + securePort;
    startRouter(registry, "tcp -h 127.0.0.1 -p " + port + ":ssl -h 127.0.0.1 -p " + securePort);
  }

  private void startRouter(RegistryProcess behind, String endpoints) {
    List<String> command = new ArrayList<>();
    command.add("glacier2router");
    certificates.pemProperties("router").forEach(property -> command.add("--" + property));
    command.addAll(
        List.of(
            "--Glacier2.InstanceName=Glacier2",
            "--Glacier2.Client.Endpoints=" + endpoints,
            "--Glacier2.Server.Endpoints=tcp -h 127.0.0.1",
            "--Glacier2.SessionManager=IceGrid/AdminSessionManager",
            "--Glacier2.PermissionsVerifier=Glacier2/NullPermissionsVerifier",
            "--Glacier2.SSLSessionManager=IceGrid/AdminSSLSessionManager",
            "--Glacier2.SSLPermissionsVerifier=Glacier2/NullSSLPermissionsVerifier",
            "--Ice.Default.Locator=" + behind.locatorProxy(),
            "--Ice.PrintAdapterReady=1"));
    ChildProcess process = lab.process("glacier2router", command);
    Await.until(
        "the router is ready",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("ended:\n" + process.err());
          }
          return process.out().contains("Glacier2.Client ready");
        });
  }

  private static List<String> commands() {
    List<String> arguments = new ArrayList<>();
    for (String command : COMMANDS) {
      arguments.add("-e");
      arguments.add(command);
    }
    return arguments;
  }

  private static void expectWork(AdminTool.Result result) {
    assertThat(result.exit()).as(result.all()).isZero();
    assertThat(result.out()).contains("Master", "::Routed", "routed", "IceGrid/Query");
  }

  private AdminTool.Result logIn(Implementation tool, String through) {
    List<String> arguments = new ArrayList<>(List.of("--Ice.Default.Router=" + through));
    arguments.addAll(List.of("-u", "visitor", "-p", "secret"));
    arguments.addAll(commands());
    return lab.admin(tool).bare(arguments.toArray(String[]::new));
  }

  @Test
  void aPasswordOpensASessionThroughTheRouter() {
    for (Implementation tool : Implementation.tested().toList()) {
      expectWork(logIn(tool, router));
    }
    registry.awaitConsole("admin session `visitor' created");
    registry.awaitConsole("admin session `visitor' destroyed");
  }

  @Test
  void aCertificateOpensASessionThroughTheRouter() {
    for (Implementation tool : Implementation.tested().toList()) {
      List<String> arguments = new ArrayList<>(List.of("--Ice.Default.Router=" + secureRouter));
      certificates.pemProperties("chief").forEach(property -> arguments.add("--" + property));
      arguments.add("--ssl");
      arguments.addAll(commands());
      expectWork(lab.admin(tool).bare(arguments.toArray(String[]::new)));
    }
    registry.awaitConsole("admin session `CN=Chief,O=Firn tests' created");
    registry.awaitConsole("admin session `CN=Chief,O=Firn tests' destroyed");
  }

  @Test
  void aFilteringRouterLetsTheSessionsOwnObjectsThrough() {
    RegistryProcess filtered =
        lab.registry(registry.implementation(), "Filtered")
            .named("Master")
            .with("IceGrid.Registry.AdminSessionManager.Endpoints", "tcp -h 127.0.0.1")
            .with("IceGrid.Registry.AdminSessionFilters", "1")
            .start();
    int port = Ports.free();
    startRouter(filtered, "tcp -h 127.0.0.1 -p " + port);
    for (Implementation tool : Implementation.tested().toList()) {
      expectWork(logIn(tool, "Glacier2/router:tcp -h 127.0.0.1 -p " + port));
    }
  }

  @Test
  void aRouterWhoseRegistryIsGoneSaysSo() {
    RegistryProcess gone =
        lab.registry(registry.implementation(), "Gone")
            .named("Master")
            .with("IceGrid.Registry.AdminSessionManager.Endpoints", "tcp -h 127.0.0.1")
            .start();
    int port = Ports.free();
    startRouter(gone, "tcp -h 127.0.0.1 -p " + port);
    gone.terminate();
    for (Implementation tool : Implementation.tested().toList()) {
      AdminTool.Result result = logIn(tool, "Glacier2/router:tcp -h 127.0.0.1 -p " + port);
      assertThat(result.exit()).as(tool + ": " + result.all()).isEqualTo(1);
      assertThat(result.out()).startsWith("session creation failed:");
    }
  }
}
