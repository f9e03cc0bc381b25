package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clients that reach nothing but a Glacier2 router. */
@EachImplementation
class SessionRouterTest {
  private Lab lab;
  private RegistryProcess registry;
  private String router;
  private Certificates certificates;
  private String secureRouter;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    Peers.require("glacier2router");
    registry =
        lab.registry(implementation)
            .with("IceGrid.Registry.SessionManager.Endpoints", "tcp -h 127.0.0.1")
            .with("IceGrid.Registry.SessionFilters", "1")
            .start();
    lab.client()
        .adminSession(registry)
        .admin()
        .call(
            "addApplication",
            GridApplication.of(
                    "app", GridServer.exe("shared", "/bin/true").allocatables("A", "::T", "one"))
                .value());
    certificates = new Certificates(lab);
    certificates.issue("router", "/O=Firn tests/CN=Router");
    certificates.issue("anna", "/O=Firn tests/CN=Anna");
    int port = Ports.free();
    secureRouter = "Glacier2/router:ssl -h 127.0.0.1 -p " + port;
    List<String> more = new ArrayList<>();
    certificates.pemProperties("router").forEach(property -> more.add("--" + property));
    more.add("--Glacier2.SSLSessionManager=IceGrid/SSLSessionManager");
    more.add("--Glacier2.SSLPermissionsVerifier=Glacier2/NullSSLPermissionsVerifier");
    router =
        router(
            lab,
            registry.locatorProxy(),
            ":ssl -h 127.0.0.1 -p " + port,
            more.toArray(String[]::new));
  }

  /**
   * Starts a router for clients' sessions.
   *
   * @param endpoints more than its own, or empty
   * @return its proxy
   */
  static String router(Lab lab, String locator, String endpoints, String... more) {
    int port = Ports.free();
    List<String> command =
        new ArrayList<>(
            List.of(
                "glacier2router",
                "--Glacier2.InstanceName=Glacier2",
                "--Glacier2.Client.Endpoints=tcp -h 127.0.0.1 -p " + port + endpoints,
                "--Glacier2.Server.Endpoints=tcp -h 127.0.0.1",
                "--Glacier2.SessionManager=IceGrid/SessionManager",
                "--Glacier2.PermissionsVerifier=Glacier2/NullPermissionsVerifier",
                "--Ice.Default.Locator=" + locator,
                "--Ice.PrintAdapterReady=1"));
    command.addAll(List.of(more));
    ChildProcess process = lab.process("glacier2router", command);
    Await.until(
        "the router is ready",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("ended:\n" + process.err());
          }
          return process.out().contains("Glacier2.Client ready");
        });
    return "Glacier2/router:tcp -h 127.0.0.1 -p " + port;
  }

  /** Opens a session with the default router. */
  static Remote logIn(IceClient client, String user) {
    return client.at("IceGrid.Session", client.ask("log_in", Map.of("user", user)));
  }

  @Test
  void aLostClientsObjectIsGivenToTheNext() {
    IceClient first = lab.client("Ice.Default.Router=" + router);
    Remote alice = logIn(first, "alice");
    assertThat(alice.call("allocateObjectById", identityOf("one")).identity()).isEqualTo("one");

    IceClient second = lab.client("Ice.Default.Router=" + router);
    Remote bob = logIn(second, "bob");
    bob.call("setAllocationTimeout", 0);
    assertThat(bob.failure("allocateObjectById", identityOf("one")).type())
        .isEqualTo("IceGrid.AllocationTimeoutException");
    bob.call("setAllocationTimeout", 60_000);
    CompletableFuture<Json> waiting = bob.begin("allocateObjectById", identityOf("one"));
    first.ask("lose_router", Map.of());
    assertThat(PythonClient.await(waiting).identity()).isEqualTo("one");
    registry.awaitConsole("client session `alice' destroyed");
    second.close();
    registry.awaitConsole("client session `bob' destroyed");
  }

  @Test
  void aCertificateOpensASessionThroughTheRouter() {
    IceClient client = certificates.client("anna", "Ice.Default.Router=" + secureRouter);
    Remote anna = client.at("IceGrid.Session", client.ask("log_in_secure", Map.of()));
    anna.call("setAllocationTimeout", 60_000);
    assertThat(anna.call("allocateObjectById", identityOf("one")).identity()).isEqualTo("one");
    registry.awaitConsole("client session `CN=Anna,O=Firn tests' created");
    client.ask("lose_router", Map.of());
    registry.awaitConsole("client session `CN=Anna,O=Firn tests' destroyed");
    client.close();
  }

  @Test
  void onlyWhatTheSessionMayReachIsReached() {
    IceClient client = lab.client("Ice.Default.Router=" + router);
    Remote alice = logIn(client, "alice");
    alice.call("keepAlive");
    String clientEndpoint = ":tcp -h 127.0.0.1 -p " + registry.clientPort();
    assertThat(
            client
                .at("IceGrid.Query", "IceGrid/Query" + clientEndpoint)
                .call("findObjectById", identityOf("none"))
                .isNull())
        .isTrue();
    assertThat(
            client
                .at("IceGrid.Registry", "IceGrid/Registry" + clientEndpoint)
                .failure("getSessionTimeout")
                .type())
        .isEqualTo("Ice.ObjectNotExistException");
    client.close();
  }
}
