package dev.firn.model;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * What all applications deploy. Immutable: a change makes a new instance that shares what did not
 * change, and takes time for what differs.
 *
 * <p>Finders cost O(log n), allocate nothing and return {@code null} for what is not there.
 * Collections are unmodifiable.
 */
public final class Deployment {
  static final Deployment EMPTY =
      new Deployment(
          DeployedIds.empty(),
          TreePMap.empty(),
          NameIndex.EMPTY,
          NameIndex.EMPTY,
          TreePMap.empty(),
          TreePMap.empty());

  private final DeployedIds ids;
  private final TreePMap<String, DeployedApplication> applications;
  private final NameIndex nodes;
  private final NameIndex types;

  /** The groups with members of other applications than their own. */
  private final TreePMap<String, DeployedReplicaGroup> sharedGroups;

  /** Those whose ids others have: not in the tables above. */
  private final TreePMap<String, Excluded> excluded;

  private record Excluded(DeployedApplication application, String reason) {}

  private Deployment(
      DeployedIds ids,
      TreePMap<String, DeployedApplication> applications,
      NameIndex nodes,
      NameIndex types,
      TreePMap<String, DeployedReplicaGroup> sharedGroups,
      TreePMap<String, Excluded> excluded) {
    this.ids = ids;
    this.applications = applications;
    this.nodes = nodes;
    this.types = types;
    this.sharedGroups = sharedGroups;
    this.excluded = excluded;
  }

  /** What these applications deploy; of two with an id in common the later deploys nothing. */
  static Deployment of(Collection<ApplicationEntry> applications) {
    Deployment deployment = EMPTY;
    for (ApplicationEntry application : applications) {
      deployment = deployment.with(null, application);
    }
    return deployment;
  }

  DeployedIds ids() {
    return ids;
  }

  public @Nullable DeployedServer findServer(String id) {
    DeployedApplication application = owner(ids.servers().get(id));
    return application == null ? null : application.server(id);
  }

  /** By id. */
  public Collection<DeployedServer> servers() {
    return new Servers();
  }

  /** By the names of the applications, then by id; empty if no application names the node. */
  public Collection<DeployedServer> serversOfNode(String node) {
    Collection<String> having = nodes.of(node);
    if (having.size() == 1) {
      return present(having.iterator().next()).serversOfNode(node);
    }
    List<DeployedServer> servers = new ArrayList<>();
    having.forEach(application -> servers.addAll(present(application).serversOfNode(node)));
    return Collections.unmodifiableList(servers);
  }

  /** Every node that an application names, ascending. */
  public Collection<String> nodeNames() {
    return Collections.unmodifiableCollection(nodes.names());
  }

  public @Nullable DeployedAdapter findAdapter(String id) {
    DeployedApplication application = owner(ids.adapters().get(id));
    return application == null ? null : application.adapter(id);
  }

  public @Nullable DeployedReplicaGroup findReplicaGroup(String id) {
    DeployedReplicaGroup shared = sharedGroups.get(id);
    if (shared != null) {
      return shared;
    }
    DeployedApplication application = owner(ids.groups().get(id));
    return application == null ? null : application.group(id);
  }

  /** A well-known object. Allocatables are none, unless they are listed as both. */
  public @Nullable DeployedObject findObject(ObjectId id) {
    DeployedApplication application = owner(ids.objects().get(id));
    return application == null ? null : application.object(id);
  }

  public @Nullable DeployedObject findAllocatable(ObjectId id) {
    DeployedApplication application = owner(ids.objects().get(id));
    return application == null ? null : application.allocatable(id);
  }

  /** The well-known objects of a type, by id. */
  public Collection<DeployedObject> objectsOfType(String type) {
    Collection<String> having = types.of(type);
    if (having.size() == 1) {
      return present(having.iterator().next()).objectsOfType(type);
    }
    List<DeployedObject> objects = new ArrayList<>();
    having.forEach(application -> objects.addAll(present(application).objectsOfType(type)));
    objects.sort(Comparator.comparing(DeployedObject::id));
    return Collections.unmodifiableList(objects);
  }

  /** All well-known objects, by id. */
  public Collection<DeployedObject> objects() {
    List<DeployedObject> objects = new ArrayList<>();
    for (Map.Entry<ObjectId, String> owned : ids.objects().entrySet()) {
      DeployedObject object = present(owned.getValue()).object(owned.getKey());
      if (object != null) {
        objects.add(object);
      }
    }
    return Collections.unmodifiableList(objects);
  }

  /** The ids of all well-known and allocatable objects, ascending. */
  public Collection<ObjectId> objectIds() {
    return Collections.unmodifiableCollection(ids.objects().keySet());
  }

  /** The ids of all adapters and replica groups, ascending. */
  public Collection<String> adapterAndGroupIds() {
    SortedSet<String> all = new TreeSet<>(ids.adapters().keySet());
    all.addAll(ids.groups().keySet());
    return Collections.unmodifiableCollection(all);
  }

  /**
   * Why an application deploys nothing though it can be expanded: others have its ids. Empty for
   * all others. No command makes such, but a database may come from anywhere.
   */
  public Optional<String> exclusion(String application) {
    return Optional.ofNullable(excluded.get(application)).map(Excluded::reason);
  }

  /**
   * With an application added, changed or removed.
   *
   * @param before as it is in these tables
   */
  Deployment with(@Nullable ApplicationEntry before, @Nullable ApplicationEntry after) {
    String name = before != null ? before.name() : after == null ? "" : after.name();
    DeployedApplication now = after == null ? null : after.deployed();
    Deployment result = changed(name, now);
    if (!result.excluded.isEmpty()) {
      for (var waiting : result.excluded.entrySet()) {
        result = result.changed(waiting.getKey(), waiting.getValue().application());
      }
    }
    return result;
  }

  private Deployment changed(String name, @Nullable DeployedApplication now) {
    DeployedApplication old = applications.get(name);
    TreePMap<String, Excluded> others = excluded.minus(name);
    DeployedApplication after = now;
    if (now != null) {
      Optional<String> conflict = conflict(old, now);
      if (conflict.isPresent()) {
        others = others.plus(name, new Excluded(now, conflict.get()));
        after = null;
      }
    }
    return replaced(name, old, after, others);
  }

  private Optional<String> conflict(@Nullable DeployedApplication old, DeployedApplication now) {
    try {
      ids.checkNew(old == null ? null : old.ids(), now.ids(), DeployedIds.DynamicIds.NONE);
      return Optional.empty();
    } catch (DescriptorException e) {
      return Optional.of(e.reason());
    }
  }

  private Deployment replaced(
      String name,
      @Nullable DeployedApplication old,
      @Nullable DeployedApplication now,
      TreePMap<String, Excluded> others) {
    DeployedIds newIds =
        ids.changed(old == null ? null : old.ids(), now == null ? null : now.ids());
    var newApplications = now == null ? applications.minus(name) : applications.plus(name, now);
    NameIndex newNodes =
        nodes.changed(
            name, old == null ? none() : old.nodeNames(), now == null ? none() : now.nodeNames());
    NameIndex newTypes =
        types.changed(name, old == null ? none() : old.types(), now == null ? none() : now.types());
    return new Deployment(
        newIds,
        newApplications,
        newNodes,
        newTypes,
        SharedGroups.changed(sharedGroups, newIds, newApplications, old, now),
        others);
  }

  private static SortedSet<String> none() {
    return new TreeSet<>(SortedNames.ORDER);
  }

  private @Nullable DeployedApplication owner(@Nullable String name) {
    return name == null ? null : applications.get(name);
  }

  private DeployedApplication present(String name) {
    DeployedApplication application = applications.get(name);
    if (application == null) {
      throw new IllegalStateException("an index names " + name + ", which is not deployed");
    }
    return application;
  }

  /** Goes through the ids; makes no copy. */
  private final class Servers extends AbstractCollection<DeployedServer> {
    @Override
    public Iterator<DeployedServer> iterator() {
      return ids.servers().entrySet().stream()
          .map(
              owned -> {
                DeployedServer server = present(owned.getValue()).server(owned.getKey());
                if (server == null) {
                  throw new IllegalStateException("an index names server " + owned.getKey());
                }
                return server;
              })
          .iterator();
    }

    @Override
    public int size() {
      return ids.servers().size();
    }
  }
}
