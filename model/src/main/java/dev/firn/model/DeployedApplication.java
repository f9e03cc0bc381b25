package dev.firn.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one application deploys, to be looked up by id. Immutable; complete without the registry's
 * other tables, so that it can be made before its turn.
 */
final class DeployedApplication {
  private final ExpandedApplication expanded;
  private final UsedIds ids;
  private final Map<String, DeployedServer> servers = new LinkedHashMap<>();
  private final Map<String, List<DeployedServer>> serversByNode = new TreeMap<>(SortedNames.ORDER);
  private final Map<String, DeployedAdapter> adapters = new LinkedHashMap<>();
  private final Map<String, List<DeployedAdapter>> members = new LinkedHashMap<>();
  private final Map<String, DeployedReplicaGroup> groups = new LinkedHashMap<>();
  private final Map<ObjectId, DeployedObject> objects = new LinkedHashMap<>();
  private final Map<ObjectId, DeployedObject> allocatables = new LinkedHashMap<>();
  private final Map<String, List<DeployedObject>> objectsByType = new TreeMap<>(SortedNames.ORDER);

  DeployedApplication(ApplicationInfo info, ExpandedApplication expanded) {
    this.expanded = expanded;
    ids = UsedIds.of(expanded);
    expanded.nodes().keySet().forEach(node -> serversByNode.put(node, new ArrayList<>()));
    for (ExpandedServer server : expanded.servers().values()) {
      add(new DeployedServer(expanded.name(), info.uuid(), info.revision(), server));
    }
    serversByNode.replaceAll((node, ofNode) -> List.copyOf(ofNode));
    members.replaceAll((group, ofGroup) -> List.copyOf(ofGroup));
    for (ReplicaGroupDescriptor group : expanded.replicaGroups()) {
      groups.put(
          group.id(), new DeployedReplicaGroup(expanded.name(), group, membersOf(group.id())));
      for (ObjectDescriptor object : group.objects()) {
        put(objects, object, group.id(), Optional.empty());
      }
    }
    objects.values().forEach(object -> ofType(object.type()).add(object));
    objectsByType.replaceAll(
        (type, ofType) ->
            ofType.stream().sorted(Comparator.comparing(DeployedObject::id)).toList());
  }

  private List<DeployedObject> ofType(String type) {
    return objectsByType.computeIfAbsent(type, unused -> new ArrayList<>());
  }

  private void add(DeployedServer server) {
    servers.put(server.id(), server);
    serversByNode.computeIfAbsent(server.node(), unused -> new ArrayList<>()).add(server);
    for (AdapterDescriptor adapter : server.descriptor().communicator().adapters()) {
      add(new DeployedAdapter(server, adapter, Optional.empty()));
    }
    for (ServiceDescriptor service : server.server().services()) {
      for (AdapterDescriptor adapter : service.communicator().adapters()) {
        add(new DeployedAdapter(server, adapter, Optional.of(service.name())));
      }
    }
  }

  private void add(DeployedAdapter adapter) {
    AdapterDescriptor descriptor = adapter.descriptor();
    adapters.put(adapter.id(), adapter);
    if (!adapter.replicaGroupId().isEmpty()) {
      members.computeIfAbsent(adapter.replicaGroupId(), unused -> new ArrayList<>()).add(adapter);
    }
    Optional<String> server = Optional.of(adapter.server().id());
    descriptor.objects().forEach(object -> put(objects, object, adapter.id(), server));
    descriptor.allocatables().forEach(object -> put(allocatables, object, adapter.id(), server));
  }

  private static void put(
      Map<ObjectId, DeployedObject> target,
      ObjectDescriptor object,
      String adapterOrGroupId,
      Optional<String> server) {
    target.put(
        object.id(),
        new DeployedObject(
            object.id(), object.type(), object.proxyOptions(), adapterOrGroupId, server));
  }

  ExpandedApplication expanded() {
    return expanded;
  }

  UsedIds ids() {
    return ids;
  }

  @Nullable DeployedServer server(String id) {
    return servers.get(id);
  }

  /** By id; empty if the application does not name the node. */
  List<DeployedServer> serversOfNode(String node) {
    return serversByNode.getOrDefault(node, List.of());
  }

  SortedSet<String> nodeNames() {
    TreeSet<String> names = new TreeSet<>(SortedNames.ORDER);
    names.addAll(serversByNode.keySet());
    return names;
  }

  @Nullable DeployedAdapter adapter(String id) {
    return adapters.get(id);
  }

  /** With the members of this application only. */
  @Nullable DeployedReplicaGroup group(String id) {
    return groups.get(id);
  }

  /** This application's adapters in a group, whoever defines it. */
  List<DeployedAdapter> membersOf(String group) {
    return members.getOrDefault(group, List.of());
  }

  @Nullable DeployedObject object(ObjectId id) {
    return objects.get(id);
  }

  @Nullable DeployedObject allocatable(ObjectId id) {
    return allocatables.get(id);
  }

  /** By id. */
  List<DeployedObject> objectsOfType(String type) {
    return objectsByType.getOrDefault(type, List.of());
  }

  SortedSet<String> types() {
    TreeSet<String> types = new TreeSet<>(SortedNames.ORDER);
    types.addAll(objectsByType.keySet());
    return types;
  }
}
