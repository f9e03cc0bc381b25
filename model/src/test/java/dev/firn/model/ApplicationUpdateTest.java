package dev.firn.model;

import static dev.firn.model.Applications.instance;
import static dev.firn.model.Applications.node;
import static dev.firn.model.Applications.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.UpdatePlan.Effect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Diffs, updates and what they do to servers. */
class ApplicationUpdateTest {
  @Property(seed = "20261122", tries = 300)
  void theDifferenceMakesOneApplicationOfTheOther(
      @ForAll("applications") ApplicationDescriptor from,
      @ForAll("applications") ApplicationDescriptor to)
      throws DescriptorException {
    ApplicationUpdateDescriptor update = ApplicationDiff.between(from, to);
    ApplicationDescriptor merged = ApplicationMerge.apply(from, update);

    assertThat(canonical(merged)).isEqualTo(canonical(to));
    assertThat(UpdatePlan.between(Expansion.expand(merged), Expansion.expand(to)).changes())
        .isEmpty();
    assertThat(ApplicationMerge.apply(to, ApplicationDiff.between(to, to))).isEqualTo(to);
    ApplicationChanges.of(from, update);
  }

  @Property(seed = "20261122", tries = 200)
  void plansSayOfEachServerWhatHappens(
      @ForAll("applications") ApplicationDescriptor from,
      @ForAll("applications") ApplicationDescriptor to)
      throws DescriptorException {
    SortedMap<String, ExpandedServer> before = Expansion.expand(from).servers();
    SortedMap<String, ExpandedServer> after = Expansion.expand(to).servers();
    SortedMap<String, Effect> effects = new TreeMap<>();
    UpdatePlan.between(before, after)
        .changes()
        .forEach(change -> effects.put(change.server(), change.effect()));

    SortedMap<String, ExpandedServer> all = new TreeMap<>(before);
    all.putAll(after);
    for (String id : all.keySet()) {
      ExpandedServer old = before.get(id);
      ExpandedServer now = after.get(id);
      if (old == null) {
        assertThat(effects).containsEntry(id, Effect.ADDED);
      } else if (now == null) {
        assertThat(effects).containsEntry(id, Effect.REMOVED);
      } else if (!old.node().equals(now.node())) {
        assertThat(effects).containsEntry(id, Effect.MOVED);
      } else if (old.descriptor().equals(now.descriptor())) {
        assertThat(effects).doesNotContainKey(id);
      } else {
        // These applications differ in nothing else than properties.
        assertThat(effects).containsEntry(id, Effect.PROPERTIES_UPDATED);
      }
    }
  }

  @Test
  void aVariableThatChangesAPropertyNeedsNoRestartAndOneThatChangesAnOptionDoes() throws Exception {
    ServerDescriptor told = server("told", "p", "${v}");
    ServerDescriptor restarted =
        ServerDescriptor.builder("restarted", "exe").options(List.of("${v}")).build();
    UpdatePlan plan =
        UpdatePlan.between(
            Expansion.expand(Applications.of(Map.of("v", "1"), told, restarted)),
            Expansion.expand(Applications.of(Map.of("v", "2"), told, restarted)));

    assertThat(plan.changes())
        .extracting(UpdatePlan.ServerChange::server, UpdatePlan.ServerChange::effect)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("restarted", Effect.RESTARTED),
            org.assertj.core.groups.Tuple.tuple("told", Effect.PROPERTIES_UPDATED));
    assertThat(plan.changes().get(0).reasons()).containsExactly("option: `1' -> `2'");
    assertThat(plan.changes().get(1).reasons()).containsExactly("property `p': `1' -> `2'");
    assertThat(plan.isWithoutRestart()).isFalse();
  }

  @Test
  void eachFieldOfAServerThatChangesIsAReason() throws Exception {
    ServerDescriptor before = Applications.withAdapter("s", "", new ObjectId("o", ""));
    List<ServerDescriptor> changed =
        List.of(
            before.toBuilder().pwd("/x").build(),
            before.toBuilder().user("u").build(),
            before.toBuilder().envs(List.of("A=1")).build(),
            before.toBuilder().activation("always").build(),
            before.toBuilder().activationTimeout("3").build(),
            before.toBuilder().deactivationTimeout("3").build(),
            before.toBuilder().iceVersion("3.6").build(),
            before.toBuilder().allocatable(true).build(),
            before.toBuilder().applicationDistrib(false).build(),
            before.toBuilder().distrib(new DistributionDescriptor("x", List.of())).build(),
            before.toBuilder().services(List.of()).build(),
            Applications.withAdapter("s", "", new ObjectId("other", "")),
            Applications.withAdapter("s", "g", new ObjectId("o", "")));
    for (ServerDescriptor after : changed) {
      var differences = ServerDifferences.between(before, after);
      assertThat(differences.restarting()).as(after.toString()).isNotEmpty();
      assertThat(differences.properties()).isEmpty();
    }
  }

  @Test
  void descriptionsNeedNoRestart() throws Exception {
    ServerDescriptor before = server("s");
    ServerDescriptor after =
        before.toBuilder()
            .communicator(before.communicator().withDescription("for people"))
            .build();
    UpdatePlan plan =
        UpdatePlan.between(
            Expansion.expand(Applications.of(Map.of(), before)),
            Expansion.expand(Applications.of(Map.of(), after)));

    assertThat(plan.changes()).hasSize(1);
    assertThat(plan.changes().get(0).effect()).isEqualTo(Effect.DESCRIPTION_UPDATED);
    assertThat(plan.isWithoutRestart()).isTrue();
  }

  @Test
  void aServerThatWouldChangeItsIdIsNotUpdatedSilently() {
    ApplicationDescriptor application = Applications.of(Map.of("v", "1"), server("s${v}"));
    assertThatThrownBy(
            () -> ApplicationMerge.apply(application, update(Map.of("v", "2"), List.of())))
        .isInstanceOf(DescriptorException.class)
        .hasMessage("invalid update: server id `s1' changed to `s2'");
  }

  @Test
  void aServerMayBeReplacedByOneWithAnotherId() throws Exception {
    ApplicationDescriptor application = Applications.of(Map.of("v", "1"), server("s${v}"));
    ApplicationDescriptor merged =
        ApplicationMerge.apply(
            application, update(Map.of("v", "2"), List.of("s1"), server("s${v}", "p", "q")));

    assertThat(Expansion.expand(merged).servers()).containsOnlyKeys("s2");
  }

  @Test
  void nothingCanBeRemovedFromANodeThatIsNotThere() {
    ApplicationDescriptor application =
        Applications.of(Map.of(), List.of(), Map.of(), SortedNames.empty());
    assertThatThrownBy(() -> ApplicationMerge.apply(application, update(Map.of(), List.of("s"))))
        .isInstanceOf(DescriptorException.class)
        .hasMessage("invalid update: can't remove servers for node `n': node doesn't exist");
  }

  @Test
  void propertySetsOfNewNodesAreInTheDifference() throws Exception {
    NodeDescriptor node =
        new NodeDescriptor(
            SortedNames.empty(),
            List.of(),
            List.of(),
            "",
            "",
            SortedNames.copyOf(
                Map.of("P", PropertySetDescriptor.of(Applications.properties("a", "b")))));
    ApplicationDescriptor from =
        Applications.of(Map.of(), List.of(), Map.of(), SortedNames.empty());
    ApplicationDescriptor to =
        Applications.of(Map.of(), List.of(), Map.of("new", node), SortedNames.empty());

    assertThat(ApplicationMerge.apply(from, ApplicationDiff.between(from, to))).isEqualTo(to);
  }

  @Test
  void aServerIsAddedToANodeThatIsNotThere() throws Exception {
    ApplicationDescriptor application = Applications.of(Map.of("v", "1"), server("s"));
    ApplicationDescriptor more =
        ApplicationMerge.instantiate(application, "new", instance("T", Map.of("id", "i")));

    assertThat(Expansion.expand(more).servers().keySet()).containsExactly("i", "s");
  }

  private static ApplicationUpdateDescriptor update(
      Map<String, String> variables, List<String> removeServers, ServerDescriptor... servers) {
    NodeUpdateDescriptor node =
        new NodeUpdateDescriptor(
            "n",
            Optional.empty(),
            SortedNames.empty(),
            List.of(),
            SortedNames.empty(),
            List.of(),
            List.of(),
            List.of(servers),
            removeServers,
            Optional.empty());
    return new ApplicationUpdateDescriptor(
        "App",
        Optional.empty(),
        Optional.empty(),
        SortedNames.copyOf(variables),
        List.of(),
        SortedNames.empty(),
        List.of(),
        List.of(),
        List.of(),
        SortedNames.empty(),
        List.of(),
        SortedNames.empty(),
        List.of(),
        List.of(node),
        List.of());
  }

  /** The application with the lists in order whose order an update does not keep. */
  private static ApplicationDescriptor canonical(ApplicationDescriptor application) {
    SortedMap<String, NodeDescriptor> nodes = new TreeMap<>(SortedNames.ORDER);
    application
        .nodes()
        .forEach(
            (name, node) -> {
              List<ServerInstanceDescriptor> instances = new ArrayList<>(node.serverInstances());
              instances.sort(Comparator.comparing(ServerInstanceDescriptor::toString));
              List<ServerDescriptor> servers = new ArrayList<>(node.servers());
              servers.sort(Comparator.comparing(ServerDescriptor::id));
              nodes.put(
                  name,
                  new NodeDescriptor(
                      node.variables(),
                      instances,
                      servers,
                      node.loadFactor(),
                      node.description(),
                      node.propertySets()));
            });
    return application.withNodes(nodes);
  }

  @Provide
  Arbitrary<ApplicationDescriptor> applications() {
    Arbitrary<String> value = Arbitraries.of("", "1", "2", "${v}");
    Arbitrary<Map<String, String>> variables =
        Combinators.combine(Arbitraries.of("a", "b"), Arbitraries.of("", "w"))
            .as((v, w) -> w.isEmpty() ? Map.of("v", v) : Map.of("v", v, "w", w));
    // Servers 1 to 6 are each on one of two nodes or nowhere, plain or made from the template.
    Arbitrary<List<Integer>> places = Arbitraries.integers().between(0, 4).list().ofSize(6);
    return Combinators.combine(variables, places, value.list().ofSize(6), Arbitraries.of("", "1"))
        .as(
            (vs, where, values, factor) -> {
              Map<String, NodeDescriptor> nodes = new TreeMap<>();
              nodes.put("n1", part(0, where, values, factor));
              nodes.put("n2", part(2, where, values, ""));
              if (factor.isEmpty()) {
                nodes.put("n3", node());
              }
              return Applications.of(vs, List.of(), nodes, SortedNames.empty());
            });
  }

  private static NodeDescriptor part(
      int first, List<Integer> where, List<String> values, String loadFactor) {
    List<ServerDescriptor> servers = new ArrayList<>();
    List<ServerInstanceDescriptor> instances = new ArrayList<>();
    for (int i = 0; i < where.size(); i++) {
      if (where.get(i) == first) {
        servers.add(server("s" + i, "p", values.get(i)));
      } else if (where.get(i) == first + 1) {
        instances.add(instance("T", Map.of("id", "s" + i, "p", values.get(i))));
      }
    }
    return new NodeDescriptor(
        SortedNames.empty(), instances, servers, loadFactor, "", SortedNames.empty());
  }
}
