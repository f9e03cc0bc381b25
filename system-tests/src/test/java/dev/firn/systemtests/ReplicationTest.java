package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Three replicas at work: what one learns all know, and slaves leave changes to the master. */
@EachMix
class ReplicationTest {
  private Lab lab;
  private Cluster cluster;
  private IceClient client;

  @Initializer
  void start(Lab lab, Mix mix) {
    this.lab = lab;
    cluster = Cluster.of(lab, mix).start();
    client = lab.client("Ice.Default.Locator=" + cluster.locator());
    Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
  }

  @Test
  void theReplicatedObjectsNameAllReplicasInOrder() {
    List<Integer> clientPorts = cluster.all().stream().map(RegistryProcess::clientPort).toList();
    List<Integer> serverPorts = cluster.all().stream().map(RegistryProcess::serverPort).toList();
    for (RegistryProcess registry : cluster.all()) {
      Await.asserted(
          () -> {
            assertThat(portsOf(registry, "Query")).isEqualTo(clientPorts);
            assertThat(portsOf(registry, "Locator")).isEqualTo(clientPorts);
            assertThat(portsOf(registry, "LocatorRegistry")).isEqualTo(serverPorts);
          });
    }
  }

  private List<Integer> portsOf(RegistryProcess registry, String name) {
    return Cluster.ports(
        client.query(registry).call("findObjectById", identityOf("IceGrid/" + name)).proxy());
  }

  @Test
  void theLocatorAndItsFinderTellOwnEndpointsFirst() {
    for (RegistryProcess registry : cluster.all()) {
      Await.asserted(
          () -> {
            String locator =
                client
                    .at("Ice.LocatorFinder", "Ice/LocatorFinder:" + registry.endpoint())
                    .call("getLocator")
                    .proxy();
            assertThat(locator)
                .startsWith("IceGrid/Locator -t -e 1.1:" + registry.endpoint() + " -t 60000:");
            assertThat(cluster.all())
                .allSatisfy(other -> assertThat(locator).contains(other.endpoint()));
            assertThat(client.locator(registry).call("getRegistry").proxy())
                .startsWith(
                    "IceGrid/LocatorRegistry -t -e 1.1:tcp -h 127.0.0.1 -p "
                        + registry.serverPort());
          });
      assertThat(client.locator(registry).call("getLocalRegistry").identity())
          .isEqualTo("IceGrid/" + registry.registryName());
      assertThat(client.locator(registry).call("getLocalQuery").proxy())
          .isEqualTo("IceGrid/Query -t -e 1.1:" + registry.endpoint() + " -t 60000");
    }
  }

  @Test
  void everyReplicaKnowsEveryRegistry() {
    for (RegistryProcess registry : cluster.all()) {
      Await.asserted(
          () ->
              assertThat(
                      client
                          .query(registry)
                          .call("findAllObjectsByType", "::IceGrid::Registry")
                          .items())
                  .extracting(Json::identity)
                  .containsExactlyInAnyOrder(
                      "IceGrid/Registry",
                      "IceGrid/Registry-Replica1",
                      "IceGrid/Registry-Replica2"));
      Await.asserted(
          () ->
              assertThat(
                      client
                          .query(registry)
                          .call("findAllObjectsByType", "::IceGrid::InternalRegistry")
                          .items())
                  .extracting(Json::identity)
                  .containsExactlyInAnyOrder(
                      "IceGrid/InternalRegistry-Master",
                      "IceGrid/InternalRegistry-Replica1",
                      "IceGrid/InternalRegistry-Replica2"));
    }
  }

  @Test
  void anObjectIsOnAllReplicasWhenItsAdditionReturns() {
    AdminSession session = client.adminSession(cluster.master());
    session.addObject("everywhere:tcp -h 127.0.0.1 -p 1", "::E");
    for (RegistryProcess registry : cluster.all()) {
      assertThat(client.query(registry).call("findObjectById", identityOf("everywhere")).proxy())
          .contains("-p 1 ");
      assertThat(client.query(registry).call("findAllObjectsByType", "::E").items()).hasSize(1);
    }
    session.admin().call("updateObject", proxyOf("everywhere:tcp -h 127.0.0.1 -p 2"));
    for (RegistryProcess registry : cluster.all()) {
      assertThat(client.locator(registry).call("findObjectById", identityOf("everywhere")).proxy())
          .contains("-p 2 ");
    }
    session.removeObject("everywhere");
    for (RegistryProcess registry : cluster.all()) {
      assertThat(client.query(registry).call("findObjectById", identityOf("everywhere")).isNull())
          .isTrue();
      assertThat(client.query(registry).call("findAllObjectsByType", "::E").items()).isEmpty();
    }
    session.destroy();
  }

  @Test
  void anAdapterIsOnAllReplicasWhoeverTookItsRegistration() {
    for (RegistryProcess taker : cluster.all()) {
      String id = "Adapter-" + taker.replica();
      Remote adapters = client.locatorRegistry(taker);
      adapters.call(
          "setReplicatedAdapterDirectProxy", id, "Group", proxyOf("dummy:tcp -h 127.0.0.1 -p 1"));
      for (RegistryProcess registry : cluster.all()) {
        assertThat(client.locator(registry).call("findAdapterById", id).proxy()).contains("-p 1 ");
        assertThat(client.locator(registry).call("findAdapterById", "Group").isNull()).isFalse();
      }
      adapters.call(
          "setReplicatedAdapterDirectProxy", id, "Other", proxyOf("dummy:tcp -h 127.0.0.1 -p 2"));
      for (RegistryProcess registry : cluster.all()) {
        assertThat(client.locator(registry).call("findAdapterById", "Other").proxy())
            .contains("-p 2 ");
        assertThat(client.locator(registry).failure("findAdapterById", "Group").type())
            .isEqualTo("Ice.AdapterNotFoundException");
      }
      adapters.call("setAdapterDirectProxy", id, null);
      for (RegistryProcess registry : cluster.all()) {
        assertThat(client.locator(registry).failure("findAdapterById", id).type())
            .isEqualTo("Ice.AdapterNotFoundException");
      }
    }
  }

  @Test
  void contentAndSerialsAreTheSameEverywhere() {
    AdminSession session = client.adminSession(cluster.master());
    for (int i = 0; i < 10; i++) {
      session.addObject("same/" + i + " -f f" + i + ":tcp -h 127.0.0.1 -p 1", "::Same" + i % 3);
    }
    client
        .locatorRegistry(cluster.replica1())
        .call("setAdapterDirectProxy", "Same", proxyOf("d:tcp -h 127.0.0.1 -p 1"));
    session.removeObject("same/5");
    Cluster.Content master = Cluster.content(client, cluster.master());
    assertThat(master.objects()).hasSize(9);
    assertThat(Cluster.content(client, cluster.replica1())).isEqualTo(master);
    assertThat(Cluster.content(client, cluster.replica2())).isEqualTo(master);
    for (int i = 0; i < 10; i++) {
      if (i != 5) {
        session.removeObject("same/" + i);
      }
    }
    client.locatorRegistry(cluster.replica2()).call("setAdapterDirectProxy", "Same", null);
    assertThat(Cluster.content(client, cluster.replica1()))
        .isEqualTo(Cluster.content(client, cluster.master()));
    session.destroy();
  }

  @Test
  void slavesRefuseUpdates() {
    for (RegistryProcess slave : List.of(cluster.replica1(), cluster.replica2())) {
      AdminSession session = client.adminSession(slave);
      assertThat(session.session().call("getReplicaName").text()).isEqualTo(slave.replica());
      assertThat(session.admin().call("getAllRegistryNames").texts())
          .containsExactly(slave.replica());
      List<IceFailure> failures =
          List.of(
              session
                  .admin()
                  .failure("addObjectWithType", proxyOf("no:tcp -h 127.0.0.1 -p 1"), "::No"),
              session.admin().failure("addObject", proxyOf("no:tcp -h 127.0.0.1 -p 1")),
              session.admin().failure("addObjectWithType", null, "::No"),
              session.admin().failure("updateObject", proxyOf("no:tcp -h 127.0.0.1 -p 1")),
              session.admin().failure("removeObject", identityOf("no")),
              session.admin().failure("removeAdapter", "no"),
              session.admin().failure("removeApplication", "no"));
      for (IceFailure failure : failures) {
        assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
        assertThat(failure.reason())
            .isEqualTo("this operation is not allowed on a slave or read-only master registry.");
      }
      session.session().call("startUpdate");
      session.session().call("finishUpdate");
      session.destroy();
    }
  }

  @Test
  void slavesGiveNoClientSessions() {
    for (RegistryProcess slave : List.of(cluster.replica1(), cluster.replica2())) {
      for (IceFailure failure :
          List.of(
              client.registry(slave).failure("createSession", "user", "secret"),
              client.registry(slave).failure("createSessionFromSecureConnection"))) {
        assertThat(failure.type()).isEqualTo("IceGrid.PermissionDeniedException");
        assertThat(failure.reason())
            .isEqualTo("client session creation is only allowed with the master registry.");
      }
    }
  }

  @Test
  void theMasterReachesItsSlaves() {
    AdminSession session = client.adminSession(cluster.master());
    assertThat(session.admin().call("getAllRegistryNames").texts())
        .containsExactly("Replica1", "Replica2", "Master");
    for (String slave : List.of("Replica1", "Replica2")) {
      assertThat(session.admin().call("pingRegistry", slave).bool()).isTrue();
      assertThat(session.admin().call("getRegistryInfo", slave).get("name").text())
          .isEqualTo(slave);
      Remote properties =
          client
              .at("Ice.PropertiesAdmin", session.admin().call("getRegistryAdmin", slave))
              .changed("ice_facet", "Properties");
      assertThat(properties.call("getProperty", "IceGrid.Registry.ReplicaName").text())
          .isEqualTo(slave);
      assertThat(session.session().failure("openRegistryStdErr", slave, -1).type())
          .isEqualTo("IceGrid.FileNotAvailableException");
    }
    session.destroy();
  }

  @Test
  void theAdminToolsReachEachReplica() {
    Implementation.tested()
        .map(lab::admin)
        .forEach(
            tool -> {
              for (RegistryProcess registry : cluster.all()) {
                AdminTool.Result result =
                    tool.bare(
                        "--Ice.Default.Locator=" + cluster.locator(),
                        "-u",
                        "a",
                        "-p",
                        "b",
                        "-r",
                        registry.replica(),
                        "-e",
                        "registry list");
                assertThat(result.exit()).as(result.all()).isZero();
                assertThat(result.out().trim()).endsWith(registry.replica());
              }
              AdminTool.Result refused =
                  tool.bare(
                      "--Ice.Default.Locator=" + cluster.locator(),
                      "-u",
                      "a",
                      "-p",
                      "b",
                      "-r",
                      "Replica1",
                      "-e",
                      "object add 'x:tcp -p 1' ::X");
              assertThat(refused.exit()).isEqualTo(1);
              assertThat(refused.err())
                  .contains(
                      "this operation is not allowed on a slave or read-only master registry.");
            });
  }

  @Test
  void encodingOneZeroReplicatesToo() {
    IceClient old =
        lab.client("Ice.Default.EncodingVersion=1.0", "Ice.Default.Locator=" + cluster.locator());
    old.locatorRegistry(cluster.replica2())
        .call("setAdapterDirectProxy", "Old", proxyOf("dummy:tcp -h 127.0.0.1 -p 1"));
    for (RegistryProcess registry : cluster.all()) {
      assertThat(client.locator(registry).call("findAdapterById", "Old").proxy())
          .startsWith("dummy -t -e 1.0");
    }
    old.locatorRegistry(cluster.replica1()).call("setAdapterDirectProxy", "Old", null);
    old.close();
  }
}
