package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An update as tools tell it: what is added, updated and removed, by name.
 *
 * @param nodesAdded those new in the update
 * @param nodesUpdated by name of the node
 */
public record ApplicationChanges(
    boolean variables,
    boolean distribution,
    boolean propertySets,
    Names replicaGroups,
    Names serverTemplates,
    Names serviceTemplates,
    List<String> nodesAdded,
    SortedMap<String, NodeChanges> nodesUpdated,
    List<String> nodesRemoved) {
  public ApplicationChanges {
    nodesAdded = List.copyOf(nodesAdded);
    nodesUpdated = SortedNames.copyOf(nodesUpdated);
    nodesRemoved = List.copyOf(nodesRemoved);
  }

  /** Names in the order of the update. */
  public record Names(List<String> added, List<String> updated, List<String> removed) {
    public Names {
      added = List.copyOf(added);
      updated = List.copyOf(updated);
      removed = List.copyOf(removed);
    }

    public boolean isEmpty() {
      return added.isEmpty() && updated.isEmpty() && removed.isEmpty();
    }

    static Names of(Iterable<String> named, SortedMap<String, ?> before, List<String> removed) {
      List<String> added = new ArrayList<>();
      List<String> updated = new ArrayList<>();
      named.forEach(name -> (before.containsKey(name) ? updated : added).add(name));
      return new Names(
          added, updated, removed.stream().filter(name -> !updated.contains(name)).toList());
    }
  }

  /** What changes on a node that stays. */
  public record NodeChanges(
      boolean loadFactor,
      boolean description,
      boolean propertySets,
      boolean variables,
      Names servers) {}

  /**
   * Tells what an update changes.
   *
   * @param before the application that the update is for
   * @throws DescriptorException if the id of a server cannot be resolved
   */
  public static ApplicationChanges of(
      ApplicationDescriptor before, ApplicationUpdateDescriptor update) throws DescriptorException {
    ApplicationDescriptor after = ApplicationMerge.apply(before, update);
    DefinitionIds idsBefore = new DefinitionIds(before);
    DefinitionIds idsAfter = new DefinitionIds(after);
    SortedMap<String, ReplicaGroupDescriptor> groups = new TreeMap<>(SortedNames.ORDER);
    before.replicaGroups().forEach(group -> groups.put(group.id(), group));
    List<String> nodesAdded = new ArrayList<>();
    SortedMap<String, NodeChanges> nodesUpdated = new TreeMap<>(SortedNames.ORDER);
    for (NodeUpdateDescriptor node : update.nodes()) {
      NodeDescriptor old = before.nodes().get(node.name());
      if (old == null) {
        nodesAdded.add(node.name());
      } else {
        nodesUpdated.put(node.name(), node(node, old, after, idsBefore, idsAfter));
      }
    }
    return new ApplicationChanges(
        !update.variables().isEmpty() || !update.removeVariables().isEmpty(),
        update.distrib().isPresent(),
        !update.propertySets().isEmpty() || !update.removePropertySets().isEmpty(),
        Names.of(
            update.replicaGroups().stream().map(ReplicaGroupDescriptor::id).toList(),
            groups,
            update.removeReplicaGroups()),
        Names.of(
            update.serverTemplates().keySet(),
            before.serverTemplates(),
            update.removeServerTemplates()),
        Names.of(
            update.serviceTemplates().keySet(),
            before.serviceTemplates(),
            update.removeServiceTemplates()),
        nodesAdded,
        nodesUpdated,
        update.removeNodes());
  }

  private static NodeChanges node(
      NodeUpdateDescriptor node,
      NodeDescriptor old,
      ApplicationDescriptor after,
      DefinitionIds idsBefore,
      DefinitionIds idsAfter)
      throws DescriptorException {
    String name = node.name();
    SortedMap<String, Object> serversBefore = new TreeMap<>(SortedNames.ORDER);
    serversBefore.putAll(idsBefore.instances(name, old.variables(), old.serverInstances()));
    serversBefore.putAll(idsBefore.servers(name, old.variables(), old.servers()));
    SortedMap<String, String> variables =
        after.nodes().getOrDefault(name, NodeDescriptor.EMPTY).variables();
    SortedMap<String, Object> named = new TreeMap<>(SortedNames.ORDER);
    named.putAll(idsAfter.instances(name, variables, node.serverInstances()));
    named.putAll(idsAfter.servers(name, variables, node.servers()));
    return new NodeChanges(
        node.loadFactor().isPresent(),
        node.description().isPresent(),
        !node.propertySets().isEmpty() || !node.removePropertySets().isEmpty(),
        !node.variables().isEmpty() || !node.removeVariables().isEmpty(),
        Names.of(named.keySet(), serversBefore, node.removeServers()));
  }
}
