package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An administrative session with all five observers stays correct while replicas fail around it.
 */
@EachMix
class ObserverFailoverTest {
  private Mix mix;

  @Initializer
  void start(Mix mix) {
    this.mix = mix;
  }

  @Test
  void observersOfASurvivingSlaveFollowItsDatabaseThroughAPromotion() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix).start();
      RegistryProcess survivor = cluster.replica2();
      IceClient client = lab.client("Ice.Default.Locator=" + cluster.locator());
      Cluster.awaitConnected(client, cluster.master(), "Replica1", "Replica2");
      IceClient watching = lab.client();
      AdminSession session = watching.adminSession(survivor, "watcher");
      watching.callbackAdapter("Observers", session.session());
      ObserversTest.addObservers(watching, "Observers", "w");
      session
          .session()
          .call(
              "setObserversByIdentity",
              ObserversTest.KINDS.stream().map(kind -> identityOf("w/" + kind)).toArray());
      // A slave shows only itself.
      Json registries =
          watching.awaitEvent("w/RegistryObserver", "registryInit").get("args").item(0);
      assertThat(registries.items())
          .extracting(info -> info.get("name").text())
          .containsExactly("Replica2");
      watching.awaitEvent("w/NodeObserver", "nodeInit");
      watching.awaitEvent("w/ApplicationObserver", "applicationInit");

      change(client, cluster.master(), "first");
      expectObserved(watching, client, survivor);
      cluster.master().kill();
      expectObserved(watching, client, survivor);
      cluster.replica1().terminate();
      cluster.replica1().named("Master").start();
      Cluster.awaitConnected(client, cluster.replica1(), "Replica2");
      change(client, cluster.replica1(), "second");
      expectObserved(watching, client, survivor);
      cluster.master().named("Replica1").start();
      Cluster.awaitConnected(client, cluster.replica1(), "Replica1", "Replica2");
      change(client, cluster.replica1(), "third");
      expectObserved(watching, client, survivor);
      assertThat(session.session().call("getReplicaName").text()).isEqualTo("Replica2");
    }
  }

  @Test
  void theMastersRegistryObserverHearsOfSlaves() {
    try (Lab lab = new Lab()) {
      Cluster cluster = Cluster.of(lab, mix).start();
      IceClient watching = lab.client();
      Cluster.awaitConnected(watching, cluster.master(), "Replica1", "Replica2");
      AdminSession session = watching.adminSession(cluster.master(), "watcher");
      watching.callbackAdapter("Observers", session.session());
      watching.servant("Observers", "w/Registry", "RegistryObserver", Map.of());
      session
          .session()
          .call(
              "setObserversByIdentity",
              identityOf("w/Registry"),
              identityOf(""),
              identityOf(""),
              identityOf(""),
              identityOf(""));
      Json all = watching.awaitEvent("w/Registry", "registryInit").get("args").item(0);
      assertThat(all.items())
          .extracting(info -> info.get("name").text())
          .containsExactlyInAnyOrder("Master", "Replica1", "Replica2");
      cluster.replica1().terminate();
      assertThat(watching.awaitEvent("w/Registry", "registryDown").get("args").item(0).text())
          .isEqualTo("Replica1");
      cluster.replica1().start();
      assertThat(
              watching
                  .awaitEvent("w/Registry", "registryUp")
                  .get("args")
                  .item(0)
                  .get("name")
                  .text())
          .isEqualTo("Replica1");
    }
  }

  private static void change(IceClient client, RegistryProcess master, String prefix) {
    AdminSession session = client.adminSession(master, "editor");
    session.addObject(prefix + "/a:tcp -h 127.0.0.1 -p 1", "::T");
    session.addObject(prefix + "/b:tcp -h 127.0.0.1 -p 1", "::T");
    session.admin().call("updateObject", proxyOf(prefix + "/a:tcp -h 127.0.0.1 -p 2"));
    session.removeObject(prefix + "/b");
    Remote adapters = client.locatorRegistry(master);
    adapters.call("setAdapterDirectProxy", prefix, proxyOf("d:tcp -h 127.0.0.1 -p 1"));
    adapters.call(
        "setReplicatedAdapterDirectProxy", prefix, "G", proxyOf("d:tcp -h 127.0.0.1 -p 2"));
    adapters.call("setAdapterDirectProxy", prefix + "-gone", proxyOf("d:tcp -h 127.0.0.1 -p 1"));
    adapters.call("setAdapterDirectProxy", prefix + "-gone", null);
    session.destroy();
  }

  /** What the observers were told adds up to what the replica has. */
  private static void expectObserved(
      IceClient watching, IceClient client, RegistryProcess registry) {
    Await.asserted(
        () -> {
          AdminSession session = client.adminSession(registry);
          Map<String, String> objects = new TreeMap<>();
          for (Json info : session.admin().call("getAllObjectInfos", "").items()) {
            objects.put(info.get("proxy").identity(), info.get("proxy").proxy());
          }
          Map<String, String> adapters = new TreeMap<>();
          for (Json id : session.admin().call("getAllAdapterIds").items()) {
            for (Json info : session.admin().call("getAdapterInfo", id.text()).items()) {
              adapters.put(info.get("id").text(), info.get("proxy").proxy());
            }
          }
          session.destroy();
          Map<String, String> seen =
              observed(watching, "w/ObjectObserver", info -> info.get("proxy").identity());
          if (!registry.isFirn()) {
            // A slave of the reference shows its observers the first endpoints of the replicated
            // objects for ever.
            seen.keySet().removeIf(identity -> identity.startsWith("IceGrid/"));
            objects.keySet().removeIf(identity -> identity.startsWith("IceGrid/"));
          }
          assertThat(seen).isEqualTo(objects);
          assertThat(observed(watching, "w/AdapterObserver", info -> info.get("id").text()))
              .isEqualTo(adapters);
        });
  }

  private static Map<String, String> observed(
      IceClient watching, String observer, java.util.function.Function<Json, String> key) {
    Map<String, String> state = new TreeMap<>();
    for (Json event : watching.events(observer)) {
      Json argument = event.get("args").item(0);
      String operation = event.get("op").text();
      if (operation.endsWith("Init")) {
        state.clear();
        argument.items().forEach(info -> state.put(key.apply(info), info.get("proxy").proxy()));
      } else if (operation.endsWith("Removed")) {
        state.remove(argument.has("$identity") ? argument.identity() : argument.text());
      } else {
        state.put(key.apply(argument), argument.get("proxy").proxy());
      }
    }
    return state;
  }
}
