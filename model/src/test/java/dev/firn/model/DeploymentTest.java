package dev.firn.model;

import static dev.firn.model.Applications.group;
import static dev.firn.model.Applications.node;
import static dev.firn.model.Applications.server;
import static dev.firn.model.Applications.withAdapter;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DeploymentTest {
  private static final ObjectId OBJECT = new ObjectId("o", "c");

  @Example
  void whatAnApplicationDeploysIsFound() {
    Deployment deployment =
        deploy(entry("App", List.of(group("G")), withAdapter("s1", "G", OBJECT), server("s2")));

    DeployedServer server = requireNonNull(deployment.findServer("s1"));
    assertThat(server.application()).isEqualTo("App");
    assertThat(server.uuid()).isEqualTo("uuid-App");
    assertThat(server.revision()).isEqualTo(1);
    DeployedAdapter adapter = requireNonNull(deployment.findAdapter("s1.A"));
    assertThat(adapter)
        .isEqualTo(new DeployedAdapter(server, adapter.descriptor(), Optional.empty()));
    assertThat(members(deployment, "G")).containsExactly("s1.A");
    assertThat(deployment.findObject(OBJECT))
        .isEqualTo(new DeployedObject(OBJECT, "", "-e 1.1", "s1.A", Optional.of("s1")));
    assertThat(deployment.objectsOfType("")).containsExactly(deployment.findObject(OBJECT));
    assertThat(deployment.servers()).extracting(DeployedServer::id).containsExactly("s1", "s2");
    assertThat(deployment.serversOfNode("n")).hasSize(2);
    assertThat(deployment.nodeNames()).containsExactly("n");
    assertThat(deployment.adapterAndGroupIds()).containsExactly("G", "s1.A");
    assertThat(deployment.findServer("s3")).isNull();
    assertThat(deployment.findAdapter("G")).isNull();
    assertThat(deployment.findAllocatable(OBJECT)).isNull();
    assertThat(deployment.serversOfNode("m")).isEmpty();
  }

  @Example
  void membersOfAGroupComeFromAllApplications() {
    ApplicationEntry owner = entry("Owner", List.of(group("G")), withAdapter("s1", "G"));
    ApplicationEntry user = entry("Another", List.of(), withAdapter("s2", "G"));
    Deployment both = deploy(owner, user);

    assertThat(members(both, "G")).containsExactly("s2.A", "s1.A");
    assertThat(members(both.with(user, null), "G")).containsExactly("s1.A");
    ApplicationEntry more =
        entry("Another", List.of(), withAdapter("s2", "G"), withAdapter("s3", "G"));
    assertThat(members(both.with(user, more), "G")).containsExactly("s2.A", "s3.A", "s1.A");
    assertThat(both.with(owner, null).findReplicaGroup("G")).isNull();
    assertThat(members(both.with(owner, null).with(null, owner), "G"))
        .containsExactly("s2.A", "s1.A");
  }

  @Example
  void ofTwoApplicationsWithOneIdTheLaterWaits() {
    ApplicationEntry first = entry("First", List.of(), server("s"));
    ApplicationEntry second = entry("Second", List.of(), server("s"), server("t"));
    Deployment both = deploy(first, second);

    assertThat(requireNonNull(both.findServer("s")).application()).isEqualTo("First");
    assertThat(both.findServer("t")).isNull();
    assertThat(both.exclusion("Second")).contains("server `s' is already registered");
    Deployment later = both.with(first, null);
    assertThat(requireNonNull(later.findServer("s")).application()).isEqualTo("Second");
    assertThat(later.findServer("t")).isNotNull();
    assertThat(later.exclusion("Second")).isEmpty();
    assertThat(both.with(second, null).exclusion("Second")).isEmpty();
  }

  @Example
  void whatExpandsNoMoreIsKeptButDeploysNothing() {
    ApplicationEntry broken = entry("Broken", List.of(), server("${undefined}"));
    RegistryTables tables = RegistryTables.EMPTY.with(new RowChange.PutApplication(broken));

    assertThat(broken.expanded()).isEmpty();
    assertThat(broken.failure().orElseThrow()).contains("undefined");
    assertThat(tables.findApplication("Broken")).isEqualTo(broken);
    assertThat(tables.deployment().servers()).isEmpty();
    assertThat(tables.with(new RowChange.DeleteApplication("Broken")).applications()).isEmpty();
  }

  /** Whatever was added, changed and removed before: the tables are those of a fresh start. */
  @Property(seed = "20261122", tries = 300)
  void changesLeadWhereAFreshStartLeads(
      @ForAll @Size(max = 25) List<@IntRange(min = 0, max = 10_000) Integer> steps) {
    Map<String, ApplicationEntry> applications = new TreeMap<>();
    RegistryTables tables = RegistryTables.EMPTY;
    for (int step : steps) {
      String name = "App" + step % 4;
      ApplicationEntry entry = random(name, step / 4);
      if (step % 5 == 0) {
        applications.remove(name);
        tables = tables.with(new RowChange.DeleteApplication(name));
      } else {
        applications.put(name, entry);
        tables = tables.with(new RowChange.PutApplication(entry));
      }
      assertThat(text(tables.deployment())).isEqualTo(text(Deployment.of(applications.values())));
    }
  }

  /** Servers with ids that no other application uses, groups that any may refer to. */
  private static ApplicationEntry random(String name, int bits) {
    List<ServerDescriptor> servers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      if ((bits & (1 << i)) != 0) {
        String group = (bits & (1 << (i + 3))) == 0 ? "" : "G" + i;
        servers.add(withAdapter(name + "-" + i, group, new ObjectId("o" + i, name)));
      }
    }
    List<ReplicaGroupDescriptor> groups = new ArrayList<>();
    if (name.equals("App0")) {
      for (int i = 0; i < 3; i++) {
        if ((bits & (1 << (i + 6))) != 0) {
          groups.add(group("G" + i));
        }
      }
    }
    return entry(name, groups, servers.toArray(ServerDescriptor[]::new));
  }

  /** All that can be asked. */
  private static String text(Deployment deployment) {
    StringBuilder text = new StringBuilder();
    text.append(deployment.servers()).append(deployment.adapterAndGroupIds());
    for (String node : deployment.nodeNames()) {
      text.append(node).append(deployment.serversOfNode(node));
    }
    for (String id : deployment.adapterAndGroupIds()) {
      text.append(deployment.findAdapter(id)).append(deployment.findReplicaGroup(id));
    }
    text.append(deployment.objects()).append(deployment.objectsOfType(""));
    for (DeployedObject object : deployment.objects()) {
      text.append(deployment.findObject(object.id()));
    }
    return text.toString();
  }

  private static List<String> members(Deployment deployment, String group) {
    return requireNonNull(deployment.findReplicaGroup(group)).members().stream()
        .map(DeployedAdapter::id)
        .toList();
  }

  private static Deployment deploy(ApplicationEntry... entries) {
    return Deployment.of(List.of(entries));
  }

  private static ApplicationEntry entry(
      String name, List<ReplicaGroupDescriptor> groups, ServerDescriptor... servers) {
    return Applications.entry(
        Applications.of(Map.of("v", ""), groups, Map.of("n", node(servers)), SortedNames.empty())
            .withName(name),
        1);
  }
}
