package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A configurator in Python, whose classes nobody else knows, and what instances get of it. */
@FirnOnly
class ComponentConfigurationTest {
  private static final int CHANGES = 30;
  private static final List<Object> MAIN = List.of(settings("main", Map.of()));

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client().with("Streams.ice");

  @BeforeEach
  void start() {
    group.startLocator();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private ComponentGroup.Instance configured(int number) {
    return group.member(number).of(ConfiguredComponent.class);
  }

  private static Map<String, Object> settings(String name, Map<String, Object> items) {
    return Map.of("$struct", "OwnConfiguration.Group", "name", name, "configurationItems", items);
  }

  private static Map<String, Object> setting(int serial, String value) {
    return Map.of("$struct", "OwnConfiguration.Setting", "serialNumber", serial, "value", value);
  }

  private static List<Object> one(String item, int serial, String value) {
    return List.of(settings("main", Map.of(item, setting(serial, value))));
  }

  /** What the instance was configured with, one after the other. */
  private static List<String> history(ComponentGroup.Instance instance) {
    return instance.process().out().lines().filter(line -> line.startsWith("configured ")).toList();
  }

  private static String last(ComponentGroup.Instance instance) {
    List<String> all = history(instance);
    return all.isEmpty() ? "" : all.get(all.size() - 1);
  }

  @Test
  void whatIsPushedWhileNobodyIsUpIsThereWhenSomebodyComes() {
    ChildProcess replicator = group.startReplicator();
    Remote service = group.configuration(client);
    service.call("setConfiguration", one("line", 1, "one"));
    service.call("setConfiguration", one("line", 2, "two"));
    replicator.kill();
    group.startReplicator();

    ComponentGroup.Instance first = configured(1).start();
    first.awaitState(client, "Standby");
    // It is configured before it has state.
    assertThat(first.process().out() + first.process().err()).contains("configured 2 {line=2}");
    first.activate(client);
    service.call("setConfiguration", one("port", 1, "5060"));
    assertThat(last(first)).isEqualTo("configured 3 {line=2, port=1}");

    // A late joiner gets it as it is now.
    ComponentGroup.Instance late = configured(2).start();
    late.awaitState(client, "Standby");
    assertThat(history(late)).containsExactly("configured 3 {line=2, port=1}");
    assertThat(late.configuration(client).call("getConfigurationAll", MAIN))
        .isEqualTo(service.call("getConfigurationAll", MAIN));
    assertThat(late.configuration(client).call("getConfigurationAll", MAIN).toString())
        .contains("5060", "OwnConfiguration.Setting");
  }

  /** What a configurator does that knows nothing but the service locator. */
  private Remote located() {
    Remote locator =
        client.at("AsteriskSCF.Core.Discovery.V1.ServiceLocator", group.locatorProxy());
    Map<String, Object> params =
        Map.of(
            "$struct",
            "AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams",
            "category",
            "Configuration",
            "service",
            "counter",
            "id",
            "");
    List<Json> found = new ArrayList<>();
    Await.asserted(
        () -> {
          found.clear();
          found.addAll(locator.call("locateAll", params).items());
          assertThat(found).hasSize(1);
        });
    return client.at(ComponentGroup.CONFIGURATION_SERVICE, found.get(0));
  }

  @Test
  void itIsFoundThroughTheLocatorThoughNobodyWasEverActive() {
    ChildProcess replicator = group.startReplicator();
    ComponentGroup.Instance first = configured(1).start();
    first.awaitState(client, "Standby");
    located().call("setConfiguration", one("line", 1, "one"));
    first.process().kill();
    replicator.signal("TERM");
    assertThat(replicator.awaitExit(Await.LIMIT)).isZero();

    // Of the group there is nothing but its configuration.
    group.startReplicator();
    located().call("setConfiguration", one("line", 2, "two"));
    first.start();
    first.awaitState(client, "Standby");
    first.activate(client);
    assertThat(last(first)).isEqualTo("configured 2 {line=2}");
  }

  @Test
  void aConflictReachesTheCallerAndNobodyElse() {
    group.startReplicator();
    ComponentGroup.Instance first = configured(1).start();
    first.awaitState(client, "Standby");
    Remote service = group.configuration(client);
    service.call("setConfiguration", one("line", 5, "five"));
    IceFailure conflict = service.failure("setConfiguration", one("line", 4, "four"));
    assertThat(conflict.type()).isEqualTo("AsteriskSCF.System.Configuration.V1.SerialConflict");
    assertThat(conflict.field("group").toString()).contains("five");
    service.call("setConfiguration", one("line", 5, "again"));
    assertThat(history(first)).containsExactly("configured 1 {line=5}", "configured 2 {line=5}");
    service.call("removeConfigurationItems", one("line", 5, ""));
    assertThat(last(first)).isEqualTo("configured 3 {}");
  }

  @Test
  void whatTheActiveOneRefusesReachesTheCaller() {
    group.startReplicator();
    ComponentGroup.Instance first = configured(1).start();
    first.awaitState(client, "Standby");
    first.activate(client);
    for (Remote service : List.of(group.configuration(client), first.configuration(client))) {
      assertThat(service.failure("setConfiguration", one("not-counter-1", 1, "")).toString())
          .contains("UnknownException", "counter-1 has refused it", "not for counter-1");
    }
    group.configuration(client).call("removeConfigurationItems", one("not-counter-1", 1, ""));
    assertThat(history(first)).containsExactly("configured 3 {}");
  }

  @Test
  void whoHasAnOlderConfigurationIsShownAndNotChosen() {
    group.startReplicator();
    List<ComponentGroup.Instance> all =
        List.of(configured(1).start(), configured(2).start(), configured(3).start());
    all.forEach(instance -> instance.awaitState(client, "Standby"));
    all.get(0).activate(client);
    group.configuration(client).call("setConfiguration", one("not-counter-2", 1, ""));
    assertThat(last(all.get(2))).isEqualTo("configured 1 {not-counter-2=1}");

    assertThat(tool("-g", "counter", "list").lines().filter(line -> line.endsWith(" behind")))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("counter-2 ").contains(" 0 behind"));
    assertThat(tool("-g", "counter", "--json", "list"))
        .containsOnlyOnce("\"configurationRevision\":0,\"configurationBehind\":true");
    assertThat(tool("-n", "counter-3", "status")).contains("configuration: 1\n");
    tool("-g", "counter", "switchover");
    assertThat(all.get(2).state(client)).isEqualTo("Active");
  }

  @Test
  void whoHasAnOlderConfigurationIsNotGivenTheRole() {
    RegistryProcess registry = lab.registry(Implementation.FIRN).start();
    group.startReplicator();
    List<ComponentGroup.Instance> all = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      all.add(
          configured(number)
              .with("Manager", "firn")
              .withGlobal("Ice.Default.Locator", registry.locatorProxy())
              .start());
    }
    ComponentGroup.Instance active =
        Await.present(
            "one is active",
            () -> all.stream().filter(one -> one.state(client).equals("Active")).findFirst());
    List<ComponentGroup.Instance> others = all.stream().filter(one -> one != active).toList();
    others.forEach(instance -> instance.awaitState(client, "Standby"));
    // Of equals the first by name would have the role.
    group.configuration(client).call("setConfiguration", one("not-" + others.get(0).name, 1, ""));
    active.process().kill();
    others.get(1).awaitState(client, "Active");
    assertThat(others.get(0).state(client)).isEqualTo("Standby");
  }

  /** What the tool says. */
  private String tool(String... arguments) {
    List<String> command = new ArrayList<>(List.of("component", "--locator", group.locatorProxy()));
    command.addAll(List.of(arguments));
    ChildProcess tool = lab.firn(command.toArray(new String[0]));
    assertThat(tool.awaitExit(Await.LIMIT)).as(tool.err() + tool.out()).isZero();
    return tool.out();
  }

  /** Else a member would have another configuration than the others at the same revision. */
  @Test
  void whatOneMemberIsGivenAllHave() {
    ChildProcess replicator = group.startReplicator();
    ComponentGroup.Instance first = configured(1).start();
    ComponentGroup.Instance second = configured(2).start();
    first.awaitState(client, "Standby");
    second.awaitState(client, "Standby");
    first.activate(client);
    Remote service = group.configuration(client);
    Remote ofOne = second.configuration(client);
    ofOne.call("setConfiguration", one("line", 5, "five"));
    assertThat(last(first)).isEqualTo("configured 1 {line=5}");
    Await.until("at the standby", () -> last(second).equals("configured 1 {line=5}"));
    IceFailure conflict = ofOne.failure("setConfiguration", one("line", 4, "four"));
    assertThat(conflict.type()).isEqualTo("AsteriskSCF.System.Configuration.V1.SerialConflict");
    assertThat(conflict.field("group").toString()).contains("five");
    ofOne.call("setConfiguration", one("port", 1, "5060"));
    ofOne.call("removeConfigurationItems", one("line", 5, ""));
    assertThat(last(first)).isEqualTo("configured 3 {port=1}");
    assertThat(service.call("getConfigurationAll", MAIN).toString())
        .contains("5060")
        .doesNotContain("five");
    ofOne.call("removeConfigurationGroups", MAIN);
    assertThat(service.call("getConfigurationGroups").toString()).isEqualTo("[]");

    replicator.kill();
    IceFailure away = ofOne.failure("setConfiguration", one("line", 6, "six"));
    assertThat(away.toString()).contains("the state replicator, which keeps the configuration");
    assertThat(history(second)).doesNotContain("configured 0 {line=6}");
  }

  @Test
  void allMembersHaveAllChangesInOneOrder() {
    group.startReplicator();
    ComponentGroup.Instance first = configured(1).start();
    ComponentGroup.Instance second = configured(2).start();
    first.awaitState(client, "Standby");
    second.awaitState(client, "Standby");
    first.activate(client);
    Remote service = group.configuration(client);
    // Four configurators at once, each with many changes of one item under way: some come too late.
    List<CompletableFuture<Json>> pushed = new ArrayList<>();
    for (int configurator = 1; configurator <= 4; configurator++) {
      Remote own = group.configuration(lab.client().with("Streams.ice"));
      for (int serial = 1; serial <= CHANGES; serial++) {
        pushed.add(own.begin("setConfiguration", one("item" + configurator, serial, "v" + serial)));
      }
    }
    long taken = pushed.stream().filter(ComponentConfigurationTest::isTaken).count();
    String end = "configured " + taken + " {item1=30, item2=30, item3=30, item4=30}";
    for (ComponentGroup.Instance instance : List.of(first, second)) {
      Await.until("all changes at " + instance.name, () -> last(instance).equals(end));
    }
    // By revision: a member may be given several changes as one, but what it has is the same.
    Map<Integer, String> ofFirst = byRevision(first);
    Map<Integer, String> ofSecond = byRevision(second);
    assertThat(List.copyOf(ofFirst.keySet())).isSorted();
    ofFirst.keySet().retainAll(ofSecond.keySet());
    ofSecond.keySet().retainAll(ofFirst.keySet());
    assertThat(ofFirst).isEqualTo(ofSecond);
    assertThat(second.configuration(client).call("getConfigurationAll", MAIN))
        .isEqualTo(first.configuration(client).call("getConfigurationAll", MAIN))
        .isEqualTo(service.call("getConfigurationAll", MAIN));
  }

  /** Or refused with a conflict. */
  private static boolean isTaken(CompletableFuture<Json> answer) {
    try {
      PythonClient.await(answer);
      return true;
    } catch (IceFailure conflict) {
      assertThat(conflict.type()).endsWith("SerialConflict");
      return false;
    }
  }

  private static Map<Integer, String> byRevision(ComponentGroup.Instance instance) {
    Map<Integer, String> states = new LinkedHashMap<>();
    for (String line : history(instance)) {
      String[] words = line.split(" ", 3);
      states.put(Integer.valueOf(words[1]), words[2]);
    }
    return states;
  }

  @Test
  void aStandaloneInstanceIsConfiguredItself() {
    ComponentGroup.Instance alone =
        group.instance(1).of(ConfiguredComponent.class).with("Standalone", "1").start();
    alone.awaitState(client, "Active");
    Remote service = alone.configuration(client);
    service.call("setConfiguration", one("line", 2, "two"));
    assertThat(service.failure("setConfiguration", one("line", 1, "one")).type())
        .endsWith("SerialConflict");
    assertThat(service.call("getConfigurationAll", MAIN).toString()).contains("two");
    assertThat(history(alone)).containsExactly("configured 0 {line=2}");
  }
}
