package dev.firn.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Applies updates to applications, as declared; the result is still to be expanded, to check it.
 */
public final class ApplicationMerge {
  private final ApplicationDescriptor before;
  private final ApplicationUpdateDescriptor update;

  private ApplicationMerge(ApplicationDescriptor before, ApplicationUpdateDescriptor update) {
    this.before = before;
    this.update = update;
  }

  /**
   * Applies an update.
   *
   * @param update of this application
   * @throws DescriptorException if a server would change its id without being named, or if
   *     something is to be removed from a node that is not there
   */
  public static ApplicationDescriptor apply(
      ApplicationDescriptor application, ApplicationUpdateDescriptor update)
      throws DescriptorException {
    if (!application.name().equals(update.name())) {
      throw new IllegalArgumentException(
          "an update of " + update.name() + " is applied to " + application.name());
    }
    return new ApplicationMerge(application, update).run();
  }

  /** Adds a server made from a template to a node, which is added if it is not there. */
  public static ApplicationDescriptor instantiate(
      ApplicationDescriptor application, String node, ServerInstanceDescriptor instance) {
    NodeDescriptor old = application.nodes().getOrDefault(node, NodeDescriptor.EMPTY);
    List<ServerInstanceDescriptor> instances = new ArrayList<>(old.serverInstances());
    instances.add(instance);
    SortedMap<String, NodeDescriptor> nodes = new TreeMap<>(application.nodes());
    nodes.put(
        node,
        new NodeDescriptor(
            old.variables(),
            instances,
            old.servers(),
            old.loadFactor(),
            old.description(),
            old.propertySets()));
    return application.withNodes(nodes);
  }

  private ApplicationDescriptor run() throws DescriptorException {
    ApplicationDescriptor withoutNodes =
        new ApplicationDescriptor(
            before.name(),
            merged(before.variables(), update.removeVariables(), update.variables()),
            replicaGroups(),
            merged(
                before.serverTemplates(), update.removeServerTemplates(), update.serverTemplates()),
            merged(
                before.serviceTemplates(),
                update.removeServiceTemplates(),
                update.serviceTemplates()),
            SortedNames.empty(),
            update.distrib().orElse(before.distrib()),
            update.description().orElse(before.description()),
            merged(before.propertySets(), update.removePropertySets(), update.propertySets()));
    return withoutNodes.withNodes(nodes(withoutNodes));
  }

  private List<ReplicaGroupDescriptor> replicaGroups() {
    TreeSet<String> named = new TreeSet<>(update.removeReplicaGroups());
    update.replicaGroups().forEach(group -> named.add(group.id()));
    List<ReplicaGroupDescriptor> groups = new ArrayList<>(update.replicaGroups());
    before.replicaGroups().stream()
        .filter(group -> !named.contains(group.id()))
        .forEach(groups::add);
    return groups;
  }

  private SortedMap<String, NodeDescriptor> nodes(ApplicationDescriptor after)
      throws DescriptorException {
    SortedMap<String, NodeDescriptor> nodes = new TreeMap<>(before.nodes());
    DefinitionIds idsAfter = new DefinitionIds(after);
    TreeSet<String> updated = new TreeSet<>();
    for (NodeUpdateDescriptor node : update.nodes()) {
      NodeDescriptor old = nodes.get(node.name());
      if (old == null) {
        nodes.put(node.name(), added(node));
      } else {
        // A second update of one node applies to what the first has made of it.
        DefinitionIds idsBefore =
            updated.contains(node.name()) ? idsAfter : new DefinitionIds(before);
        nodes.put(node.name(), updated(node, old, idsBefore, idsAfter));
      }
      updated.add(node.name());
    }
    for (String removed : update.removeNodes()) {
      if (!updated.contains(removed)) {
        nodes.remove(removed);
      }
    }
    return nodes;
  }

  private static NodeDescriptor added(NodeUpdateDescriptor node) throws DescriptorException {
    checkNothingRemoved(node, "variables", node.removeVariables());
    checkNothingRemoved(node, "property sets", node.removePropertySets());
    checkNothingRemoved(node, "servers", node.removeServers());
    return new NodeDescriptor(
        node.variables(),
        node.serverInstances(),
        node.servers(),
        node.loadFactor().orElse(""),
        node.description().orElse(""),
        node.propertySets());
  }

  private static void checkNothingRemoved(
      NodeUpdateDescriptor node, String what, Collection<String> removed)
      throws DescriptorException {
    if (!removed.isEmpty()) {
      throw new DescriptorException(
          "invalid update: can't remove "
              + what
              + " for node `"
              + node.name()
              + "': node doesn't exist");
    }
  }

  private static NodeDescriptor updated(
      NodeUpdateDescriptor node,
      NodeDescriptor old,
      DefinitionIds idsBefore,
      DefinitionIds idsAfter)
      throws DescriptorException {
    String name = node.name();
    SortedMap<String, String> variables =
        merged(old.variables(), node.removeVariables(), node.variables());
    TreeSet<String> removed = new TreeSet<>(node.removeServers());

    var newInstances = idsAfter.instances(name, variables, node.serverInstances());
    var keptInstances = idsBefore.instances(name, old.variables(), old.serverInstances());
    keptInstances.keySet().removeAll(removed);
    keptInstances.keySet().removeAll(newInstances.keySet());
    for (var kept : keptInstances.entrySet()) {
      String id = idsAfter.instances(name, variables, List.of(kept.getValue())).firstKey();
      checkId("server instance", kept.getKey(), id);
    }

    var newServers = idsAfter.servers(name, variables, node.servers());
    var keptServers = idsBefore.servers(name, old.variables(), old.servers());
    keptServers.keySet().removeAll(removed);
    keptServers.keySet().removeAll(newServers.keySet());
    for (var kept : keptServers.entrySet()) {
      String id = idsAfter.servers(name, variables, List.of(kept.getValue())).firstKey();
      checkId("server", kept.getKey(), id);
    }

    return new NodeDescriptor(
        variables,
        joined(node.serverInstances(), keptInstances.values()),
        joined(node.servers(), keptServers.values()),
        node.loadFactor().orElse(old.loadFactor()),
        node.description().orElse(old.description()),
        merged(old.propertySets(), node.removePropertySets(), node.propertySets()));
  }

  private static void checkId(String kind, String before, String after) throws DescriptorException {
    if (!before.equals(after)) {
      throw new DescriptorException(
          "invalid update: " + kind + " id `" + before + "' changed to `" + after + "'");
    }
  }

  private static <T> List<T> joined(List<T> first, Collection<T> then) {
    List<T> joined = new ArrayList<>(first);
    joined.addAll(then);
    return joined;
  }

  private static <T> SortedMap<String, T> merged(
      SortedMap<String, T> before, Collection<String> removed, SortedMap<String, T> updated) {
    SortedMap<String, T> merged = new TreeMap<>(SortedNames.ORDER);
    merged.putAll(before);
    merged.keySet().removeAll(removed);
    merged.putAll(updated);
    return merged;
  }
}
