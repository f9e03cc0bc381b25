package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who wants to know of changes of the role: Python clients, some of which hang or are gone. */
@FirnOnly
class ComponentListenersTest {
  private static final String LISTENER = "AsteriskSCF.System.Component.V1.ReplicaListener";
  private static final int ROUNDS = 3;

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final IceClient hung = lab.client();

  @BeforeEach
  void start() {
    group.startLocator();
  }

  @AfterEach
  void close() {
    hung.ask("release", Map.of());
    lab.close();
  }

  private static Map<String, Object> servant(IceClient client, String identity, String kind) {
    client.adapter(identity, "Endpoints=tcp -h 127.0.0.1");
    client.activate(identity);
    return Json.proxyOf(client.servant(identity, identity, kind, Map.of()).proxy(), LISTENER);
  }

  private List<String> told(String identity) {
    return client.events(identity).stream().map(event -> event.get("op").text()).toList();
  }

  @Test
  void eachIsToldInOrderWhateverTheOthersDo() {
    ComponentGroup.Instance one = group.instance(1).start();
    one.awaitState(client, "Standby");
    Remote replica = one.replica(client);
    Map<String, Object> listener = servant(client, "listener", "replicaListener");
    replica.call("addListener", servant(hung, "hung", "silent"));
    replica.call("addListener", Json.proxyOf("gone:tcp -h 127.0.0.1 -p " + Ports.free(), LISTENER));
    replica.call("addListener", listener);
    replica.call("addListener", listener);

    // The role changes although one of those told before has not answered yet.
    for (int i = 1; i <= ROUNDS; i++) {
      one.activate(client);
      replica.call("standby");
    }
    Await.until("all changes", () -> told("listener").size() >= 2 * ROUNDS);
    assertThat(told("listener"))
        .isEqualTo(
            List.of("activated", "onStandby", "activated", "onStandby", "activated", "onStandby"));
    assertThat(client.events("listener").get(0).get("args").item(0).identity())
        .isEqualTo("counter-1.Replica");
    Await.until(
        "both of the others are dropped",
        () ->
            one.process().err().contains("dropping listener `gone")
                && one.process().err().contains("dropping listener `hung"));

    replica.call("removeListener", listener);
    replica.call("removeListener", listener);
    one.activate(client);
    assertThat(told("listener")).hasSize(2 * ROUNDS);
  }

  @Test
  void throughATopicSubscribersAreToldToo() {
    StormProcess storm = lab.storm(Implementation.FIRN, "IceStorm", "storm").start();
    ComponentGroup.Instance one =
        group
            .instance(1)
            .with("ReplicaTopic", "roles")
            .withGlobal("TopicManager.Proxy", storm.manager())
            .start();
    one.awaitState(client, "Standby");
    Remote replica = one.replica(client);
    Map<String, Object> listener = servant(client, "listener", "replicaListener");
    replica.call("addListener", listener);
    Await.until("the listener is subscribed", () -> subscribers(storm).contains("listener"));
    Remote topic = client.at("IceStorm.Topic", manager(storm).call("retrieve", "roles"));
    topic.call(
        "subscribeAndGetPublisher",
        Map.of("reliability", "ordered"),
        servant(client, "subscriber", "replicaListener"));

    one.activate(client);
    replica.call("standby");
    for (String identity : List.of("listener", "subscriber")) {
      Await.until(identity + " is told", () -> told(identity).size() >= 2);
      assertThat(told(identity)).containsExactly("activated", "onStandby");
    }

    // A change of the role does not wait for the storm.
    storm.kill();
    one.activate(client);
    assertThat(replica.call("isActive").bool()).isTrue();
    Await.until(
        "that is said", () -> one.process().err().contains("cannot publish to topic roles"));
    storm.start();
    replica.call("standby");
    Await.until("the next change comes through", () -> told("listener").size() == 3);
    assertThat(told("listener")).containsExactly("activated", "onStandby", "onStandby");

    replica.call("removeListener", listener);
    one.activate(client);
    Await.until("the other is still told", () -> told("subscriber").size() == 4);
    assertThat(told("listener")).hasSize(3);
  }

  private List<String> subscribers(StormProcess storm) {
    Json content = client.ask("storm_content", Map.of("target", manager(storm).target()));
    return content.has("roles") ? content.get("roles").get("subscribers").texts() : List.of();
  }

  private Remote manager(StormProcess storm) {
    return client.at("IceStorm.TopicManager", storm.manager());
  }
}
