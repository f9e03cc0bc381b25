package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/**
 * The ids of all deployed applications, each used once; immutable.
 *
 * <p>Adapters and replica groups share their ids.
 */
public final class DeployedIds {
  private static final DeployedIds EMPTY =
      new DeployedIds(
          TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

  /** Applications by the ids of their servers, adapters, groups and objects. */
  private final TreePMap<String, String> servers;

  private final TreePMap<String, String> adapters;
  private final TreePMap<String, String> groups;
  private final TreePMap<ObjectId, String> objects;

  /** How many adapters each application has in a group. */
  private final TreePMap<String, TreePMap<String, Integer>> members;

  private DeployedIds(
      TreePMap<String, String> servers,
      TreePMap<String, String> adapters,
      TreePMap<String, String> groups,
      TreePMap<ObjectId, String> objects,
      TreePMap<String, TreePMap<String, Integer>> members) {
    this.servers = servers;
    this.adapters = adapters;
    this.groups = groups;
    this.objects = objects;
    this.members = members;
  }

  public static DeployedIds empty() {
    return EMPTY;
  }

  /** Ids that were registered by others than applications. */
  public interface DynamicIds {
    /** No such ids. */
    DynamicIds NONE =
        new DynamicIds() {
          @Override
          public boolean hasAdapterOrGroup(String id) {
            return false;
          }

          @Override
          public boolean hasObject(ObjectId id) {
            return false;
          }
        };

    boolean hasAdapterOrGroup(String id);

    boolean hasObject(ObjectId id);
  }

  /** The application that has the server. */
  public Optional<String> applicationOfServer(String id) {
    return Optional.ofNullable(servers.get(id));
  }

  /** The application that has the adapter. */
  public Optional<String> applicationOfAdapter(String id) {
    return Optional.ofNullable(adapters.get(id));
  }

  /** The application that has the replica group. */
  public Optional<String> applicationOfReplicaGroup(String id) {
    return Optional.ofNullable(groups.get(id));
  }

  /** The application that has the well-known or allocatable object. */
  public Optional<String> applicationOfObject(ObjectId id) {
    return Optional.ofNullable(objects.get(id));
  }

  /** With the ids of an application that has none of them yet. */
  public DeployedIds plus(ExpandedApplication application) {
    Ids ids = new Ids(application);
    String name = application.name();
    var newServers = servers;
    for (String server : application.servers().keySet()) {
      newServers = newServers.plus(server, name);
    }
    var newAdapters = adapters;
    for (String adapter : ids.adapters) {
      newAdapters = newAdapters.plus(adapter, name);
    }
    var newGroups = groups;
    for (String group : ids.groups) {
      newGroups = newGroups.plus(group, name);
    }
    var newObjects = objects;
    for (ObjectId object : ids.objects) {
      newObjects = newObjects.plus(object, name);
    }
    var newMembers = members;
    for (String group : ids.references) {
      var ofGroup = newMembers.getOrDefault(group, TreePMap.empty());
      newMembers = newMembers.plus(group, ofGroup.plus(name, ofGroup.getOrDefault(name, 0) + 1));
    }
    return new DeployedIds(newServers, newAdapters, newGroups, newObjects, newMembers);
  }

  /** Without the ids of an application that is there. */
  public DeployedIds minus(ExpandedApplication application) {
    Ids ids = new Ids(application);
    var newMembers = members;
    for (String group : new TreeSet<>(ids.references)) {
      var left = newMembers.getOrDefault(group, TreePMap.empty()).minus(application.name());
      newMembers = left.isEmpty() ? newMembers.minus(group) : newMembers.plus(group, left);
    }
    return new DeployedIds(
        servers.minusAll(application.servers().keySet()),
        adapters.minusAll(ids.adapters),
        groups.minusAll(ids.groups),
        objects.minusAll(ids.objects),
        newMembers);
  }

  /**
   * Checks that an application can be added.
   *
   * @throws DescriptorException if another one, or the registry, has one of its ids already, or if
   *     nobody has a replica group that it refers to
   */
  public void checkAdd(ExpandedApplication application, DynamicIds dynamic)
      throws DescriptorException {
    checkNew(application, dynamic);
    checkReferences(application);
  }

  /**
   * Checks that an application that is there can become another.
   *
   * @throws DescriptorException as {@link #checkAdd}, or if adapters of others are in a replica
   *     group that it would have no more
   */
  public void checkUpdate(ExpandedApplication before, ExpandedApplication after, DynamicIds dynamic)
      throws DescriptorException {
    DeployedIds others = minus(before);
    others.checkNew(after, excluding(before, dynamic));
    TreeSet<String> kept = new TreeSet<>(new Ids(after).groups);
    for (ReplicaGroupDescriptor group : before.replicaGroups()) {
      if (!kept.contains(group.id())) {
        checkUnused(group.id(), before.name());
      }
    }
    others.checkReferences(after);
  }

  /**
   * Checks that an application that is there can be removed.
   *
   * @throws DescriptorException if adapters of others are in one of its replica groups
   */
  public void checkRemove(ExpandedApplication application) throws DescriptorException {
    for (ReplicaGroupDescriptor group : application.replicaGroups()) {
      checkUnused(group.id(), application.name());
    }
  }

  private void checkUnused(String group, String application) throws DescriptorException {
    if (!members.getOrDefault(group, TreePMap.empty()).minus(application).isEmpty()) {
      throw new DescriptorException(
          "couldn't remove application because the replica group `"
              + group
              + "' is used by object adapters from other applications.");
    }
  }

  private void checkNew(ExpandedApplication application, DynamicIds dynamic)
      throws DescriptorException {
    for (String server : application.servers().keySet()) {
      if (servers.containsKey(server)) {
        throw registered("server", server);
      }
    }
    Ids ids = new Ids(application);
    List<String> adaptersAndGroups = new ArrayList<>(ids.adapters);
    adaptersAndGroups.addAll(ids.groups);
    for (String id : adaptersAndGroups) {
      if (adapters.containsKey(id) || groups.containsKey(id) || dynamic.hasAdapterOrGroup(id)) {
        throw registered("adapter", id);
      }
    }
    for (ObjectId object : ids.objects) {
      if (objects.containsKey(object) || dynamic.hasObject(object)) {
        throw registered("object", IdentityText.format(object));
      }
    }
  }

  /** The group of each adapter is the application's own, or another's. */
  private void checkReferences(ExpandedApplication application) throws DescriptorException {
    Ids ids = new Ids(application);
    for (String group : new TreeSet<>(ids.references)) {
      if (!ids.groups.contains(group) && !groups.containsKey(group)) {
        throw new DescriptorException("couldn't find replica group `" + group + "'");
      }
    }
  }

  /** What the application has already is not somebody else's. */
  private static DynamicIds excluding(ExpandedApplication before, DynamicIds dynamic) {
    Ids own = new Ids(before);
    return new DynamicIds() {
      @Override
      public boolean hasAdapterOrGroup(String id) {
        return !own.adapters.contains(id)
            && !own.groups.contains(id)
            && dynamic.hasAdapterOrGroup(id);
      }

      @Override
      public boolean hasObject(ObjectId id) {
        return !own.objects.contains(id) && dynamic.hasObject(id);
      }
    };
  }

  private static DescriptorException registered(String kind, String id) {
    return new DescriptorException(kind + " `" + id + "' is already registered");
  }

  /** The ids within one application. */
  private static final class Ids {
    private final TreeSet<String> adapters = new TreeSet<>();
    private final TreeSet<String> groups = new TreeSet<>();
    private final TreeSet<ObjectId> objects = new TreeSet<>();

    /** The groups of the adapters, as often as they are named. */
    private final List<String> references = new ArrayList<>();

    Ids(ExpandedApplication application) {
      for (ExpandedServer server : application.servers().values()) {
        for (AdapterDescriptor adapter : server.adapters()) {
          adapters.add(adapter.id());
          adapter.objects().forEach(object -> objects.add(object.id()));
          adapter.allocatables().forEach(object -> objects.add(object.id()));
          if (!adapter.replicaGroupId().isEmpty()) {
            references.add(adapter.replicaGroupId());
          }
        }
      }
      for (ReplicaGroupDescriptor group : application.replicaGroups()) {
        groups.add(group.id());
        group.objects().forEach(object -> objects.add(object.id()));
      }
    }
  }
}
