package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Observers hear of applications, of nodes and of what servers and adapters do. */
@EachGrid
class DeployObserversTest {
  private Grid grid;
  private int observers;

  @Initializer
  void start(Lab lab, GridMix mix) {
    grid = Grid.of(lab, mix, 1, "node", "second").start();
  }

  @AfterEach
  void removeAll() {
    grid.removeAll();
  }

  /** A session with a node and an application observer. */
  private final class Watching {
    private final IceClient client = grid.newClient();
    private final String name = "watching" + ++observers;
    private final AdminSession session;

    Watching(RegistryProcess registry) {
      session = client.adminSession(registry, name);
      client.adapter(name, "Endpoints=tcp -h 127.0.0.1");
      client.activate(name);
      session
          .session()
          .call("setObservers", null, servant("Node"), servant("Application"), null, null);
      client.awaitEvent(name + "/NodeObserver", "nodeInit");
      client.awaitEvent(name + "/ApplicationObserver", "applicationInit");
    }

    private Object servant(String kind) {
      String observer = kind + "Observer";
      Json proxy = client.servant(name, name + "/" + observer, observer, Map.of());
      return proxyOf(proxy.proxy(), "IceGrid." + observer);
    }

    List<Json> applications() {
      return client.events(name + "/ApplicationObserver");
    }

    List<Json> nodes() {
      return client.events(name + "/NodeObserver");
    }

    /** What the node said about a server, in order: state and whether it is enabled. */
    List<String> statesOf(String server) {
      return nodes().stream()
          .filter(event -> event.get("op").text().equals("updateServer"))
          .map(event -> event.get("args").item(1))
          .filter(info -> info.get("id").text().equals(server))
          .map(info -> info.get("state").text() + (info.get("enabled").bool() ? "" : " disabled"))
          .toList();
    }

    /** Proxies of an adapter, in order, as the ports in them; empty for null. */
    List<String> proxiesOf(String adapter) {
      return nodes().stream()
          .filter(event -> event.get("op").text().equals("updateAdapter"))
          .map(event -> event.get("args").item(1))
          .filter(info -> info.get("id").text().equals(adapter))
          .map(info -> info.get("proxy").isNull() ? "" : info.get("proxy").proxy())
          .toList();
    }

    Json await(String operation, String text) {
      return Await.present(
          operation + " with " + text,
          () ->
              java.util.stream.Stream.concat(applications().stream(), nodes().stream())
                  .filter(event -> event.get("op").text().equals(operation))
                  .filter(event -> event.toString().contains(text))
                  .findFirst());
    }

    void end() {
      session.destroy();
      client.close();
    }
  }

  @Test
  void everyChangeOfApplicationsIsToldOnceAndInOrder() {
    grid.add(GridApplication.of("before", GridServer.python("early")));
    for (RegistryProcess registry : grid.registries()) {
      Watching watching = new Watching(registry);
      Json init = watching.applications().get(0).get("args");
      assertThat(init.item(1).items())
          .extracting(info -> info.get("descriptor").get("name").text())
          .containsExactly("before");
      long serial = init.item(0).number();
      grid.add(GridApplication.of("app", GridServer.python("one")));
      grid.sync(
          GridApplication.of("app", GridServer.python("one").with("A", "1"))
              .variable("new", "value"));
      grid.remove("app");
      watching.await("applicationRemoved", "app");
      List<Json> events = watching.applications();
      assertThat(events)
          .extracting(event -> event.get("op").text())
          .containsExactly(
              "applicationInit", "applicationAdded", "applicationUpdated", "applicationRemoved");
      for (int i = 1; i < events.size(); i++) {
        assertThat(events.get(i).get("args").item(0).number()).isEqualTo(serial + i);
      }
      Json added = events.get(1).get("args").item(1);
      assertThat(added.get("revision").number()).isEqualTo(1);
      assertThat(added.get("descriptor").get("name").text()).isEqualTo("app");
      Json updated = events.get(2).get("args").item(1);
      assertThat(updated.get("revision").number()).isEqualTo(2);
      Json difference = updated.get("descriptor");
      assertThat(difference.get("name").text()).isEqualTo("app");
      assertThat(difference.get("variables").get("new").text()).isEqualTo("value");
      assertThat(difference.get("removeVariables").items()).isEmpty();
      assertThat(difference.get("description").isNull()).isTrue();
      Json node = difference.get("nodes").item(0);
      assertThat(node.get("name").text()).isEqualTo("node");
      assertThat(node.get("servers").item(0).get("id").text()).isEqualTo("one");
      assertThat(node.get("removeServers").items()).isEmpty();
      assertThat(events.get(3).get("args").item(1).text()).isEqualTo("app");
      watching.end();
    }
  }

  @Test
  void theSerialOfAnUpdateIsThatOfTheObservers() {
    Watching watching = new Watching(grid.master());
    long serial = watching.applications().get(0).get("args").item(0).number();
    assertThat(watching.session.session().call("startUpdate").number()).isEqualTo(serial);
    watching.session.session().call("finishUpdate");
    grid.add(GridApplication.of("app"));
    watching.await("applicationAdded", "app");
    assertThat(watching.session.session().call("startUpdate").number()).isEqualTo(serial + 1);
    watching.end();
  }

  @Test
  void whatAServerDoesIsToldByEveryReplica() {
    grid.add(GridApplication.of("app", GridServer.python("one")));
    List<Watching> all = grid.registries().stream().map(Watching::new).toList();
    grid.start("one");
    long pid = grid.pid("one");
    grid.stop("one");
    grid.enable("one", false);
    grid.enable("one", true);
    for (Watching watching : all) {
      Await.until(
          "the end of " + watching.statesOf("one"), () -> watching.statesOf("one").size() >= 6);
      assertThat(watching.statesOf("one"))
          .containsExactly(
              "Activating", "Active", "Deactivating", "Inactive", "Inactive disabled", "Inactive");
      Json activating = watching.await("updateServer", "Activating").get("args");
      assertThat(activating.item(0).text()).isEqualTo("node");
      assertThat(activating.item(1).get("pid").number()).isEqualTo(pid);
      List<String> proxies = watching.proxiesOf("one.Server");
      assertThat(proxies.get(0)).startsWith("dummy ").contains("tcp -h 127.0.0.1 -p ");
      assertThat(proxies.get(1)).isEmpty();
      watching.end();
    }
  }

  @Test
  void aNewObserverIsToldWhatRuns() {
    grid.add(GridApplication.of("app", GridServer.python("running"), GridServer.python("idle")));
    grid.start("running");
    for (RegistryProcess registry : grid.registries()) {
      // A slave hears of it from the node, not from the master's caller.
      Json node =
          Await.present(
              "the server is told",
              () -> {
                Watching watching = new Watching(registry);
                Optional<Json> found =
                    watching.nodes().get(0).get("args").item(0).items().stream()
                        .filter(each -> each.get("info").get("name").text().equals("node"))
                        .filter(each -> each.toString().contains("\"Active\""))
                        .filter(each -> each.get("adapters").items().size() == 1)
                        .findFirst();
                watching.end();
                return found;
              });
      assertThat(node.get("servers").items()).hasSize(1);
      Json server = node.get("servers").item(0);
      assertThat(server.get("id").text()).isEqualTo("running");
      assertThat(server.get("pid").number()).isEqualTo(grid.pid("running"));
      assertThat(server.get("enabled").bool()).isTrue();
      assertThat(node.get("adapters").items()).hasSize(1);
      assertThat(node.get("adapters").item(0).get("id").text()).isEqualTo("running.Server");
      Json info = node.get("info");
      assertThat(info.get("dataDir").text()).isEqualTo(grid.node("node").data().toString());
      assertThat(info.get("os").text()).isEqualTo("Linux");
      assertThat(info.get("nProcessors").number()).isPositive();
    }
  }

  @Test
  void nodesComeAndGo() {
    List<Watching> all = grid.registries().stream().map(Watching::new).toList();
    for (Watching watching : all) {
      assertThat(watching.nodes().get(0).get("args").item(0).items())
          .extracting(node -> node.get("info").get("name").text())
          .contains("node", "second");
    }
    grid.node("second").terminate();
    for (Watching watching : all) {
      watching.await("nodeDown", "second");
    }
    grid.node("second").start();
    for (Watching watching : all) {
      watching.await("nodeUp", "second");
      watching.end();
    }
  }
}
