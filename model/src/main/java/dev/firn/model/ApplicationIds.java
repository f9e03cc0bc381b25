package dev.firn.model;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks that no id is used twice within an application. */
final class ApplicationIds {
  private final TreeSet<String> adapters = new TreeSet<>();
  private final TreeSet<ObjectId> objects = new TreeSet<>();
  private final Scope scope;

  private ApplicationIds(Scope scope) {
    this.scope = scope;
  }

  static void checkNode(String node, List<ExpandedServer> servers, Scope scope)
      throws DescriptorException {
    TreeSet<String> ids = new TreeSet<>();
    for (ExpandedServer server : servers) {
      if (!ids.add(server.id())) {
        throw scope.error("duplicate server `" + server.id() + "' in node `" + node + "'");
      }
    }
  }

  /** The servers of all nodes, by id. */
  static SortedMap<String, ExpandedServer> check(
      List<ReplicaGroupDescriptor> groups, Collection<ExpandedNode> nodes, Scope scope)
      throws DescriptorException {
    SortedMap<String, ExpandedServer> servers = new TreeMap<>(SortedNames.ORDER);
    for (ExpandedNode node : nodes) {
      for (List<ExpandedServer> list : List.of(node.serverInstances(), node.servers())) {
        for (ExpandedServer server : list) {
          if (servers.put(server.id(), server) != null) {
            throw scope.error("duplicate server `" + server.id() + "'");
          }
        }
      }
    }
    var ids = new ApplicationIds(scope);
    for (ExpandedServer server : servers.values()) {
      for (AdapterDescriptor adapter : server.adapters()) {
        ids.adapter(adapter);
      }
    }
    for (ReplicaGroupDescriptor group : groups) {
      ids.group(group);
    }
    return SortedNames.copyOf(servers);
  }

  private void adapter(AdapterDescriptor adapter) throws DescriptorException {
    if (!adapters.add(adapter.id())) {
      throw scope.error("duplicate adapter `" + adapter.id() + "'");
    }
    for (ObjectDescriptor object : adapter.objects()) {
      object(object.id());
    }
    if (!adapter.allocatables().isEmpty()) {
      allocatables(adapter);
    }
  }

  private void allocatables(AdapterDescriptor adapter) throws DescriptorException {
    TreeSet<ObjectId> wellKnown = new TreeSet<>();
    adapter.objects().forEach(object -> wellKnown.add(object.id()));
    TreeSet<ObjectId> allocatable = new TreeSet<>();
    for (ObjectDescriptor object : adapter.allocatables()) {
      // One object may be both within its adapter.
      if (!allocatable.add(object.id())) {
        throw duplicate(object.id());
      }
      if (!wellKnown.contains(object.id())) {
        object(object.id());
      }
    }
  }

  private void group(ReplicaGroupDescriptor group) throws DescriptorException {
    if (!adapters.add(group.id())) {
      throw new DescriptorException("duplicate replica group `" + group.id() + "'");
    }
    for (ObjectDescriptor object : group.objects()) {
      object(object.id());
    }
  }

  private void object(ObjectId id) throws DescriptorException {
    if (!objects.add(id)) {
      throw duplicate(id);
    }
  }

  private DescriptorException duplicate(ObjectId id) {
    return scope.error("duplicate object `" + IdentityText.format(id) + "'");
  }
}
