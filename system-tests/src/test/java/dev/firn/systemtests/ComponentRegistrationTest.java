package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client finds with {@code locateAll}, in each role of an instance. */
@FirnOnly
class ComponentRegistrationTest {
  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();

  @BeforeEach
  void start() {
    group.startLocator();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /** Identities, in the order of the answer; an empty name stands for any. */
  private List<String> found(String category, String service, String id) {
    Map<String, Object> params =
        Map.of(
            "$struct",
            "AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams",
            "category",
            category,
            "service",
            service,
            "id",
            id);
    Remote locator =
        client.at("AsteriskSCF.Core.Discovery.V1.ServiceLocator", group.locatorProxy());
    try {
      return locator.call("locateAll", params).items().stream().map(Json::identity).toList();
    } catch (IceFailure nothing) {
      assertThat(nothing.type()).isEqualTo("AsteriskSCF.Core.Discovery.V1.ServiceNotFound");
      return List.of();
    }
  }

  private void awaitFound(String category, String... identities) {
    Await.asserted(() -> assertThat(found(category, "", "")).containsExactly(identities));
  }

  @Test
  void ofAGroupTheReplicasAlwaysAndTheServicesOfTheActiveOne() {
    group.startReplicator();
    ComponentGroup.Instance one = group.member(1).start();
    ComponentGroup.Instance two = group.member(2).start();
    one.awaitState(client, "Standby");
    two.awaitState(client, "Standby");
    // Both stand by. The configuration is the replicator's, which members do not offer themselves.
    awaitFound("StateReplicator", "StateReplicator", "stream/counter");
    awaitFound("Configuration", "counter.Configuration");
    awaitFound("Replica", "counter-1.Replica", "counter-2.Replica");
    assertThat(found("Replica", "counter", "counter-2")).containsExactly("counter-2.Replica");
    assertThat(found("Replica", "another", "")).isEmpty();
    assertThat(found("Counter", "", "")).isEmpty();

    one.activate(client);
    awaitFound("Counter", "Counter");
    awaitFound("StateReplicator", "StateReplicator", "stream/counter");
    awaitFound("Configuration", "counter.Configuration");
    awaitFound("Replica", "counter-1.Replica", "counter-2.Replica");
    assertServesAt(one);

    // The other takes the place of the first.
    one.replica(client).call("standby");
    assertThat(found("Counter", "", "")).isEmpty();
    two.activate(client);
    assertServesAt(two);

    // Who has died is not found, and what it offered is the next one's.
    two.process().kill();
    awaitFound("Replica", "counter-1.Replica");
    awaitFound("Counter");
    one.activate(client);
    assertServesAt(one);
    two.start();
    awaitFound("Replica", "counter-1.Replica", "counter-2.Replica");

    // An orderly end takes all of it away.
    one.process().signal("TERM");
    assertThat(one.process().awaitExit(Await.LIMIT)).isZero();
    assertThat(found("Replica", "", "")).containsExactly("counter-2.Replica");
    assertThat(found("Counter", "", "")).isEmpty();
  }

  private void assertServesAt(ComponentGroup.Instance instance) {
    Await.asserted(
        () -> {
          Remote locator =
              client.at("AsteriskSCF.Core.Discovery.V1.ServiceLocator", group.locatorProxy());
          Json proxy =
              locator.call(
                  "locate",
                  Map.of(
                      "$struct",
                      "AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams",
                      "category",
                      "Counter",
                      "service",
                      "",
                      "id",
                      ""));
          assertThat(proxy.proxy()).contains("-p " + instance.servicePort);
        });
    assertThat(found("Counter", "", "")).hasSize(1);
  }

  @Test
  void ofAStandaloneInstanceEverythingIsItsOwn() {
    ComponentGroup.Instance one = group.instance(1).with("Standalone", "true").start();
    one.awaitState(client, "Active");
    awaitFound("Counter", "Counter");
    awaitFound("Configuration", "counter-1.ConfigurationService");
    awaitFound("Replica", "counter-1.Replica");
  }
}
