package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deployed adapters, replica groups and their objects as clients find them. */
@EachGrid
class NodeLocateTest {
  private static final String TYPE = "::Deployed::Server";

  private Grid grid;
  private GridMix mix;

  @Initializer
  void start(Lab lab, GridMix mix) {
    this.mix = mix;
    grid = Grid.of(lab, mix, 1, "node", "second");
    // A node that is stopped for a while is not to be given up.
    grid.registries()
        .forEach(registry -> registry.with("IceGrid.Registry.NodeSessionTimeout", "120"));
    grid.start();
  }

  @AfterEach
  void removeAll() {
    grid.removeAll();
  }

  private static GridServer member(String id, String group, String priority) {
    return GridServer.pythonWithoutAdapters(id)
        .activation("on-demand")
        .member("Server", group, priority, id);
  }

  /** Three members m1, m2, m3 of group "group" with the object "grouped", m3 on the other node. */
  private void deployGroup(String policy, int replicas) {
    grid.add(
        new GridApplication("app")
            .group("group", policy, replicas, "grouped")
            .server("node", member("m1", "group", "3"))
            .server("node", member("m2", "group", "1"))
            .server("second", member("m3", "group", "2")));
  }

  private void startMembers() {
    for (String id : List.of("m1", "m2", "m3")) {
      grid.start(id);
    }
  }

  private int port(String server) {
    return grid.ports(server + ".Server").get(0);
  }

  private String askGroup() {
    return grid.ask("grouped", "id");
  }

  @Test
  void roundRobinGoesThroughTheMembersInTheOrderOfTheirAddition() {
    deployGroup("RoundRobin", 1);
    startMembers();
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      List<Integer> ports = grid.ports("group");
      assertThat(ports).hasSize(1);
      answers.add(serverAt(ports.get(0)));
    }
    assertThat(answers.subList(3, 6)).isEqualTo(answers.subList(0, 3));
    assertThat(
            Collections.indexOfSubList(
                List.of("m1", "m2", "m3", "m1", "m2"), answers.subList(0, 3)))
        .isNotNegative();
  }

  private String serverAt(int port) {
    return grid.server("any:tcp -h 127.0.0.1 -p " + port).call("ask", "id").text();
  }

  @Test
  void theNumberOfReplicasSaysHowManyAreTold() {
    deployGroup("Random", 2);
    startMembers();
    List<Integer> all = List.of(port("m1"), port("m2"), port("m3"));
    Set<Integer> seen = new HashSet<>();
    Await.until(
        "every member is told at some time",
        () -> {
          List<Integer> ports = grid.ports("group");
          assertThat(ports).hasSize(2).doesNotHaveDuplicates().isSubsetOf(all);
          seen.addAll(ports);
          return seen.size() == 3;
        });
    grid.remove("app");
    deployGroup("Random", 0);
    startMembers();
    assertThat(grid.ports("group")).containsExactlyInAnyOrder(port("m1"), port("m2"), port("m3"));
  }

  @Test
  void orderedIsByPriority() {
    deployGroup("Ordered", 0);
    startMembers();
    assertThat(grid.ports("group")).containsExactly(port("m2"), port("m3"), port("m1"));
    grid.enable("m2", false);
    assertThat(grid.ports("group")).containsExactly(port("m3"), port("m1"));
    grid.enable("m3", false);
    assertThat(askGroup()).isEqualTo("m1");
    grid.enable("m1", false);
    assertThat(grid.locate("group").isNull()).isTrue();
    assertThat(grid.server("grouped").failure("ask", "id").type())
        .isEqualTo("Ice.NoEndpointException");
    grid.enable("m2", true);
    assertThat(askGroup()).isEqualTo("m2");
  }

  @Test
  void adaptiveAndRandomFindSomeMember() {
    for (String policy : List.of("Adaptive", "Random")) {
      deployGroup(policy, 1);
      startMembers();
      assertThat(askGroup()).isIn("m1", "m2", "m3");
      assertThat(grid.ports("group")).hasSize(1);
      grid.remove("app");
    }
  }

  @Test
  void aRunningMemberIsPreferredToOneThatMustBeStarted() {
    for (String policy : List.of("Ordered", "RoundRobin", "Random")) {
      deployGroup(policy, 1);
      grid.start("m1");
      assertThat(askGroup()).as(policy).isEqualTo("m1");
      grid.remove("app");
    }
  }

  @Test
  void aColdGroupIsStarted() {
    for (String policy : List.of("Ordered", "RoundRobin", "Random", "Adaptive")) {
      deployGroup(policy, 1);
      assertThat(askGroup()).as(policy).isIn("m1", "m2", "m3");
      grid.remove("app");
    }
  }

  @Test
  void membersThatCannotStartAreSkipped() {
    grid.add(
        new GridApplication("app")
            .group("group", "Ordered", 1, "grouped")
            .server("node", member("m1", "group", "1").with("Test.Start", "exit 1"))
            .server("node", member("m2", "group", "2").activation("manual"))
            .server("second", member("m3", "group", "3")));
    if (mix.registry() == Implementation.ZEROC || mix.slave() == Implementation.ZEROC) {
      // The slave may be asked, too. There, one failure fails the look-up even though another
      // member is being started.
      Await.asserted(() -> assertThat(askGroup()).isEqualTo("m3"));
    }
    assertThat(askGroup()).isEqualTo("m3");
  }

  @Test
  void theEndOfAMemberSendsClientsToTheOthers() {
    deployGroup("Ordered", 1);
    startMembers();
    assertThat(askGroup()).isEqualTo("m2");
    grid.enable("m2", false);
    Grid.killProcess(grid.pid("m2"));
    // Until the registry hears of it, a client is sent to the port that nobody listens at.
    Await.asserted(() -> assertThat(askGroup()).isEqualTo("m3"));
  }

  @Test
  void emptyAndUnknownGroups() {
    grid.add(new GridApplication("app").group("empty", "Random", 0, "lonely"));
    assertThat(grid.locate("empty").isNull()).isTrue();
    assertThat(grid.server("lonely").failure("ask", "id").type())
        .isEqualTo("Ice.NoEndpointException");
    Remote locator = grid.client().locator(grid.master());
    assertThat(locator.failure("findAdapterById", "unknown").type())
        .isEqualTo("Ice.AdapterNotFoundException");
    assertThat(locator.failure("findObjectById", identityOf("unknown")).type())
        .isEqualTo("Ice.ObjectNotFoundException");
    assertThat(grid.server("x@unknown").failure("ask", "id").type())
        .isEqualTo("Ice.NotRegisteredException");
  }

  @Test
  void everyReplicaAnswersTheSame() {
    deployGroup("Ordered", 0);
    startMembers();
    for (RegistryProcess registry : grid.registries()) {
      Remote locator = grid.client().locator(registry);
      assertThat(Cluster.ports(locator.call("findAdapterById", "group").proxy()))
          .containsExactly(port("m2"), port("m3"), port("m1"));
      assertThat(locator.call("findObjectById", identityOf("grouped")).proxy()).contains("@ group");
      assertThat(locator.call("findObjectById", identityOf("m1")).proxy()).contains("@ m1.Server");
      assertThat(grid.client().query(registry).call("findAllObjectsByType", TYPE).items())
          .extracting(Json::identity)
          .containsExactlyInAnyOrder("grouped", "m1", "m2", "m3");
    }
  }

  @Test
  void aSlaveStartsServersToo() {
    grid.add(GridApplication.of("app", GridServer.python("one")));
    Json proxy = grid.client().locator(grid.slave(1)).call("findAdapterById", "one.Server");
    assertThat(proxy.isNull()).isFalse();
    grid.awaitState("one", "Active");
    assertThat(serverAt(Cluster.ports(proxy.proxy()).get(0))).isEqualTo("one");
  }

  @Test
  void queriesFindReplicasAndTypes() {
    deployGroup("Random", 1);
    Remote query = grid.client().query(grid.master());
    assertThat(query.call("findAllReplicas", proxyOf("grouped")).items())
        .extracting(Json::proxy)
        .satisfiesExactlyInAnyOrder(
            proxy -> assertThat(proxy).contains("@ m1.Server"),
            proxy -> assertThat(proxy).contains("@ m2.Server"),
            proxy -> assertThat(proxy).contains("@ m3.Server"));
    assertThat(query.call("findAllReplicas", proxyOf("m1")).items()).isEmpty();
    assertThat(query.call("findAllReplicas", proxyOf("x @ group")).items()).hasSize(3);
    assertThat(query.call("findObjectByType", TYPE).identity()).isIn("grouped", "m1", "m2", "m3");
    Object sample = java.util.Map.of("$enum", "IceGrid.LoadSample.LoadSample1");
    assertThat(query.call("findObjectByTypeOnLeastLoadedNode", TYPE, sample).identity())
        .isIn("grouped", "m1", "m2", "m3");
    assertThat(query.call("findObjectByType", "::Nix").isNull()).isTrue();
  }

  @Test
  void adaptersAreDescribed() {
    deployGroup("Ordered", 1);
    grid.start("m1");
    Remote admin = grid.admin();
    Json active = admin.call("getAdapterInfo", "m1.Server").item(0);
    assertThat(active.get("id").text()).isEqualTo("m1.Server");
    assertThat(active.get("replicaGroupId").text()).isEqualTo("group");
    assertThat(Cluster.ports(active.get("proxy").proxy())).containsExactly(port("m1"));
    assertThat(admin.call("getAdapterInfo", "m2.Server").item(0).get("proxy").isNull()).isTrue();
    assertThat(admin.call("getAdapterInfo", "group").items())
        .extracting(info -> info.get("id").text())
        .containsExactlyInAnyOrder("m1.Server", "m2.Server", "m3.Server");
    assertThat(admin.call("getAllAdapterIds").texts())
        .containsExactly("group", "m1.Server", "m2.Server", "m3.Server");
    assertThat(admin.failure("getAdapterInfo", "nix").type())
        .isEqualTo("IceGrid.AdapterNotExistException");
  }

  @Test
  void strangersCannotTakeAnAdapterOver() {
    deployGroup("Ordered", 1);
    grid.start("m1");
    for (RegistryProcess registry : grid.registries()) {
      Remote locators = grid.client().locatorRegistry(registry);
      Object stranger = proxyOf("dummy:tcp -h 127.0.0.1 -p 1");
      assertThat(
              locators
                  .failure("setReplicatedAdapterDirectProxy", "m1.Server", "group", stranger)
                  .type())
          .isEqualTo("Ice.AdapterAlreadyActiveException");
      assertThat(locators.failure("setAdapterDirectProxy", "m1.Server", stranger).type())
          .isEqualTo("Ice.AdapterAlreadyActiveException");
      assertThat(locators.failure("setAdapterDirectProxy", "group", stranger).type())
          .isEqualTo("Ice.AdapterNotFoundException");
      assertThat(
              locators
                  .failure("setReplicatedAdapterDirectProxy", "Stranger", "group", stranger)
                  .type())
          .isEqualTo("Ice.AdapterNotFoundException");
      registry.awaitConsole("couldn't register adapter `Stranger' endpoints");
      assertThat(
              locators
                  .failure("setServerProcessProxy", "nix", proxyOf("p:tcp", "Ice.Process"))
                  .type())
          .isEqualTo("Ice.ServerNotFoundException");
    }
    assertThat(serverAt(port("m1"))).isEqualTo("m1");
  }

  @Test
  void aStoppedNodeHoldsUpNobodyElse() {
    grid.add(
        new GridApplication("app")
            .server("node", GridServer.python("near"))
            .server("node", GridServer.python("cold"))
            .server("second", GridServer.python("far")));
    grid.start("near");
    Remote locator = grid.client().locator(grid.master());
    grid.node("second").process().pause();
    CompletableFuture<Json> stuck = locator.begin("findAdapterById", "far.Server");
    CompletableFuture<Json> state = grid.admin().begin("getServerState", "far");
    try {
      for (int i = 0; i < 20; i++) {
        assertThat(grid.ports("near.Server")).hasSize(1);
      }
      assertThat(stuck).isNotDone();
      assertThat(state).isNotDone();
      assertThat(grid.ask("cold", "id")).isEqualTo("cold");
      grid.stop("cold");
      assertThat(stuck).isNotDone();
    } finally {
      grid.node("second").process().signal("CONT");
    }
    assertThat(serverAt(Cluster.ports(PythonClient.await(stuck).proxy()).get(0))).isEqualTo("far");
    // Administrators do not wait for ever.
    state.handle((text, failure) -> true).join();
  }

  @Test
  void anActiveGroupIsAnsweredWithoutAskingAStoppedNode() {
    assumeTrue(
        mix.registry() == Implementation.FIRN,
        "the reference asks the stopped node first and waits for it");
    deployGroup("Ordered", 0);
    startMembers();
    List<Integer> all = grid.ports("group");
    grid.node("second").process().pause();
    try {
      for (int i = 0; i < 50; i++) {
        assertThat(grid.ports("group")).isEqualTo(all);
      }
    } finally {
      grid.node("second").process().signal("CONT");
    }
  }
}
