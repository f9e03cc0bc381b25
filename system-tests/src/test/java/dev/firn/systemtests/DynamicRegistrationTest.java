package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Adapters that register themselves: rules of the locator registry and how clients find them. */
@EachImplementation
class DynamicRegistrationTest {
  private Lab lab;
  private RegistryProcess registry;
  private IceClient client;
  private Remote adapters;
  private Remote locator;
  private AdminSession session;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry = lab.registry(implementation).start();
    client = lab.client("Ice.Default.Locator=" + registry.locatorProxy());
    adapters = client.locatorRegistry(registry);
    locator = client.locator(registry);
    session = client.adminSession(registry);
  }

  @AfterEach
  void clear() {
    for (Json id : session.admin().call("getAllAdapterIds").items()) {
      try {
        session.admin().call("removeAdapter", id.text());
      } catch (IceFailure gone) {
        // A group goes with its last member.
        assertThat(gone.type()).isEqualTo("IceGrid.AdapterNotExistException");
      }
    }
  }

  private void register(String id, String proxy) {
    adapters.call("setAdapterDirectProxy", id, proxyOf(proxy));
  }

  private void register(String id, String group, String proxy) {
    adapters.call("setReplicatedAdapterDirectProxy", id, group, proxyOf(proxy));
  }

  @Test
  void aRegisteredAdapterIsFoundUnchanged() {
    register("Plain", "dummy:tcp -h 127.0.0.1 -p 1234");
    register(
        "Fancy",
        "some/name -f facet -o -e 1.0:udp -h 127.0.0.1 -p 99:opaque -t 77 -e 1.0 -v q6vN:tcp -h \"::1\" -p 3 -t 7 -z");
    assertThat(locator.call("findAdapterById", "Plain").proxy())
        .isEqualTo("dummy -t -e 1.1:tcp -h 127.0.0.1 -p 1234 -t 60000");
    assertThat(locator.call("findAdapterById", "Fancy").proxy())
        .isEqualTo(
            "some/name -f facet -o -e 1.0:udp -h 127.0.0.1 -p 99:opaque -t 77 -e 1.0 -v q6vN:tcp -h \"::1\" -p 3 -t 7 -z");
  }

  @Test
  void aNewProxyReplacesTheOldOneAndNullRemovesIt() {
    register("Moving", "dummy:tcp -h 127.0.0.1 -p 1");
    register("Moving", "dummy:tcp -h 127.0.0.1 -p 2");
    assertThat(locator.call("findAdapterById", "Moving").proxy()).contains("-p 2 ");
    adapters.call("setAdapterDirectProxy", "Moving", null);
    assertThat(locator.failure("findAdapterById", "Moving").type())
        .isEqualTo("Ice.AdapterNotFoundException");
    adapters.call("setAdapterDirectProxy", "Moving", null);
  }

  @Test
  void anEmptyIdIsAcceptedAndIgnored() {
    register("", "dummy:tcp -h 127.0.0.1 -p 1");
    register("", "group", "dummy:tcp -h 127.0.0.1 -p 1");
    assertThat(session.admin().call("getAllAdapterIds").items()).isEmpty();
  }

  @Test
  void unknownServersHaveNoProcess() {
    assertThat(
            adapters
                .failure(
                    "setServerProcessProxy",
                    "nobody",
                    proxyOf("p:tcp -h 127.0.0.1 -p 1", "Ice.Process"))
                .type())
        .isEqualTo("Ice.ServerNotFoundException");
  }

  @Test
  void aReplicaGroupGivesTheEndpointsOfAllItsMembersInOrderOfTheirIds() {
    register("b", "Group", "dummy:tcp -h 127.0.0.1 -p 2");
    register("c", "Group", "dummy:tcp -h 127.0.0.1 -p 3");
    register("a", "Group", "dummy:tcp -h 127.0.0.1 -p 1");
    assertThat(locator.call("findAdapterById", "Group").proxy())
        .isEqualTo(
            "dummy -t -e 1.1:tcp -h 127.0.0.1 -p 1 -t 60000:tcp -h 127.0.0.1 -p 2 -t 60000"
                + ":tcp -h 127.0.0.1 -p 3 -t 60000");
    assertThat(locator.call("findAdapterById", "b").proxy()).contains("-p 2 ");
  }

  @Test
  void membersOfANewerEncodingAreLeftOutForOlderClients() {
    register("old", "Encodings", "dummy -e 1.0:tcp -h 127.0.0.1 -p 1");
    register("new", "Encodings", "dummy -e 1.1:tcp -h 127.0.0.1 -p 2");
    assertThat(locator.call("findAdapterById", "Encodings").proxy())
        .contains("-p 2 ")
        .doesNotContain("-p 1 ");
    IceClient oldClient = lab.client("Ice.Default.EncodingVersion=1.0");
    assertThat(oldClient.locator(registry).call("findAdapterById", "Encodings").proxy())
        .contains("-p 1 ", "-p 2 ");
    oldClient.close();
  }

  @Test
  void aGroupWithoutUsableMemberGivesNoEndpoints() {
    register("old", "OnlyOld", "dummy -e 1.0:tcp -h 127.0.0.1 -p 1");
    assertThat(locator.call("findAdapterById", "OnlyOld").isNull()).isTrue();
    assertThat(client.object("x @ OnlyOld").failure("ice_ping").type())
        .isEqualTo("Ice.NoEndpointException");
  }

  @Test
  void anAdapterMovesToAnotherGroupAndOut() {
    register("mover", "First", "dummy:tcp -h 127.0.0.1 -p 1");
    register("mover", "Second", "dummy:tcp -h 127.0.0.1 -p 1");
    assertThat(locator.failure("findAdapterById", "First").type())
        .isEqualTo("Ice.AdapterNotFoundException");
    assertThat(locator.call("findAdapterById", "Second").isNull()).isFalse();
    register("mover", "dummy:tcp -h 127.0.0.1 -p 1");
    assertThat(locator.failure("findAdapterById", "Second").type())
        .isEqualTo("Ice.AdapterNotFoundException");
    assertThat(locator.call("findAdapterById", "mover").isNull()).isFalse();
  }

  @Test
  void allReplicasOfAProxyAreListed() {
    register("one", "Replicas", "dummy:tcp -h 127.0.0.1 -p 1");
    register("two", "Replicas", "dummy:tcp -h 127.0.0.1 -p 2");
    Remote query = client.query(registry);
    assertThat(query.call("findAllReplicas", proxyOf("obj -o @ Replicas")).items())
        .extracting(Json::proxy)
        .containsExactlyInAnyOrder("obj -o -e 1.1 @ one", "obj -o -e 1.1 @ two");
    assertThat(query.call("findAllReplicas", proxyOf("obj @ one")).items()).isEmpty();
    session.addObject("known @ Replicas", "::Known");
    assertThat(query.call("findAllReplicas", proxyOf("known")).items())
        .extracting(Json::proxy)
        .containsExactlyInAnyOrder("known -t -e 1.1 @ one", "known -t -e 1.1 @ two");
    session.removeObject("known");
  }

  @Test
  void aServerRegistersItsAdapterAndIsCalledThroughTheLocator() {
    IceClient server = lab.client("Ice.Default.Locator=" + registry.locatorProxy());
    server.adapter(
        "Service",
        "Endpoints=tcp -h 127.0.0.1",
        "AdapterId=ServiceId",
        "ReplicaGroupId=ServiceGroup");
    server.servant("Service", "greeter", "echo", Map.of("types", List.of("::Test::Greeter")));
    server.activate("Service");
    assertThat(client.object("greeter @ ServiceId").call("ice_id").text())
        .isEqualTo("::Test::Greeter");
    assertThat(client.object("greeter @ ServiceGroup").call("ice_id").text())
        .isEqualTo("::Test::Greeter");
    session.addObject("greeter @ ServiceGroup", "::Test::Greeter");
    assertThat(client.object("greeter").call("ice_id").text()).isEqualTo("::Test::Greeter");
    session.removeObject("greeter");
    server.deactivate("Service");
    Await.asserted(
        () ->
            assertThat(locator.failure("findAdapterById", "ServiceId").type())
                .isEqualTo("Ice.AdapterNotFoundException"));
    server.close();
  }

  @Test
  void registrationsAreAddedToTheTableByAnyone() {
    register("info", "InfoGroup", "dummy:tcp -h 127.0.0.1 -p 1");
    List<Json> adapter = session.admin().call("getAdapterInfo", "info").items();
    assertThat(adapter).hasSize(1);
    assertThat(adapter.get(0).get("id").text()).isEqualTo("info");
    assertThat(adapter.get(0).get("replicaGroupId").text()).isEqualTo("InfoGroup");
    assertThat(adapter.get(0).get("proxy").proxy()).contains("-p 1 ");
    assertThat(session.admin().call("getAdapterInfo", "InfoGroup").items())
        .extracting(info -> info.get("id").text())
        .containsExactly("info");
    assertThat(session.admin().call("getAllAdapterIds").texts())
        .containsExactly("info", "InfoGroup");
  }

  @Test
  void removingAGroupKeepsItsMembers() {
    register("m1", "Doomed", "dummy:tcp -h 127.0.0.1 -p 1");
    register("m2", "Doomed", "dummy:tcp -h 127.0.0.1 -p 2");
    session.admin().call("removeAdapter", "Doomed");
    assertThat(session.admin().call("getAllAdapterIds").texts()).containsExactly("m1", "m2");
    assertThat(session.admin().call("getAdapterInfo", "m1").item(0).get("replicaGroupId").text())
        .isEmpty();
    assertThat(locator.call("findAdapterById", "m2").isNull()).isFalse();
    session.admin().call("removeAdapter", "m1");
    assertThat(session.admin().call("getAllAdapterIds").texts()).containsExactly("m2");
  }

  @Test
  void unknownAdaptersAreRefusedByName() {
    for (String operation : List.of("getAdapterInfo", "removeAdapter")) {
      IceFailure failure = session.admin().failure(operation, "nowhere");
      assertThat(failure.type()).isEqualTo("IceGrid.AdapterNotExistException");
      assertThat(failure.field("id").text()).isEqualTo("nowhere");
    }
  }

  @Test
  void changesAreTraced() {
    register("Traced", "TracedGroup", "dummy:tcp -h 127.0.0.1 -p 1");
    register("Traced", "TracedGroup", "dummy:tcp -h 127.0.0.1 -p 2");
    adapters.call("setReplicatedAdapterDirectProxy", "Traced", "TracedGroup", null);
    registry.awaitConsole(
        "Adapter: added adapter `Traced' with replica group `TracedGroup' (serial = `");
    registry.awaitConsole(
        "Adapter: updated adapter `Traced' with replica group `TracedGroup' (serial = `");
    registry.awaitConsole("Adapter: removed adapter `Traced' ");
  }
}
