package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The registry's own files and admin facets, reached through an administrative session. */
@EachImplementation
class RegistryAdminTest {
  private Lab lab;
  private Implementation implementation;
  private RegistryProcess registry;
  private IceClient client;
  private AdminSession session;
  private Path out;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
    out = lab.directory().resolve("registry-stdout");
    registry =
        lab.registry(implementation)
            .with("Ice.StdOut", out.toString())
            .with("IceGrid.Registry.Trace.Admin", "1")
            .with("Test.Property", "some value");
    startWithOutputIn(registry, out);
    client = lab.client();
    session = client.adminSession(registry);
  }

  /** Its ready lines go to the file. */
  private static void startWithOutputIn(RegistryProcess registry, Path file) {
    registry.begin();
    Await.until(
        "ready line in " + file,
        () -> Files.exists(file) && read(file).contains("IceGrid.Registry.Client ready"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void append(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private Remote open(String operation, String replica, int count) {
    return client.at("IceGrid.FileIterator", session.session().call(operation, replica, count));
  }

  private Remote facet(String type, String facet) {
    return client
        .at(type, session.admin().call("getRegistryAdmin", "Master"))
        .changed("ice_facet", facet);
  }

  @Test
  void standardOutputIsReadFromTheStartOrFromTheEnd() {
    append(out, "one\ntwo\nthree\n");
    Remote whole = open("openRegistryStdOut", "Master", -1);
    Json all = whole.call("read", 100_000);
    assertThat(all.item(0).bool()).isTrue();
    assertThat(all.item(1).texts())
        .contains("IceGrid.Registry.Client ready", "one", "two", "three")
        .endsWith("");

    Json last = open("openRegistryStdOut", "Master", 2).call("read", 100_000);
    assertThat(last.item(1).texts()).containsExactly("two", "three", "");
    assertThat(open("openRegistryStdOut", "Master", 0).call("read", 100_000).item(1).texts())
        .isEmpty();

    append(out, "four");
    assertThat(whole.call("read", 100_000).item(1).texts()).containsExactly("four");
    append(out, "teen\n");
    assertThat(whole.call("read", 100_000).item(1).texts()).containsExactly("teen", "");
    whole.call("destroy");
    assertThat(whole.failure("read", 100).type()).isEqualTo("Ice.ObjectNotExistException");
  }

  @Test
  void readsAreBounded() {
    append(out, "abcdefghij\nklmnopqrst\n");
    Remote iterator = open("openRegistryStdOut", "Master", 2);
    Json first = iterator.call("read", 20);
    assertThat(first.item(0).bool()).isFalse();
    assertThat(String.join("\n", first.item(1).texts()))
        .startsWith("abcdefghij")
        .hasSizeLessThan(20);
    StringBuilder text = new StringBuilder(String.join("\n", first.item(1).texts()));
    boolean end = false;
    while (!end) {
      Json next = iterator.call("read", 20);
      end = next.item(0).bool();
      text.append(String.join("\n", next.item(1).texts()));
    }
    assertThat(text.toString()).startsWith("abcdefghij\nklmnopqrst\n");
    IceFailure failure = open("openRegistryStdOut", "Master", 1).failure("read", 5);
    assertThat(failure.type()).isEqualTo("IceGrid.FileNotAvailableException");
    assertThat(failure.reason()).isEqualTo("maximum bytes per read request is too low");
  }

  @Test
  void filesThatAreNotThereAreRefusedAtOnce() {
    IceFailure unset = session.session().failure("openRegistryStdErr", "Master", -1);
    assertThat(unset.type()).isEqualTo("IceGrid.FileNotAvailableException");
    assertThat(unset.reason()).contains("Ice.StdErr");
    assertThat(session.session().failure("openRegistryStdErr", "Other", -1).type())
        .isEqualTo("IceGrid.RegistryNotExistException");
    assertThat(session.session().failure("openNodeStdErr", "node", -1).type())
        .isEqualTo("IceGrid.NodeNotExistException");
    assertThat(session.session().failure("openServerStdOut", "server", -1).type())
        .isEqualTo("IceGrid.ServerNotExistException");
    assertThat(session.session().failure("openServerLog", "server", "log", -1).type())
        .isEqualTo("IceGrid.ServerNotExistException");
  }

  @Test
  void propertiesAreReadThroughTheRouter() {
    Remote properties = facet("Ice.PropertiesAdmin", "Properties");
    assertThat(properties.call("getProperty", "Test.Property").text()).isEqualTo("some value");
    Json all = properties.call("getPropertiesForPrefix", "IceGrid.Registry.Client");
    assertThat(all.get("IceGrid.Registry.Client.Endpoints").text()).isEqualTo(registry.endpoint());
    assertThat(properties.call("getProperty", "IceGrid.Registry.Client.ACM.Timeout").text())
        .isEqualTo("30");
    properties.call("setProperties", Map.of("Test.Later", "1"));
    assertThat(properties.call("getProperty", "Test.Later").text()).isEqualTo("1");
    registry.awaitConsole("Admin: routing operation");
  }

  @Test
  void otherFacetsAreReachedToo() {
    assertThat(facet("Ice.Object", "Process").call("ice_id").text()).isEqualTo("::Ice::Process");
    assertThat(facet("Ice.Object", "Logger").call("ice_id").text()).isEqualTo("::Ice::LoggerAdmin");
    assertThat(facet("Ice.Object", "Metrics").call("ice_id").text())
        .isEqualTo("::IceMX::MetricsAdmin");
    // Whatever goes wrong behind the router is told as an object that does not exist.
    assertThat(facet("Ice.Object", "Nothing").failure("ice_ping").type())
        .isEqualTo("Ice.ObjectNotExistException");
  }

  @Test
  void theLogIsReadThroughTheRouter() {
    facet("Ice.Process", "Process").call("writeMessage", "hello console", 2);
    registry.awaitConsole("hello console");
    Json log = facet("Ice.LoggerAdmin", "Logger").call("getLog", List.of(), List.of(), -1);
    assertThat(log.item(0).items())
        .extracting(message -> message.get("message").text())
        .anyMatch(message -> message.contains("admin session `tester' created"));
  }

  @Test
  void routersAreOnlyForConnectionsWithAnAdminSession() {
    IceClient stranger = lab.client();
    Remote admin =
        stranger.object(
            "IceGrid-RegistryReplicaAdminRouter/Master -f Process:" + registry.endpoint());
    assertThat(admin.failure("ice_ping").type()).isEqualTo("Ice.ObjectNotExistException");
    AdminSession own = stranger.adminSession(registry, "stranger");
    admin.call("ice_ping");
    own.destroy();
    assertThat(admin.failure("ice_ping").type()).isEqualTo("Ice.ObjectNotExistException");
    stranger.close();
  }

  @Test
  void unknownTargetsOfRoutersDoNotExist() {
    for (String category : List.of("Server", "Node", "Replica")) {
      assertThat(
              client
                  .object(
                      "IceGrid-Registry"
                          + category
                          + "AdminRouter/nobody -f Process:"
                          + registry.endpoint())
                  .failure("ice_ping")
                  .type())
          .isEqualTo("Ice.ObjectNotExistException");
    }
  }

  @Test
  void callbacksReachTheSessionsClientThroughTheServerEndpoints() {
    Json template = session.session().call("getAdminCallbackTemplate");
    assertThat(template.identity()).startsWith("IceGrid-").endsWith("/pick-a-name");
    assertThat(template.proxy()).contains("-p " + registry.serverPort());
    String category = template.identity().substring(0, template.identity().indexOf('/'));
    client.callbackAdapter("Callbacks", session.session());
    client.servant(
        "Callbacks", category + "/mine", "echo", Map.of("types", List.of("::Test::Callback")));

    IceClient outside = lab.client();
    String server = ":tcp -h 127.0.0.1 -p " + registry.serverPort();
    assertThat(outside.object(category + "/mine" + server).call("ice_id").text())
        .isEqualTo("::Test::Callback");
    assertThat(outside.object(category + "/other" + server).failure("ice_ping").type())
        .isEqualTo("Ice.ObjectNotExistException");
    assertThat(outside.object("unknown/mine" + server).failure("ice_ping").type())
        .isEqualTo("Ice.ObjectNotExistException");
    outside.close();
  }

  @Test
  void callbacksEndWithTheSession() {
    IceClient own = lab.client();
    AdminSession brief = own.adminSession(registry, "brief");
    Json template = brief.session().call("getAdminCallbackTemplate");
    String category = template.identity().substring(0, template.identity().indexOf('/'));
    own.callbackAdapter("Callbacks", brief.session());
    own.servant(
        "Callbacks", category + "/mine", "echo", Map.of("types", List.of("::Test::Callback")));
    Remote callback =
        client.object(category + "/mine:tcp -h 127.0.0.1 -p " + registry.serverPort());
    callback.call("ice_ping");
    brief.destroy();
    assertThat(callback.failure("ice_ping").type()).isEqualTo("Ice.ObjectNotExistException");
    own.close();
  }

  @Test
  void aRemoteLoggerGetsEachMessage() {
    IceClient own = lab.client();
    AdminSession watching = own.adminSession(registry, "watching");
    Json template = watching.session().call("getAdminCallbackTemplate");
    String category = template.identity().substring(0, template.identity().indexOf('/'));
    own.callbackAdapter("Loggers", watching.session());
    own.servant("Loggers", category + "/logger", "remoteLogger", Map.of());
    Remote logger =
        own.at("Ice.LoggerAdmin", watching.admin().call("getRegistryAdmin", "Master"))
            .changed("ice_facet", "Logger");
    logger.call(
        "attachRemoteLogger",
        proxyOf(
            category + "/logger:tcp -h 127.0.0.1 -p " + registry.serverPort(), "Ice.RemoteLogger"),
        List.of(),
        List.of(),
        -1);
    own.awaitEvent(category + "/logger", "init");
    IceClient visitor = lab.client();
    visitor.adminSession(registry, "remembered").destroy();
    Await.until(
        "the remote logger hears of the session",
        () ->
            own.events(category + "/logger").stream()
                .filter(event -> event.get("op").text().equals("log"))
                .anyMatch(
                    event -> event.toString().contains("admin session `remembered' created")));
    visitor.close();
    watching.destroy();
    own.close();
  }

  @Test
  void theRegistryEndsWithZeroHoweverItIsShutDown() {
    List<String> ways = List.of("shutdown", "shutdownRegistry", "process", "SIGTERM", "SIGINT");
    for (String way : ways) {
      RegistryProcess ending = lab.registry(implementation, way).named("Master").start();
      IceClient visitor = lab.client();
      AdminSession admin = visitor.adminSession(ending);
      switch (way) {
        case "shutdown" -> admin.admin().call("shutdown");
        case "shutdownRegistry" -> admin.admin().call("shutdownRegistry", "Master");
        case "process" ->
            visitor
                .at("Ice.Process", admin.admin().call("getRegistryAdmin", "Master"))
                .changed("ice_facet", "Process")
                .call("shutdown");
        default -> ending.process().signal(way.substring(3));
      }
      assertThat(ending.awaitExit()).as(way).isZero();
      visitor.close();
    }
  }
}
