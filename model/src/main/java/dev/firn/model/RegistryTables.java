package dev.firn.model;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * All tables of a registry at one moment. Immutable: a change makes a new instance that shares what
 * did not change, so readers need no lock and see no half of a change.
 *
 * <p>Look-ups cost O(log n); the finders return {@code null} for an unknown id instead of an
 * Optional because the locate path allocates nothing. Collections are unmodifiable views in table
 * order: ascending ids.
 */
public final class RegistryTables {
  public static final RegistryTables EMPTY =
      new RegistryTables(
          TreePMap.empty(),
          Deployment.EMPTY,
          IndexedTable.empty(AdapterEntry::id, AdapterEntry::replicaGroupId),
          IndexedTable.empty(ObjectEntry::id, ObjectEntry::type),
          TreePMap.empty(),
          Serials.INITIAL,
          Epoch.NONE);

  private final TreePMap<String, ApplicationEntry> applications;
  private final Deployment deployment;
  private final IndexedTable<String, AdapterEntry> adapters;
  private final IndexedTable<ObjectId, ObjectEntry> objects;
  private final TreePMap<ObjectId, ObjectEntry> nodes;
  private final Serials serials;
  private final Epoch epoch;

  private RegistryTables(
      TreePMap<String, ApplicationEntry> applications,
      Deployment deployment,
      IndexedTable<String, AdapterEntry> adapters,
      IndexedTable<ObjectId, ObjectEntry> objects,
      TreePMap<ObjectId, ObjectEntry> nodes,
      Serials serials,
      Epoch epoch) {
    this.applications = applications;
    this.deployment = deployment;
    this.adapters = adapters;
    this.objects = objects;
    this.nodes = nodes;
    this.serials = serials;
    this.epoch = epoch;
  }

  /**
   * Tables with just these rows, in any order: how a store loads a database.
   *
   * @throws IllegalArgumentException if two rows of a table have the same key
   */
  public static RegistryTables of(
      Collection<ApplicationEntry> applications,
      Collection<AdapterEntry> adapters,
      Collection<ObjectEntry> objects,
      Collection<ObjectEntry> nodes,
      Serials serials,
      Epoch epoch) {
    return new RegistryTables(
        keyed(applications, ApplicationEntry::name),
        Deployment.of(applications),
        EMPTY.adapters.filled(adapters),
        EMPTY.objects.filled(objects),
        keyed(nodes, ObjectEntry::id),
        serials,
        epoch);
  }

  private static <K extends Comparable<? super K>, V> TreePMap<K, V> keyed(
      Collection<V> rows, Function<V, K> keyOf) {
    TreeMap<K, V> sorted = new TreeMap<>();
    rows.forEach(row -> sorted.put(keyOf.apply(row), row));
    if (sorted.size() != rows.size()) {
      throw new IllegalArgumentException(rows.size() - sorted.size() + " rows have equal keys");
    }
    return TreePMap.fromSortedMap(sorted);
  }

  public Serials serials() {
    return serials;
  }

  public Epoch epoch() {
    return epoch;
  }

  public @Nullable ApplicationEntry findApplication(String name) {
    return applications.get(name);
  }

  public Collection<ApplicationEntry> applications() {
    return Collections.unmodifiableCollection(applications.values());
  }

  /** What the applications deploy. */
  public Deployment deployment() {
    return deployment;
  }

  public @Nullable AdapterEntry findAdapter(String id) {
    return adapters.get(id);
  }

  public Collection<AdapterEntry> adapters() {
    return Collections.unmodifiableCollection(adapters.all());
  }

  /** The members of a replica group of dynamically registered adapters; empty if unknown. */
  public Collection<AdapterEntry> adaptersOfReplicaGroup(String replicaGroupId) {
    return Collections.unmodifiableCollection(adapters.with(replicaGroupId));
  }

  /** The ids of the replica groups that have a dynamically registered member. */
  public Collection<String> replicaGroups() {
    return Collections.unmodifiableCollection(adapters.attributes());
  }

  public @Nullable ObjectEntry findObject(ObjectId id) {
    return objects.get(id);
  }

  public Collection<ObjectEntry> objects() {
    return Collections.unmodifiableCollection(objects.all());
  }

  public Collection<ObjectEntry> objectsOfType(String type) {
    return Collections.unmodifiableCollection(objects.with(type));
  }

  public @Nullable ObjectEntry findNode(ObjectId id) {
    return nodes.get(id);
  }

  /** The nodes that had a session with this registry; local, never replicated. */
  public Collection<ObjectEntry> nodes() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  /** These tables with a written row. What a store does to disk, this does to memory. */
  public RegistryTables with(RowChange change) {
    if (change instanceof RowChange.PutApplication put) {
      String name = put.entry().name();
      return withApplications(
          applications.plus(name, put.entry()),
          deployment.with(applications.get(name), put.entry()));
    } else if (change instanceof RowChange.DeleteApplication delete) {
      return withApplications(
          applications.minus(delete.name()),
          deployment.with(applications.get(delete.name()), null));
    } else if (change instanceof RowChange.PutAdapter put) {
      return withAdapters(adapters.plus(put.entry()));
    } else if (change instanceof RowChange.DeleteAdapter delete) {
      return withAdapters(adapters.minus(delete.previous().id()));
    } else if (change instanceof RowChange.PutObject put) {
      return withObjects(objects.plus(put.entry()));
    } else if (change instanceof RowChange.DeleteObject delete) {
      return withObjects(objects.minus(delete.previous().id()));
    } else if (change instanceof RowChange.PutNode put) {
      return withNodes(nodes.plus(put.entry().id(), put.entry()));
    } else if (change instanceof RowChange.DeleteNode delete) {
      return withNodes(nodes.minus(delete.previous().id()));
    } else if (change instanceof RowChange.ClearTable clear) {
      return cleared(clear.topic());
    } else if (change instanceof RowChange.PutSerial put) {
      Serials changed = serials.with(put.topic(), put.serial());
      return new RegistryTables(applications, deployment, adapters, objects, nodes, changed, epoch);
    } else if (change instanceof RowChange.PutEpoch put) {
      return new RegistryTables(
          applications, deployment, adapters, objects, nodes, serials, put.epoch());
    }
    throw new IllegalStateException("unknown change " + change);
  }

  RegistryTables withAllApplications(SortedMap<String, ApplicationEntry> rows) {
    return withApplications(TreePMap.fromSortedMap(rows), Deployment.of(rows.values()));
  }

  RegistryTables withAllAdapters(SortedMap<String, AdapterEntry> rows) {
    return withAdapters(EMPTY.adapters.filled(rows));
  }

  RegistryTables withAllObjects(SortedMap<ObjectId, ObjectEntry> rows) {
    return withObjects(EMPTY.objects.filled(rows));
  }

  /** Whether the replicated tables and their serials are the same. */
  public boolean sameReplicatedContent(RegistryTables other) {
    return serials.equals(other.serials)
        && applications.equals(other.applications)
        && adapters.equals(other.adapters)
        && objects.equals(other.objects);
  }

  /** Sizes, for messages. */
  @Override
  public String toString() {
    return "%d applications, %d adapters, %d objects, %d nodes, %s, %s"
        .formatted(
            applications.size(), adapters.size(), objects.size(), nodes.size(), serials, epoch);
  }

  private RegistryTables cleared(Topic topic) {
    return switch (topic) {
      case APPLICATIONS -> withApplications(EMPTY.applications, Deployment.EMPTY);
      case ADAPTERS -> withAdapters(EMPTY.adapters);
      case OBJECTS -> withObjects(EMPTY.objects);
    };
  }

  private RegistryTables withApplications(
      TreePMap<String, ApplicationEntry> changed, Deployment deployed) {
    return new RegistryTables(changed, deployed, adapters, objects, nodes, serials, epoch);
  }

  private RegistryTables withAdapters(IndexedTable<String, AdapterEntry> changed) {
    return new RegistryTables(applications, deployment, changed, objects, nodes, serials, epoch);
  }

  private RegistryTables withObjects(IndexedTable<ObjectId, ObjectEntry> changed) {
    return new RegistryTables(applications, deployment, adapters, changed, nodes, serials, epoch);
  }

  private RegistryTables withNodes(TreePMap<ObjectId, ObjectEntry> changed) {
    return new RegistryTables(applications, deployment, adapters, objects, changed, serials, epoch);
  }
}
