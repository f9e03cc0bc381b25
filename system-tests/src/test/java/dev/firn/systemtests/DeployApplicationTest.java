package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Applications are added, updated, instantiated into and removed; master, slave and node agree. */
@EachGrid
class DeployApplicationTest {
  private GridMix mix;
  private Grid grid;
  private IceClient client;

  @Initializer
  void start(Lab lab, GridMix mix) {
    this.mix = mix;
    grid = Grid.of(lab, mix, 1, "node").start();
    client = grid.client();
  }

  @AfterEach
  void removeAll() {
    grid.removeAll();
  }

  private Json info(String application) {
    return grid.admin().call("getApplicationInfo", application);
  }

  private Json serverDescriptor(String id) {
    return grid.admin().call("getServerInfo", id).get("descriptor");
  }

  private Remote slaveAdmin() {
    return client.adminSession(grid.slave(1)).admin();
  }

  /**
   * What an update that the node does not load ends with. A node of the reference that master and
   * slave ask for the same server at once now and then tells one of them that it is loaded, and
   * destroys it: no registry can know.
   */
  private IceFailure refusal(String operation, GridApplication application) {
    try {
      grid.admin().call(operation, application.value());
    } catch (IceFailure failure) {
      return failure;
    }
    assumeThat(mix.node())
        .as("a node whose answer to a load can be relied on")
        .isNotEqualTo(Implementation.ZEROC);
    throw new AssertionError(operation + " was not refused");
  }

  private static void expectDeploymentException(IceFailure failure, String reason) {
    assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
    assertThat(failure.reason()).contains(reason);
  }

  private static Map<String, Object> instance(String template, Map<String, String> parameters) {
    return Map.of(
        "$struct",
        "IceGrid.ServerInstanceDescriptor",
        "template",
        template,
        "parameterValues",
        parameters);
  }

  private static Map<String, Object> removal(String application, String server) {
    return Map.of(
        "$struct",
        "IceGrid.ApplicationUpdateDescriptor",
        "name",
        application,
        "nodes",
        List.of(
            Map.of(
                "$struct",
                "IceGrid.NodeUpdateDescriptor",
                "name",
                "node",
                "removeServers",
                List.of(server))));
  }

  @Test
  void anAddedApplicationIsThereAsAWhole() {
    grid.add(GridApplication.of("app", GridServer.python("one"), GridServer.python("two")));
    assertThat(grid.applications()).containsExactly("app");
    Json info = info("app");
    assertThat(info.get("revision").number()).isEqualTo(1);
    assertThat(info.get("uuid").text()).isNotEmpty();
    assertThat(info.get("createTime").number()).isEqualTo(info.get("updateTime").number());
    assertThat(info.get("createUser").text()).isEqualTo("tester");
    assertThat(grid.admin().call("getAllServerIds").texts()).containsExactly("one", "two");
    assertThat(grid.admin().call("getAllAdapterIds").texts())
        .containsExactly("one.Server", "two.Server");
    assertThat(grid.admin().call("getAllNodeNames").texts()).containsExactly("node");
    Json server = grid.admin().call("getServerInfo", "one");
    assertThat(server.get("application").text()).isEqualTo("app");
    assertThat(server.get("node").text()).isEqualTo("node");
    assertThat(server.get("uuid")).isEqualTo(info.get("uuid"));
    assertThat(grid.state("one")).isEqualTo("Inactive");
    assertThat(grid.pid("one")).isZero();
    assertThat(grid.isEnabled("one")).isTrue();
    assertThat(grid.findObject("one").proxy()).contains("@ one.Server");
    assertThat(grid.node("node").servers().resolve("one/config/config")).exists();
  }

  @Test
  void theSlaveHasWhatTheMasterHas() {
    grid.add(GridApplication.of("app", GridServer.python("one").with("A", "1")));
    assertThat(slaveAdmin().call("getApplicationInfo", "app")).isEqualTo(info("app"));
    grid.sync(
        GridApplication.of(
            "app", GridServer.python("one").with("A", "2"), GridServer.python("two")));
    Json updated = slaveAdmin().call("getApplicationInfo", "app");
    assertThat(updated).isEqualTo(info("app"));
    assertThat(updated.get("revision").number()).isEqualTo(2);
    assertThat(slaveAdmin().call("getAllServerIds").texts()).containsExactly("one", "two");
    grid.remove("app");
    assertThat(slaveAdmin().call("getAllApplicationNames").items()).isEmpty();
  }

  @Test
  void aSlaveRefusesEveryChange() {
    grid.add(GridApplication.of("app", GridServer.python("one")));
    Object other = GridApplication.of("other", GridServer.python("two")).value();
    Remote slave = slaveAdmin();
    String reason = "this operation is not allowed on a slave or read-only master registry.";
    expectDeploymentException(slave.failure("addApplication", other), reason);
    expectDeploymentException(slave.failure("syncApplication", other), reason);
    expectDeploymentException(slave.failure("syncApplicationWithoutRestart", other), reason);
    expectDeploymentException(slave.failure("updateApplication", removal("app", "one")), reason);
    expectDeploymentException(
        slave.failure("updateApplicationWithoutRestart", removal("app", "one")), reason);
    expectDeploymentException(slave.failure("removeApplication", "app"), reason);
    expectDeploymentException(
        slave.failure("instantiateServer", "app", "node", instance("t", Map.of())), reason);
  }

  @Test
  void aSecondApplicationOfTheNameIsRefused() {
    grid.add(GridApplication.of("app"));
    expectDeploymentException(
        grid.admin().failure("addApplication", GridApplication.of("app").value()),
        "application `app' already exists");
  }

  @Test
  void idsAreUniqueOverAllApplications() {
    grid.add(
        GridApplication.of("app", GridServer.python("one")).group("group", "Random", 1, "object"));
    Remote admin = grid.admin();
    expectDeploymentException(
        admin.failure("addApplication", GridApplication.of("b", GridServer.python("one")).value()),
        "server `one' is already registered");
    GridServer sameAdapter = GridServer.pythonWithoutAdapters("one.Server").adapter("X");
    expectDeploymentException(
        admin.failure(
            "addApplication", new GridApplication("b").group("one.Server", "Random", 1).value()),
        "adapter `one.Server' is already registered");
    expectDeploymentException(
        admin.failure(
            "addApplication",
            GridApplication.of("b", GridServer.pythonWithoutAdapters("two").adapter("S", "object"))
                .value()),
        "object `object' is already registered");
    // An id of a server may be that of another's adapter.
    grid.add(GridApplication.of("b", sameAdapter));
    assertThat(grid.applications()).containsExactly("app", "b");
  }

  @Test
  void whatIsRegisteredByOthersIsTaken() {
    AdminSession session = client.adminSession(grid.master());
    session.addObject("taken:tcp -h 127.0.0.1 -p 1", "::Taken");
    client
        .locatorRegistry(grid.master())
        .call("setAdapterDirectProxy", "dynamic.S", proxyOf("dummy:tcp -h 127.0.0.1 -p 1"));
    expectDeploymentException(
        grid.admin()
            .failure(
                "addApplication",
                GridApplication.of(
                        "b", GridServer.pythonWithoutAdapters("two").adapter("S", "taken"))
                    .value()),
        "object `taken' is already registered");
    expectDeploymentException(
        grid.admin()
            .failure(
                "addApplication",
                GridApplication.of("b", GridServer.pythonWithoutAdapters("dynamic").adapter("S"))
                    .value()),
        "adapter `dynamic.S' is already registered");
    assertThat(grid.applications()).isEmpty();

    grid.add(GridApplication.of("app", GridServer.python("one")));
    IceFailure object =
        session
            .admin()
            .failure("addObjectWithType", proxyOf("one:tcp -h 127.0.0.1 -p 1"), "::Taken");
    assertThat(object.type()).isEqualTo("IceGrid.ObjectExistsException");
    expectDeploymentException(
        session.admin().failure("removeAdapter", "one.Server"),
        "the adapter was added with the application descriptor `app'");
    session.removeObject("taken");
    session.admin().call("removeAdapter", "dynamic.S");
    session.destroy();
  }

  @Test
  void descriptorsWithMistakesAreRefusedAndNothingIsLeft() {
    Remote admin = grid.admin();
    for (GridServer wrong :
        List.of(
            GridServer.python("one").activation("sometimes"),
            GridServer.python("${missing}"),
            GridServer.python(""),
            GridServer.exe("one", ""),
            GridServer.python("one").timeouts(-1, 0).set("activationTimeout", "soon"),
            GridServer.python("one").adapter("Server"))) {
      IceFailure failure =
          admin.failure("addApplication", GridApplication.of("app", wrong).value());
      assertThat(failure.type()).as(wrong.id()).isEqualTo("IceGrid.DeploymentException");
      assertThat(failure.reason()).isNotEmpty();
    }
    assertThat(grid.applications()).isEmpty();
    assertThat(grid.admin().call("getAllServerIds").items()).isEmpty();
  }

  @Test
  void aSyncKeepsWhatIsTheSameAndChangesTheRest() {
    grid.add(
        GridApplication.of(
            "app",
            GridServer.python("same"),
            GridServer.python("changed").with("A", "1"),
            GridServer.python("gone")));
    String uuid = info("app").get("uuid").text();
    for (String id : List.of("same", "changed", "gone")) {
      grid.start(id);
    }
    long same = grid.pid("same");
    long changed = grid.pid("changed");
    grid.sync(
        GridApplication.of(
            "app",
            GridServer.python("same"),
            GridServer.python("changed").with("A", "2"),
            GridServer.python("new")));
    assertThat(info("app").get("uuid").text()).isEqualTo(uuid);
    assertThat(grid.revision("app")).isEqualTo(2);
    assertThat(grid.pid("same")).isEqualTo(same);
    assertThat(grid.state("changed")).isEqualTo("Inactive");
    assertThat(grid.ask("changed", "property A")).isEqualTo("2");
    assertThat(grid.pid("changed")).isNotEqualTo(changed);
    assertThat(grid.admin().failure("getServerState", "gone").type())
        .isEqualTo("IceGrid.ServerNotExistException");
    assertThat(grid.lab().leftovers().ofServer("gone")).isEmpty();
    assertThat(grid.node("node").servers().resolve("gone")).doesNotExist();
    assertThat(grid.ask("new", "id")).isEqualTo("new");
  }

  @Test
  void anUpdateNamesOnlyWhatChanges() {
    grid.add(GridApplication.of("app", GridServer.python("one"), GridServer.python("two")));
    grid.start("one");
    long pid = grid.pid("one");
    grid.admin().call("updateApplication", removal("app", "two"));
    assertThat(grid.revision("app")).isEqualTo(2);
    assertThat(grid.admin().call("getAllServerIds").texts()).containsExactly("one");
    assertThat(grid.pid("one")).isEqualTo(pid);
    assertThat(slaveAdmin().call("getApplicationInfo", "app")).isEqualTo(info("app"));
    Map<String, Object> variables =
        Map.of(
            "$struct",
            "IceGrid.ApplicationUpdateDescriptor",
            "name",
            "app",
            "description",
            Map.of("$struct", "IceGrid.BoxedString", "value", "now with variables"),
            "variables",
            Map.of("x", "1", "y", "2"));
    grid.admin().call("updateApplication", variables);
    Json descriptor = info("app").get("descriptor");
    assertThat(descriptor.get("description").text()).isEqualTo("now with variables");
    assertThat(descriptor.get("variables").fields()).containsKeys("x", "y");
    assertThat(grid.revision("app")).isEqualTo(3);
    assertThat(grid.pid("one")).isEqualTo(pid);
  }

  @Test
  void aTemplateIsInstantiated() {
    GridServer templated = GridServer.python("server-${index}").with("Index", "${index}");
    grid.add(new GridApplication("app").node("node").template("T", templated, "index"));
    grid.admin().call("instantiateServer", "app", "node", instance("T", Map.of("index", "7")));
    assertThat(grid.revision("app")).isEqualTo(2);
    assertThat(grid.admin().call("getAllServerIds").texts()).containsExactly("server-7");
    assertThat(serverDescriptor("server-7").get("id").text()).isEqualTo("server-7");
    assertThat(grid.ask("server-7", "property Index")).isEqualTo("7");
    Remote admin = grid.admin();
    expectDeploymentException(
        admin.failure("instantiateServer", "app", "node", instance("T", Map.of("index", "7"))),
        "server-7");
    expectDeploymentException(
        admin.failure("instantiateServer", "app", "node", instance("T", Map.of())), "index");
    expectDeploymentException(
        admin.failure("instantiateServer", "app", "node", instance("U", Map.of())), "U");
    assertThat(admin.failure("instantiateServer", "nix", "node", instance("T", Map.of())).type())
        .isEqualTo("IceGrid.ApplicationNotExistException");
    assertThat(grid.revision("app")).isEqualTo(2);
  }

  @Test
  void aRemovedApplicationLeavesNothing() {
    grid.add(GridApplication.of("app", GridServer.python("one"), GridServer.python("two")));
    grid.start("one");
    long pid = grid.pid("one");
    grid.remove("app");
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(grid.applications()).isEmpty();
    assertThat(grid.admin().call("getAllServerIds").items()).isEmpty();
    assertThat(grid.admin().call("getAllAdapterIds").items()).isEmpty();
    assertThat(grid.findObject("one").isNull()).isTrue();
    assertThat(client.locator(grid.master()).failure("findAdapterById", "one.Server").type())
        .isEqualTo("Ice.AdapterNotFoundException");
    assertThat(grid.node("node").servers()).isEmptyDirectory();
    for (Remote admin : List.of(grid.admin(), slaveAdmin())) {
      IceFailure failure = admin.failure("getApplicationInfo", "app");
      assertThat(failure.type()).isEqualTo("IceGrid.ApplicationNotExistException");
      assertThat(failure.field("name").text()).isEqualTo("app");
    }
  }

  @Test
  void unknownApplicationsCannotBeUpdated() {
    Remote admin = grid.admin();
    Object nix = GridApplication.of("nix").value();
    for (String operation : List.of("syncApplication", "syncApplicationWithoutRestart")) {
      assertThat(admin.failure(operation, nix).type())
          .isEqualTo("IceGrid.ApplicationNotExistException");
    }
    for (String operation : List.of("updateApplication", "updateApplicationWithoutRestart")) {
      assertThat(admin.failure(operation, removal("nix", "one")).type())
          .isEqualTo("IceGrid.ApplicationNotExistException");
    }
    assertThat(admin.failure("removeApplication", "nix").type())
        .isEqualTo("IceGrid.ApplicationNotExistException");
  }

  @Test
  void whatANodeRefusesIsRolledBack() {
    GridServer refused = GridServer.python("refused").set("user", "nobody-of-this-name");
    expectDeploymentException(
        refusal("addApplication", GridApplication.of("app", GridServer.python("fine"), refused)),
        "couldn't load `refused' on node `node'");
    assertThat(grid.applications()).isEmpty();
    assertThat(slaveAdmin().call("getAllApplicationNames").items()).isEmpty();
    Await.until(
        "the other server is gone from the node",
        () -> !grid.node("node").servers().resolve("fine").toFile().exists());

    grid.add(GridApplication.of("app", GridServer.python("fine").with("A", "1")));
    grid.start("fine");
    IceFailure update =
        refusal(
            "syncApplication",
            GridApplication.of("app", GridServer.python("fine").with("A", "2"), refused));
    assertThat(update.type()).isEqualTo("IceGrid.DeploymentException");
    assertThat(grid.admin().call("getAllServerIds").texts()).containsExactly("fine");
    assertThat(grid.ask("fine", "property A")).isEqualTo("1");
    // The update and its reversal are revisions of their own. (Who reversed it, and when, is not
    // the same on the reference's master and slaves.)
    assertThat(grid.revision("app")).isEqualTo(3);
    Json onSlave = slaveAdmin().call("getApplicationInfo", "app");
    assertThat(onSlave.get("revision")).isEqualTo(info("app").get("revision"));
    assertThat(onSlave.get("descriptor")).isEqualTo(info("app").get("descriptor"));
  }

  @Test
  void aReplicaGroupOfAnotherApplicationMayBeUsed() {
    grid.add(new GridApplication("groups").group("shared", "Random", 0, "member"));
    GridServer member =
        GridServer.pythonWithoutAdapters("one")
            .activation("on-demand")
            .member("Server", "shared", "");
    expectDeploymentException(
        grid.admin()
            .failure(
                "addApplication",
                GridApplication.of(
                        "bad",
                        GridServer.pythonWithoutAdapters("two").member("Server", "unknown", ""))
                    .value()),
        "couldn't find replica group `unknown'");
    grid.add(GridApplication.of("members", member));
    assertThat(grid.ask("member", "id")).isEqualTo("one");
    expectDeploymentException(
        grid.admin().failure("removeApplication", "groups"), "replica group `shared'");
    grid.remove("members");
    grid.remove("groups");
  }

  @Test
  void oneSessionMayLockOutOthers() {
    AdminSession holder = grid.newClient().adminSession(grid.master(), "holder");
    AdminSession other = grid.newClient().adminSession(grid.master(), "other");
    holder.session().call("startUpdate");
    holder.session().call("startUpdate");
    IceFailure second = other.session().failure("startUpdate");
    assertThat(second.type()).isEqualTo("IceGrid.AccessDeniedException");
    assertThat(second.field("lockUserId").text()).isEqualTo("holder");
    Object app = GridApplication.of("app", GridServer.python("one")).value();
    holder.admin().call("addApplication", app);
    Map<String, Object> removal = removal("app", "one");
    for (IceFailure failure :
        List.of(
            other.admin().failure("addApplication", app),
            other.admin().failure("syncApplication", app),
            other.admin().failure("syncApplicationWithoutRestart", app),
            other.admin().failure("updateApplication", removal),
            other.admin().failure("updateApplicationWithoutRestart", removal),
            other.admin().failure("removeApplication", "app"),
            other.admin().failure("instantiateServer", "app", "node", instance("T", Map.of())))) {
      assertThat(failure.type()).isEqualTo("IceGrid.AccessDeniedException");
      assertThat(failure.field("lockUserId").text()).isEqualTo("holder");
    }
    other.admin().call("startServer", "one");
    assertThat(other.session().failure("finishUpdate").type())
        .isEqualTo("IceGrid.AccessDeniedException");
    // The end of the session releases the lock.
    holder.destroy();
    other.session().call("startUpdate");
    other.admin().call("removeApplication", "app");
    other.session().call("finishUpdate");
    other.destroy();
  }
}
