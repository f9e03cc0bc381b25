package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Observers of an administrative session: the initial state, then every change. */
@EachImplementation
class ObserversTest {
  static final List<String> KINDS =
      List.of(
          "RegistryObserver",
          "NodeObserver",
          "ApplicationObserver",
          "AdapterObserver",
          "ObjectObserver");

  private Lab lab;
  private RegistryProcess registry;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry = lab.registry(implementation).start();
  }

  /** Adds the five observers to an adapter; identities are PREFIX/KIND. */
  static List<Json> addObservers(IceClient client, String adapter, String prefix) {
    return KINDS.stream()
        .map(kind -> client.servant(adapter, prefix + "/" + kind, kind, Map.of()))
        .toList();
  }

  private void observe(IceClient client, AdminSession session, String prefix) {
    client.adapter(prefix, "Endpoints=tcp -h 127.0.0.1");
    List<Json> proxies = addObservers(client, prefix, prefix);
    client.activate(prefix);
    Object[] arguments =
        IntStream.range(0, KINDS.size())
            .mapToObj(i -> proxyOf(proxies.get(i).proxy(), "IceGrid." + KINDS.get(i)))
            .toArray();
    session.session().call("setObservers", arguments);
  }

  private void observeByIdentity(IceClient client, AdminSession session, String prefix) {
    client.callbackAdapter(prefix, session.session());
    addObservers(client, prefix, prefix);
    session
        .session()
        .call(
            "setObserversByIdentity",
            KINDS.stream().map(kind -> identityOf(prefix + "/" + kind)).toArray());
  }

  private void expectInitialState(IceClient client, String prefix) {
    Json registries =
        client.awaitEvent(prefix + "/RegistryObserver", "registryInit").get("args").item(0);
    assertThat(registries.items())
        .extracting(info -> info.get("name").text())
        .containsExactly("Master");
    assertThat(client.awaitEvent(prefix + "/NodeObserver", "nodeInit").get("args").item(0).items())
        .isEmpty();
    Json applications = client.awaitEvent(prefix + "/ApplicationObserver", "applicationInit");
    assertThat(applications.get("args").item(1).items()).isEmpty();
    assertThat(applications.get("args").item(0).number()).isZero();
    Json objects = client.awaitEvent(prefix + "/ObjectObserver", "objectInit");
    assertThat(objects.get("args").item(0).items())
        .extracting(info -> info.get("proxy").identity())
        .contains(
            "IceGrid/Query", "IceGrid/Locator", "IceGrid/LocatorRegistry", "IceGrid/Registry");
    Json adapters = client.awaitEvent(prefix + "/AdapterObserver", "adapterInit");
    assertThat(adapters.get("args").item(0).items()).isEmpty();
    for (Json event : List.of(applications, objects, adapters)) {
      assertThat(event.get("context").get("serial").text()).matches("\\d+");
      assertThat(event.get("context").get("dbSerial").text()).matches("\\d+");
    }
  }

  private void expectChanges(IceClient client, String prefix) {
    IceClient editor = lab.client();
    AdminSession session = editor.adminSession(registry, "editor");
    session.addObject("seen/" + prefix + ":tcp -h 127.0.0.1 -p 1", "::Seen");
    session.admin().call("updateObject", proxyOf("seen/" + prefix + ":tcp -h 127.0.0.1 -p 2"));
    session.removeObject("seen/" + prefix);
    Remote adapters = editor.locatorRegistry(registry);
    adapters.call(
        "setReplicatedAdapterDirectProxy", prefix, "G", proxyOf("dummy:tcp -h 127.0.0.1 -p 1"));
    adapters.call("setAdapterDirectProxy", prefix, proxyOf("dummy:tcp -h 127.0.0.1 -p 2"));
    adapters.call("setAdapterDirectProxy", prefix, null);

    client.awaitEvent(prefix + "/ObjectObserver", "objectRemoved");
    client.awaitEvent(prefix + "/AdapterObserver", "adapterRemoved");
    assertThat(operations(client, prefix + "/ObjectObserver"))
        .containsExactly("objectInit", "objectAdded", "objectUpdated", "objectRemoved");
    assertThat(operations(client, prefix + "/AdapterObserver"))
        .containsExactly("adapterInit", "adapterAdded", "adapterUpdated", "adapterRemoved");
    List<Json> objects = client.events(prefix + "/ObjectObserver");
    assertThat(objects.get(1).get("args").item(0).get("type").text()).isEqualTo("::Seen");
    assertThat(objects.get(2).get("args").item(0).get("proxy").proxy()).contains("-p 2 ");
    assertThat(objects.get(3).get("args").item(0).identity()).isEqualTo("seen/" + prefix);
    List<Json> changed = client.events(prefix + "/AdapterObserver");
    assertThat(changed.get(1).get("args").item(0).get("replicaGroupId").text()).isEqualTo("G");
    assertThat(changed.get(2).get("args").item(0).get("replicaGroupId").text()).isEmpty();
    assertThat(changed.get(3).get("args").item(0).text()).isEqualTo(prefix);
    for (List<Json> events : List.of(objects, changed)) {
      expectConsecutive(events, "serial");
      expectConsecutive(events, "dbSerial");
    }
    session.destroy();
    editor.close();
  }

  private static void expectConsecutive(List<Json> events, String key) {
    long first = Long.parseLong(events.get(0).get("context").get(key).text());
    for (int i = 1; i < events.size(); i++) {
      assertThat(events.get(i).get("context").get(key).text())
          .as(key + " of event " + i)
          .isEqualTo("" + (first + i));
    }
  }

  private static List<String> operations(IceClient client, String identity) {
    return client.events(identity).stream().map(event -> event.get("op").text()).toList();
  }

  @Test
  void observersByProxySeeEveryChange() {
    IceClient client = lab.client();
    AdminSession session = client.adminSession(registry);
    observe(client, session, "direct");
    expectInitialState(client, "direct");
    expectChanges(client, "direct");
    session.destroy();
  }

  @Test
  void observersByIdentityAreCalledOverTheSessionsConnection() {
    IceClient client = lab.client();
    AdminSession session = client.adminSession(registry);
    observeByIdentity(client, session, "bidirectional");
    expectInitialState(client, "bidirectional");
    expectChanges(client, "bidirectional");
    session.destroy();
  }

  @Test
  void aCancelledObserverIsNotCalledAnyMore() {
    IceClient client = lab.client();
    AdminSession session = client.adminSession(registry);
    observe(client, session, "cancelled");
    expectInitialState(client, "cancelled");
    session.session().call("setObservers", null, null, null, null, null);
    AdminSession witness = lab.client().adminSession(registry, "witness");
    IceClient other = witness.session().client();
    observe(other, witness, "witness");
    expectInitialState(other, "witness");
    expectChanges(other, "witness");
    assertThat(operations(client, "cancelled/ObjectObserver")).containsExactly("objectInit");
    session.destroy();
    witness.destroy();
  }

  @Test
  void aNewObserverReplacesTheOneBefore() {
    IceClient client = lab.client();
    AdminSession session = client.adminSession(registry);
    observe(client, session, "before");
    expectInitialState(client, "before");
    observe(client, session, "after");
    expectInitialState(client, "after");
    expectChanges(client, "after");
    assertThat(operations(client, "before/ObjectObserver")).containsExactly("objectInit");
    session.destroy();
  }

  @Test
  void theEndOfTheSessionEndsItsObservers() {
    IceClient client = lab.client();
    AdminSession session = client.adminSession(registry);
    observe(client, session, "ended");
    expectInitialState(client, "ended");
    session.destroy();
    assertThat(session.session().failure("setObservers", null, null, null, null, null).type())
        .isEqualTo("Ice.ObjectNotExistException");
    IceClient next = lab.client();
    AdminSession witness = next.adminSession(registry, "next");
    observe(next, witness, "next");
    expectInitialState(next, "next");
    expectChanges(next, "next");
    assertThat(operations(client, "ended/ObjectObserver")).containsExactly("objectInit");
    witness.destroy();
  }

  @Test
  void anObserverThatHangsHoldsUpNobodyElse() {
    IceClient client = lab.client();
    AdminSession session = client.adminSession(registry);
    client.adapter("Hanging", "Endpoints=tcp -h 127.0.0.1");
    Json silent = client.servant("Hanging", "silent", "silent", Map.of());
    client.activate("Hanging");
    session
        .session()
        .call(
            "setObservers",
            null,
            null,
            null,
            null,
            proxyOf(silent.proxy(), "IceGrid.ObjectObserver"));
    IceClient other = lab.client();
    AdminSession witness = other.adminSession(registry, "brisk");
    observe(other, witness, "brisk");
    expectInitialState(other, "brisk");
    expectChanges(other, "brisk");
    client.ask("release", Map.of());
    witness.destroy();
  }
}
