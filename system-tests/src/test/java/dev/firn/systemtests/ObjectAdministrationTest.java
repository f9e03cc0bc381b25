package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The object operations of Admin. */
@EachImplementation
class ObjectAdministrationTest {
  private RegistryProcess registry;
  private IceClient client;
  private AdminSession session;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    registry = lab.registry(implementation).start();
    client = lab.client("Ice.Default.Locator=" + registry.locatorProxy());
    session = client.adminSession(registry);
  }

  @AfterEach
  void clear() {
    for (String identity : identities("")) {
      if (!identity.startsWith("IceGrid/")) {
        session.removeObject(identity);
      }
    }
  }

  private List<String> identities(String expression) {
    return session.admin().call("getAllObjectInfos", expression).items().stream()
        .map(info -> info.get("proxy").identity())
        .toList();
  }

  private Json find(String identity) {
    return client.query(registry).call("findObjectById", identityOf(identity));
  }

  @Test
  void anAddedObjectIsFoundUnchanged() {
    session.addObject(
        "cat/direct -f facet -o -s -e 1.0:tcp -h 127.0.0.1 -p 7 -t 5:udp -h 127.0.0.1 -p 8", "::A");
    session.addObject("indirect @ Somewhere", "::A");
    session.addObject("wellknown", "::B");
    assertThat(find("cat/direct").proxy())
        .startsWith(
            "cat/direct -f facet -o -s -e 1.0:tcp -h 127.0.0.1 -p 7 -t 5:udp -h 127.0.0.1 -p 8");
    assertThat(client.locator(registry).call("findObjectById", identityOf("indirect")).proxy())
        .isEqualTo("indirect -t -e 1.1 @ Somewhere");
    assertThat(find("wellknown").proxy()).isEqualTo("wellknown -t -e 1.1");
    assertThat(session.objectInfo("cat/direct").get("type").text()).isEqualTo("::A");
    assertThat(session.admin().call("getObjectInfosByType", "::A").items())
        .extracting(info -> info.get("proxy").identity())
        .containsExactlyInAnyOrder("cat/direct", "indirect");
    assertThat(client.query(registry).call("findAllObjectsByType", "::A").items()).hasSize(2);
  }

  @Test
  void namesNeedNotBeAscii() {
    String identity = "K\u00e4tzchen/\u4f60\u597d \ud83d\ude00";
    session
        .admin()
        .call(
            "addObjectWithType",
            proxyOf("\"" + identity + "\":tcp -h 127.0.0.1 -p 7"),
            "::T\u00fcp");
    assertThat(client.query(registry).call("findAllObjectsByType", "::T\u00fcp").items())
        .hasSize(1);
    assertThat(session.objectInfo(identity).get("type").text()).isEqualTo("::T\u00fcp");
  }

  @Test
  void addObjectAsksTheObjectForItsType() {
    client.adapter("Types", "Endpoints=tcp -h 127.0.0.1");
    Json proxy =
        client.servant("Types", "typed", "echo", Map.of("types", List.of("::Test::Typed")));
    client.activate("Types");
    session.admin().call("addObject", proxyOf(proxy.proxy()));
    assertThat(session.objectInfo("typed").get("type").text()).isEqualTo("::Test::Typed");
    client.deactivate("Types");
  }

  @Test
  void addObjectRefusesAnObjectThatDoesNotAnswer() {
    int nobody = Ports.free();
    IceFailure failure =
        session.admin().failure("addObject", proxyOf("absent:tcp -h 127.0.0.1 -p " + nobody));
    assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
    assertThat(failure.reason())
        .startsWith("failed to invoke ice_id() on proxy `absent ")
        .contains("-p " + nobody);
    assertThat(find("absent").isNull()).isTrue();
  }

  @Test
  @Tag("reference-defect")
  void addObjectResolvesAnIndirectProxyThroughTheRegistryItself() {
    client.adapter("Indirect", "Endpoints=tcp -h 127.0.0.1", "AdapterId=IndirectId");
    client.servant("Indirect", "far", "echo", Map.of("types", List.of("::Test::Far")));
    client.activate("Indirect");
    if (registry.isFirn()) {
      session.admin().call("addObject", proxyOf("far @ IndirectId"));
      assertThat(session.objectInfo("far").get("type").text()).isEqualTo("::Test::Far");
    } else {
      IceFailure failure = session.admin().failure("addObject", proxyOf("far @ IndirectId"));
      assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
      assertThat(failure.reason()).contains("NoEndpointException");
    }
    client.deactivate("Indirect");
  }

  @Test
  void anObjectIsAddedOnce() {
    session.addObject("twice:tcp -h 127.0.0.1 -p 1", "::A");
    IceFailure failure =
        session.admin().failure("addObjectWithType", proxyOf("twice:tcp -h 127.0.0.1 -p 2"), "::B");
    assertThat(failure.type()).isEqualTo("IceGrid.ObjectExistsException");
    assertThat(failure.field("id").identity()).isEqualTo("twice");
    assertThat(find("twice").proxy()).contains("-p 1 ");
  }

  @Test
  void anUpdateChangesTheProxyAndKeepsTheType() {
    session.addObject("changing:tcp -h 127.0.0.1 -p 1", "::A");
    session.admin().call("updateObject", proxyOf("changing:tcp -h 127.0.0.1 -p 2"));
    assertThat(find("changing").proxy()).contains("-p 2 ");
    assertThat(session.objectInfo("changing").get("type").text()).isEqualTo("::A");
  }

  @Test
  void aRemovedObjectIsGone() {
    session.addObject("leaving:tcp -h 127.0.0.1 -p 1", "::Gone");
    session.removeObject("leaving");
    assertThat(find("leaving").isNull()).isTrue();
    assertThat(client.query(registry).call("findAllObjectsByType", "::Gone").items()).isEmpty();
  }

  @Test
  void unknownObjectsAreRefusedByIdentity() {
    List<IceFailure> failures =
        List.of(
            session.admin().failure("getObjectInfo", identityOf("x/none")),
            session.admin().failure("removeObject", identityOf("x/none")),
            session.admin().failure("updateObject", proxyOf("x/none:tcp -h 127.0.0.1 -p 1")));
    for (IceFailure failure : failures) {
      assertThat(failure.type()).isEqualTo("IceGrid.ObjectNotRegisteredException");
      assertThat(failure.field("id").identity()).isEqualTo("x/none");
    }
  }

  @Test
  void nullProxiesAreRefused() {
    List<IceFailure> failures =
        List.of(
            session.admin().failure("addObject", (Object) null),
            session.admin().failure("addObjectWithType", null, "::A"),
            session.admin().failure("updateObject", (Object) null));
    for (IceFailure failure : failures) {
      assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
      assertThat(failure.reason()).isEqualTo("proxy is null");
    }
  }

  @Test
  void theRegistrysOwnCategoryIsNotForOthers() {
    Map<String, IceFailure> failures =
        Map.of(
            "adding",
                session
                    .admin()
                    .failure(
                        "addObjectWithType", proxyOf("IceGrid/Mine:tcp -h 127.0.0.1 -p 1"), "::A"),
            "updating",
                session
                    .admin()
                    .failure("updateObject", proxyOf("IceGrid/Query:tcp -h 127.0.0.1 -p 1")),
            "removing", session.admin().failure("removeObject", identityOf("IceGrid/Query")));
    failures.forEach(
        (what, failure) -> {
          assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
          assertThat(failure.reason())
              .startsWith(what + " object `IceGrid/")
              .contains("objects with identity category `IceGrid")
              .contains("are managed by IceGrid");
        });
  }

  @Test
  void objectsAreSelectedByAPatternWithOneStar() {
    for (String name : List.of("p/one", "p/two", "p/twelve", "q/two")) {
      session.addObject(name + ":tcp -h 127.0.0.1 -p 1", "::P");
    }
    assertThat(identities("p/*")).containsExactlyInAnyOrder("p/one", "p/two", "p/twelve");
    assertThat(identities("*/two")).containsExactlyInAnyOrder("p/two", "q/two");
    assertThat(identities("p/tw*")).containsExactlyInAnyOrder("p/two", "p/twelve");
    assertThat(identities("p/tw*e")).containsExactlyInAnyOrder("p/twelve");
    assertThat(identities("p/two*")).containsExactly("p/two");
    assertThat(identities("p/two")).containsExactly("p/two");
    assertThat(identities("p")).isEmpty();
    assertThat(identities("*")).contains("p/one", "q/two", "IceGrid/Query");
    assertThat(identities("")).contains("p/one", "q/two", "IceGrid/Query");
  }

  @Test
  void aRandomObjectOfATypeIsOneOfThem() {
    for (int i = 0; i < 4; i++) {
      session.addObject("random" + i + ":tcp -h 127.0.0.1 -p 1", "::Random");
    }
    Remote query = client.query(registry);
    Map<String, Boolean> seen = new TreeMap<>();
    // Four objects: not to see two of them in 200 draws has a probability of 4^-199.
    for (int draw = 0; draw < 200 && seen.size() < 2; draw++) {
      seen.put(query.call("findObjectByType", "::Random").identity(), true);
    }
    assertThat(seen).hasSizeGreaterThan(1);
    assertThat(seen.keySet()).allMatch(identity -> identity.startsWith("random"));
  }

  @Test
  void changesAreTracedWithTheirSerials() {
    session.addObject("traced:tcp -h 127.0.0.1 -p 1", "::A");
    session.admin().call("updateObject", proxyOf("traced:tcp -h 127.0.0.1 -p 2"));
    session.removeObject("traced");
    for (String what : List.of("added", "updated", "removed")) {
      registry.awaitConsole("Object: " + what + " object `traced' (serial = `");
    }
  }
}
