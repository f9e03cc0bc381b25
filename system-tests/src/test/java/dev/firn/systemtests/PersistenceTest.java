package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What was acknowledged is still there after the worst end of a process. */
@EachImplementation
class PersistenceTest {
  private Lab lab;
  private Implementation implementation;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    this.implementation = implementation;
  }

  @Test
  void acknowledgedUpdatesSurviveKillNine() {
    RegistryProcess registry = lab.registry(implementation, "Killed").named("Master").start();
    IceClient client = lab.client();
    AdminSession session = client.adminSession(registry);
    for (int i = 0; i < 20; i++) {
      session.addObject("kept/" + i + " -f facet:tcp -h 127.0.0.1 -p " + (i + 1), "::Kept");
    }
    session.removeObject("kept/3");
    session.admin().call("updateObject", proxyOf("kept/4:tcp -h 127.0.0.1 -p 999"));
    Remote adapters = client.locatorRegistry(registry);
    adapters.call(
        "setReplicatedAdapterDirectProxy", "A", "G", proxyOf("dummy:tcp -h 127.0.0.1 -p 1"));
    adapters.call("setAdapterDirectProxy", "B", proxyOf("dummy:tcp -h 127.0.0.1 -p 2"));
    adapters.call("setAdapterDirectProxy", "B", null);
    registry.kill();
    registry.start();

    AdminSession again = client.adminSession(registry);
    assertThat(again.admin().call("getAllObjectInfos", "kept/*").items()).hasSize(19);
    assertThat(again.objectInfo("kept/7").get("proxy").proxy())
        .startsWith("kept/7 -f facet")
        .contains("-p 8 ");
    assertThat(again.objectInfo("kept/4").get("proxy").proxy()).contains("-p 999");
    assertThat(client.query(registry).call("findAllObjectsByType", "::Kept").items()).hasSize(19);
    assertThat(again.admin().call("getAllAdapterIds").texts()).containsExactly("A", "G");
    assertThat(client.locator(registry).call("findAdapterById", "G").proxy()).contains("-p 1 ");
    client.close();
  }

  @Test
  void aKillInTheMiddleOfUpdatesLosesNoneThatWasAcknowledged() {
    RegistryProcess registry = lab.registry(implementation, "Busy").named("Master").start();
    IceClient client = lab.client("Ice.RetryIntervals=-1");
    AdminSession session = client.adminSession(registry);
    List<String> acknowledged = new ArrayList<>();
    List<CompletableFuture<Json>> answers = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      answers.add(
          session
              .admin()
              .begin(
                  "addObjectWithType", proxyOf("busy/" + i + ":tcp -h 127.0.0.1 -p 1"), "::Busy"));
    }
    Await.until(
        "some are answered", () -> answers.stream().filter(CompletableFuture::isDone).count() > 50);
    registry.kill();
    for (int i = 0; i < answers.size(); i++) {
      try {
        PythonClient.await(answers.get(i));
        acknowledged.add("busy/" + i);
      } catch (IceFailure killed) {
        assertThat(killed.type()).startsWith("Ice.");
      }
    }
    registry.start();
    Json found = client.adminSession(registry).admin().call("getAllObjectInfos", "busy/*");
    List<String> stored = found.items().stream().map(info -> info.get("proxy").identity()).toList();
    assertThat(stored).containsAll(acknowledged);
    assertThat(acknowledged).isNotEmpty();
    assertThat(client.query(registry).call("findAllObjectsByType", "::Busy").items())
        .hasSize(stored.size());
    client.close();
  }

  @Test
  void sessionsAndLocksDoNotSurvive() {
    RegistryProcess registry = lab.registry(implementation, "Locked").named("Master").start();
    IceClient client = lab.client();
    AdminSession session = client.adminSession(registry, "holder");
    session.session().call("startUpdate");
    registry.kill();
    registry.start();
    assertThat(session.session().failure("keepAlive").type())
        .isEqualTo("Ice.ObjectNotExistException");
    client.adminSession(registry, "next").session().call("startUpdate");
    client.close();
  }
}
