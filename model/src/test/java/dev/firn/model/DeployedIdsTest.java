package dev.firn.model;

import static dev.firn.model.Applications.group;
import static dev.firn.model.Applications.node;
import static dev.firn.model.Applications.server;
import static dev.firn.model.Applications.withAdapter;
import static dev.firn.model.Applications.withAllocatables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.DeployedIds.DynamicIds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeployedIdsTest {
  private static final ObjectId OBJECT = new ObjectId("o", "c");

  private final UsedIds first = expand("First", List.of(group("G")), withAdapter("s", "G", OBJECT));

  @Test
  void idsAreUsedOnceOverAllApplications() throws Exception {
    DeployedIds ids = DeployedIds.empty().changed(null, first);

    rejects(ids, expand("B", List.of(), server("s")), "server `s' is already registered");
    rejects(ids, expand("B", List.of(group("G"))), "adapter `G' is already registered");
    rejects(ids, expand("B", List.of(group("s.A"))), "adapter `s.A' is already registered");
    rejects(
        ids,
        expand("B", List.of(), withAdapter("t", "", OBJECT)),
        "object `c/o' is already registered");
    ids.checkAdd(expand("B", List.of(), withAdapter("t", "G")), DynamicIds.NONE);
    rejects(
        ids.changed(first, null),
        expand("B", List.of(), withAdapter("t", "G")),
        "couldn't find replica group `G'");
  }

  @Test
  void anAllocatableObjectIsOneLikeAnyOther() throws Exception {
    UsedIds allocatable = expand("First", List.of(), withAllocatables("s", OBJECT));
    String taken = "object `c/o' is already registered";

    DeployedIds ids = DeployedIds.empty().changed(null, allocatable);
    rejects(ids, expand("B", List.of(), withAllocatables("t", OBJECT)), taken);
    rejects(ids, expand("B", List.of(), withAdapter("t", "", OBJECT)), taken);
    rejects(
        DeployedIds.empty().changed(null, expand("B", List.of(), withAdapter("t", "", OBJECT))),
        allocatable,
        taken);
    for (ServerDescriptor other :
        List.of(withAllocatables("t", OBJECT), withAdapter("t", "", OBJECT))) {
      assertThatThrownBy(() -> expand("Twice", List.of(), withAllocatables("s", OBJECT), other))
          .hasMessageContaining("duplicate object `c/o'");
    }
    assertThatThrownBy(() -> expand("Twice", List.of(), withAllocatables("s", OBJECT, OBJECT)))
        .hasMessageContaining("duplicate object `c/o'");
  }

  @Test
  void whatIsRegisteredDynamicallyIsTaken() throws Exception {
    DynamicIds dynamic =
        new DynamicIds() {
          @Override
          public boolean hasAdapterOrGroup(String id) {
            return id.equals("s.A");
          }

          @Override
          public boolean hasObject(ObjectId id) {
            return id.equals(OBJECT);
          }
        };
    assertThatThrownBy(() -> DeployedIds.empty().checkAdd(first, dynamic))
        .hasMessage("adapter `s.A' is already registered");
    UsedIds other = expand("B", List.of(), withAdapter("t", "", OBJECT));
    assertThatThrownBy(() -> DeployedIds.empty().checkAdd(other, dynamic))
        .hasMessage("object `c/o' is already registered");
  }

  @Test
  void aGroupThatOthersUseStays() throws Exception {
    UsedIds user = expand("User", List.of(), withAdapter("t", "G"));
    DeployedIds ids = DeployedIds.empty().changed(null, first).changed(null, user);
    String used =
        "couldn't remove application because the replica group `G' is used by object adapters from"
            + " other applications.";

    assertThatThrownBy(() -> ids.checkRemove(first)).hasMessage(used);
    assertThatThrownBy(() -> ids.check(first, expand("First", List.of()), DynamicIds.NONE))
        .hasMessage(used);
    ids.checkRemove(user);
    ids.changed(user, null).checkRemove(first);
    ids.check(first, expand("First", List.of(group("G"))), DynamicIds.NONE);
  }

  @Test
  void anApplicationMayKeepItsIdsButNotLoseAGroupItUses() throws Exception {
    DeployedIds ids = DeployedIds.empty().changed(null, first);
    ids.check(first, first, DynamicIds.NONE);
    UsedIds without = expand("First", List.of(), withAdapter("s", "G", OBJECT));

    assertThatThrownBy(() -> ids.check(first, without, DynamicIds.NONE))
        .hasMessage("couldn't find replica group `G'");
    assertThat(ids.objects()).containsEntry(OBJECT, "First");
    assertThat(ids.changed(first, null).objects()).isEmpty();
    assertThat(ids.changed(first, null).servers()).isEmpty();
  }

  private static void rejects(DeployedIds ids, UsedIds application, String reason) {
    assertThatThrownBy(() -> ids.checkAdd(application, DynamicIds.NONE))
        .isInstanceOf(DescriptorException.class)
        .hasMessage(reason);
  }

  private static UsedIds expand(
      String name, List<ReplicaGroupDescriptor> groups, ServerDescriptor... servers) {
    try {
      return UsedIds.of(
          Expansion.expand(
              Applications.of(
                      Map.of("v", ""), groups, Map.of("n", node(servers)), SortedNames.empty())
                  .withName(name)));
    } catch (DescriptorException e) {
      throw new AssertionError(e);
    }
  }
}
