package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** Finds the update that makes one application of another, as declared. */
public final class ApplicationDiff {
  private final ApplicationDescriptor from;
  private final ApplicationDescriptor to;
  private final DefinitionIds idsFrom;
  private final DefinitionIds idsTo;

  private ApplicationDiff(ApplicationDescriptor from, ApplicationDescriptor to)
      throws DescriptorException {
    this.from = from;
    this.to = to;
    idsFrom = new DefinitionIds(from);
    idsTo = new DefinitionIds(to);
  }

  /**
   * Finds what changes.
   *
   * @throws DescriptorException if the id of a server cannot be resolved in one of them
   */
  public static ApplicationUpdateDescriptor between(
      ApplicationDescriptor from, ApplicationDescriptor to) throws DescriptorException {
    return new ApplicationDiff(from, to).run();
  }

  private ApplicationUpdateDescriptor run() throws DescriptorException {
    SortedMap<String, ReplicaGroupDescriptor> groupsFrom = groups(from);
    SortedMap<String, ReplicaGroupDescriptor> groupsTo = groups(to);
    return new ApplicationUpdateDescriptor(
        to.name(),
        changed(from.description(), to.description()),
        changed(from.distrib(), to.distrib()),
        changed(from.variables(), to.variables(), Objects::equals),
        gone(from.variables(), to.variables()),
        changed(from.propertySets(), to.propertySets(), Objects::equals),
        gone(from.propertySets(), to.propertySets()),
        List.copyOf(changed(groupsFrom, groupsTo, DescriptorEquality::same).values()),
        gone(groupsFrom, groupsTo),
        changed(from.serverTemplates(), to.serverTemplates(), DescriptorEquality::sameServers),
        gone(from.serverTemplates(), to.serverTemplates()),
        changed(from.serviceTemplates(), to.serviceTemplates(), DescriptorEquality::sameServices),
        gone(from.serviceTemplates(), to.serviceTemplates()),
        nodes(),
        gone(from.nodes(), to.nodes()));
  }

  private static SortedMap<String, ReplicaGroupDescriptor> groups(ApplicationDescriptor of) {
    SortedMap<String, ReplicaGroupDescriptor> groups = new TreeMap<>(SortedNames.ORDER);
    of.replicaGroups().forEach(group -> groups.put(group.id(), group));
    return groups;
  }

  private List<NodeUpdateDescriptor> nodes() throws DescriptorException {
    List<NodeUpdateDescriptor> updates = new ArrayList<>();
    for (var node : to.nodes().entrySet()) {
      NodeDescriptor before = from.nodes().get(node.getKey());
      if (before == null) {
        updates.add(added(node.getKey(), node.getValue()));
      } else {
        NodeUpdateDescriptor update = updated(node.getKey(), before, node.getValue());
        if (!update.equals(nothing(node.getKey()))) {
          updates.add(update);
        }
      }
    }
    return updates;
  }

  private static NodeUpdateDescriptor added(String name, NodeDescriptor node) {
    return new NodeUpdateDescriptor(
        name,
        Optional.of(node.description()),
        node.variables(),
        List.of(),
        node.propertySets(),
        List.of(),
        node.serverInstances(),
        node.servers(),
        List.of(),
        Optional.of(node.loadFactor()));
  }

  private NodeUpdateDescriptor updated(String name, NodeDescriptor before, NodeDescriptor after)
      throws DescriptorException {
    var instancesFrom = idsFrom.instances(name, before.variables(), before.serverInstances());
    var instancesTo = idsTo.instances(name, after.variables(), after.serverInstances());
    var serversFrom = idsFrom.servers(name, before.variables(), before.servers());
    var serversTo = idsTo.servers(name, after.variables(), after.servers());
    TreeSet<String> removed = new TreeSet<>(SortedNames.ORDER);
    removed.addAll(gone(instancesFrom, instancesTo));
    removed.addAll(gone(serversFrom, serversTo));
    return new NodeUpdateDescriptor(
        name,
        changed(before.description(), after.description()),
        changed(before.variables(), after.variables(), Objects::equals),
        gone(before.variables(), after.variables()),
        changed(before.propertySets(), after.propertySets(), Objects::equals),
        gone(before.propertySets(), after.propertySets()),
        List.copyOf(changed(instancesFrom, instancesTo, Objects::equals).values()),
        List.copyOf(changed(serversFrom, serversTo, DescriptorEquality::same).values()),
        List.copyOf(removed),
        changed(before.loadFactor(), after.loadFactor()));
  }

  private static NodeUpdateDescriptor nothing(String name) {
    return new NodeUpdateDescriptor(
        name,
        Optional.empty(),
        SortedNames.empty(),
        List.of(),
        SortedNames.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static <T> Optional<T> changed(T before, T after) {
    return before.equals(after) ? Optional.empty() : Optional.of(after);
  }

  /** What is new or different. */
  private static <T> SortedMap<String, T> changed(
      SortedMap<String, T> before, SortedMap<String, T> after, BiPredicate<T, T> same) {
    SortedMap<String, T> changed = new TreeMap<>(SortedNames.ORDER);
    after.forEach(
        (id, value) -> {
          T old = before.get(id);
          if (old == null || !same.test(old, value)) {
            changed.put(id, value);
          }
        });
    return changed;
  }

  private static List<String> gone(SortedMap<String, ?> before, SortedMap<String, ?> after) {
    return before.keySet().stream().filter(id -> !after.containsKey(id)).toList();
  }
}
