package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an empty registry offers to clients: its own objects, locator and query. */
@EachImplementation
class WellKnownObjectsTest {
  private Lab lab;
  private RegistryProcess registry;
  private IceClient client;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry =
        lab.registry(implementation)
            .with("IceGrid.Registry.SessionManager.Endpoints", "tcp -h 127.0.0.1")
            .with("IceGrid.Registry.AdminSessionManager.Endpoints", "tcp -h 127.0.0.1")
            .with("IceGrid.Registry.SessionTimeout", "17")
            .start();
    client = lab.client("Ice.Default.Locator=" + registry.locatorProxy());
  }

  @Test
  void everyObjectIsRegisteredWithItsType() {
    Map<String, String> types = new TreeMap<>();
    for (Json info : client.adminSession(registry).admin().call("getAllObjectInfos", "").items()) {
      types.put(info.get("proxy").identity(), info.get("type").text());
    }
    assertThat(types)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "IceGrid/Query", "::IceGrid::Query",
                "IceGrid/Locator", "::Ice::Locator",
                "IceGrid/LocatorRegistry", "::Ice::LocatorRegistry",
                "IceGrid/Registry", "::IceGrid::Registry",
                "IceGrid/InternalRegistry-Master", "::IceGrid::InternalRegistry",
                "IceGrid/SessionManager", "::Glacier2::SessionManager",
                "IceGrid/SSLSessionManager", "::Glacier2::SSLSessionManager",
                "IceGrid/AdminSessionManager", "::Glacier2::SessionManager",
                "IceGrid/AdminSSLSessionManager", "::Glacier2::SSLSessionManager"));
  }

  @Test
  void theirProxiesNameTheAdaptersThatServeThem() {
    Remote query = client.query(registry);
    assertThat(query.call("findObjectById", identityOf("IceGrid/Query")).proxy())
        .isEqualTo(
            "IceGrid/Query -t -e 1.1:tcp -h 127.0.0.1 -p " + registry.clientPort() + " -t 60000");
    assertThat(query.call("findObjectById", identityOf("IceGrid/LocatorRegistry")).proxy())
        .isEqualTo(
            "IceGrid/LocatorRegistry -t -e 1.1:tcp -h 127.0.0.1 -p "
                + registry.serverPort()
                + " -t 60000");
    assertThat(query.call("findObjectById", identityOf("IceGrid/InternalRegistry-Master")).proxy())
        .doesNotContain(" -p " + registry.clientPort())
        .doesNotContain(" -p " + registry.serverPort());
  }

  @Test
  void eachObjectAnswersUnderItsIdentity() {
    for (String name :
        List.of("Query", "Locator", "LocatorRegistry", "Registry", "InternalRegistry-Master")) {
      Remote found = client.object("IceGrid/" + name);
      found.call("ice_ping");
      assertThat(found.call("ice_ids").texts()).contains("::Ice::Object");
    }
    assertThat(client.object(registry.proxy("Locator-Master")).call("ice_id").text())
        .isEqualTo("::IceGrid::Locator");
    assertThat(client.object(registry.proxy("Locator")).call("ice_ids").texts())
        .containsExactly("::Ice::Locator", "::Ice::Object", "::IceGrid::Locator");
    assertThat(client.object("IceGrid/SessionManager").call("ice_id").text())
        .isEqualTo("::Glacier2::SessionManager");
    assertThat(client.object("IceGrid/AdminSSLSessionManager").call("ice_id").text())
        .isEqualTo("::Glacier2::SSLSessionManager");
  }

  @Test
  void objectsThatThereAreNotDoNotExist() {
    for (String name :
        List.of("IceGrid/Nothing", "IceGrid/RegistryFinder", "Other/Query", "Query")) {
      assertThat(client.object(name + ":" + registry.endpoint()).failure("ice_ping").type())
          .isEqualTo("Ice.ObjectNotExistException");
    }
    assertThat(
            client
                .object(registry.proxy("Query"))
                .changed("ice_facet", "none")
                .failure("ice_ping")
                .type())
        .isEqualTo("Ice.FacetNotExistException");
    assertThat(
            client
                .object("IceGrid/NullPermissionsVerifier:" + registry.endpoint())
                .failure("ice_ping")
                .type())
        .isEqualTo("Ice.ObjectNotExistException");
  }

  @Test
  void anUnknownOperationDoesNotExist() {
    assertThat(
            client
                .at("IceGrid.Registry", registry.proxy("Query"))
                .failure("getSessionTimeout")
                .type())
        .isEqualTo("Ice.OperationNotExistException");
  }

  @Test
  void theFinderGivesTheLocator() {
    Json locator =
        client
            .at("Ice.LocatorFinder", "Ice/LocatorFinder:" + registry.endpoint())
            .call("getLocator");
    assertThat(locator.proxy())
        .isEqualTo(
            "IceGrid/Locator -t -e 1.1:tcp -h 127.0.0.1 -p " + registry.clientPort() + " -t 60000");
  }

  @Test
  void theLocatorGivesItsOwnRegistryAndQuery() {
    Remote locator = client.locator(registry);
    assertThat(locator.call("getLocalRegistry").identity()).isEqualTo("IceGrid/Registry");
    assertThat(locator.call("getLocalQuery").identity()).isEqualTo("IceGrid/Query");
    assertThat(locator.call("getLocalQuery").proxy()).contains("-p " + registry.clientPort());
    assertThat(locator.call("getRegistry").identity()).isEqualTo("IceGrid/LocatorRegistry");
    assertThat(locator.call("getRegistry").proxy()).contains("-p " + registry.serverPort());
  }

  @Test
  void theLocatorRefusesWhatItDoesNotKnow() {
    Remote locator = client.locator(registry);
    assertThat(locator.failure("findObjectById", identityOf("nobody")).type())
        .isEqualTo("Ice.ObjectNotFoundException");
    assertThat(locator.failure("findObjectById", identityOf("a/nobody")).type())
        .isEqualTo("Ice.ObjectNotFoundException");
    assertThat(locator.failure("findAdapterById", "nowhere").type())
        .isEqualTo("Ice.AdapterNotFoundException");
    assertThat(locator.failure("findAdapterById", "").type())
        .isEqualTo("Ice.AdapterNotFoundException");
  }

  @Test
  void aClientSeesUnknownNamesAsNotRegistered() {
    IceFailure object = client.object("nobody").failure("ice_ping");
    assertThat(object.type()).isEqualTo("Ice.NotRegisteredException");
    assertThat(object.field("kindOfObject").text()).isEqualTo("object");
    IceFailure adapter = client.object("nobody @ nowhere").failure("ice_ping");
    assertThat(adapter.type()).isEqualTo("Ice.NotRegisteredException");
    assertThat(adapter.field("kindOfObject").text()).isEqualTo("object adapter");
  }

  @Test
  void queriesForWhatIsNotThereAreEmpty() {
    Remote query = client.query(registry);
    assertThat(query.call("findObjectById", identityOf("nobody")).isNull()).isTrue();
    assertThat(query.call("findObjectByType", "::Nothing").isNull()).isTrue();
    Map<String, Object> sample = Map.of("$enum", "IceGrid.LoadSample.LoadSample1");
    assertThat(query.call("findObjectByTypeOnLeastLoadedNode", "::Nothing", sample).isNull())
        .isTrue();
    assertThat(query.call("findAllObjectsByType", "::Nothing").items()).isEmpty();
    assertThat(query.call("findAllReplicas", proxyOf("nobody")).items()).isEmpty();
    assertThat(query.call("findAllReplicas", proxyOf("nobody @ nowhere")).items()).isEmpty();
    assertThat(query.call("findAllReplicas", (Object) null).items()).isEmpty();
  }

  @Test
  void queriesByTypeAreLiteral() {
    Remote query = client.query(registry);
    assertThat(query.call("findObjectByType", "::IceGrid::Query").identity())
        .isEqualTo("IceGrid/Query");
    assertThat(query.call("findAllObjectsByType", "::Glacier2::SessionManager").items())
        .extracting(Json::identity)
        .containsExactlyInAnyOrder("IceGrid/SessionManager", "IceGrid/AdminSessionManager");
    // The locator is a ::Ice::Locator by registration, though its servant is a ::IceGrid::Locator.
    assertThat(query.call("findAllObjectsByType", "::IceGrid::Locator").items()).isEmpty();
    Map<String, Object> sample = Map.of("$enum", "IceGrid.LoadSample.LoadSample15");
    assertThat(query.call("findObjectByTypeOnLeastLoadedNode", "::Ice::Locator", sample).identity())
        .isEqualTo("IceGrid/Locator");
  }

  @Test
  void timeoutsAreTold() {
    Remote remote = client.registry(registry);
    assertThat(remote.call("getSessionTimeout").number()).isEqualTo(17);
    assertThat(remote.call("getACMTimeout").number()).isEqualTo(17);
  }

  @Test
  void clientsOfEncodingOneZeroAreServed() {
    IceClient old =
        lab.client(
            "Ice.Default.EncodingVersion=1.0", "Ice.Default.Locator=" + registry.locatorProxy());
    assertThat(old.query(registry).call("findObjectById", identityOf("IceGrid/Query")).identity())
        .isEqualTo("IceGrid/Query");
    old.object("IceGrid/Query").call("ice_ping");
    assertThat(old.object("nobody").failure("ice_ping").type())
        .isEqualTo("Ice.NotRegisteredException");
    AdminSession session = old.adminSession(registry);
    session.addObject("old/object:tcp -h 127.0.0.1 -p 1", "::Old");
    assertThat(session.objectInfo("old/object").get("type").text()).isEqualTo("::Old");
    session.removeObject("old/object");
    session.destroy();
  }
}
