package dev.firn.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The ids of all deployed applications, each used once; immutable.
 *
 * <p>Adapters and replica groups share their ids.
 */
final class DeployedIds {
  private static final DeployedIds EMPTY =
      new DeployedIds(
          TreePMap.empty(SortedNames.ORDER),
          TreePMap.empty(SortedNames.ORDER),
          TreePMap.empty(SortedNames.ORDER),
          TreePMap.empty(),
          TreePMap.empty(SortedNames.ORDER));

  /** From this part of a table on, it is cheaper to make it anew than to change it. */
  private static final int REBUILD_RATIO = 8;

  /** Applications by the ids of their servers, adapters, groups and objects. */
  private final TreePMap<String, String> servers;

  private final TreePMap<String, String> adapters;
  private final TreePMap<String, String> groups;
  private final TreePMap<ObjectId, String> objects;

  /** The applications that have adapters in a group. */
  private final TreePMap<String, TreePSet<String>> users;

  private DeployedIds(
      TreePMap<String, String> servers,
      TreePMap<String, String> adapters,
      TreePMap<String, String> groups,
      TreePMap<ObjectId, String> objects,
      TreePMap<String, TreePSet<String>> users) {
    this.servers = servers;
    this.adapters = adapters;
    this.groups = groups;
    this.objects = objects;
    this.users = users;
  }

  static DeployedIds empty() {
    return EMPTY;
  }

  /** Ids that were registered by others than applications. */
  interface DynamicIds {
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

  /** The application that has the adapter. */
  Optional<String> applicationOfAdapter(String id) {
    return Optional.ofNullable(adapters.get(id));
  }

  /** The application that has the replica group. */
  Optional<String> applicationOfReplicaGroup(String id) {
    return Optional.ofNullable(groups.get(id));
  }

  /** Applications by the ids of their servers, ascending. */
  TreePMap<String, String> servers() {
    return servers;
  }

  TreePMap<String, String> adapters() {
    return adapters;
  }

  TreePMap<String, String> groups() {
    return groups;
  }

  TreePMap<ObjectId, String> objects() {
    return objects;
  }

  /** The applications that have adapters in a group, by name. */
  Collection<String> usersOf(String group) {
    return users.getOrDefault(group, TreePSet.empty());
  }

  /** With what an application uses in place of what it used. Takes time for what differs. */
  DeployedIds changed(@Nullable UsedIds before, @Nullable UsedIds after) {
    UsedIds one = before == null ? after : before;
    if (one == null) {
      return this;
    }
    return new DeployedIds(
        changed(servers, before, after, UsedIds::servers, SortedNames.ORDER),
        changed(adapters, before, after, UsedIds::adapters, SortedNames.ORDER),
        changed(groups, before, after, UsedIds::groups, SortedNames.ORDER),
        changed(objects, before, after, UsedIds::objects, Comparator.<ObjectId>naturalOrder()),
        changedUsers(before, after, one.application()));
  }

  private static <K> TreePMap<K, String> changed(
      TreePMap<K, String> owners,
      @Nullable UsedIds before,
      @Nullable UsedIds after,
      Function<UsedIds, SortedMap<K, String>> kind,
      Comparator<? super K> order) {
    if (owners.isEmpty() && after != null) {
      return TreePMap.fromSortedMap(kind.apply(after));
    }
    String application = after == null ? "" : after.application();
    IdChange<K> change = IdChange.of(before, after, kind, order);
    if (change.size() * REBUILD_RATIO > owners.size()) {
      TreeMap<K, String> all = new TreeMap<>(owners);
      change.removed().forEach(all::remove);
      change.added().forEach(id -> all.put(id, application));
      return TreePMap.fromSortedMap(all);
    }
    TreePMap<K, String> result = owners;
    for (K id : change.removed()) {
      result = result.minus(id);
    }
    for (K id : change.added()) {
      result = result.plus(id, application);
    }
    return result;
  }

  private TreePMap<String, TreePSet<String>> changedUsers(
      @Nullable UsedIds before, @Nullable UsedIds after, String application) {
    IdChange<String> change =
        IdChange.between(
            before == null ? List.of() : before.references(),
            after == null ? List.of() : after.references(),
            SortedNames.ORDER);
    var result = users;
    for (String group : change.removed()) {
      var left = result.getOrDefault(group, TreePSet.empty()).minus(application);
      result = left.isEmpty() ? result.minus(group) : result.plus(group, left);
    }
    for (String group : change.added()) {
      result = result.plus(group, result.getOrDefault(group, TreePSet.empty()).plus(application));
    }
    return result;
  }

  /**
   * Checks that an application can be added.
   *
   * @throws DescriptorException if another one, or the registry, has one of its ids already, or if
   *     nobody has a replica group that it refers to
   */
  void checkAdd(UsedIds application, DynamicIds dynamic) throws DescriptorException {
    check(null, application, dynamic);
  }

  /**
   * Checks that an application that is there can be removed.
   *
   * @throws DescriptorException if adapters of others are in one of its replica groups
   */
  void checkRemove(UsedIds application) throws DescriptorException {
    checkNoUsers(application.groups().keySet(), application.application());
  }

  /**
   * Checks that an application can become another.
   *
   * @param before null if it deploys nothing at present
   * @throws DescriptorException as {@link #checkAdd}, or if adapters of others are in a replica
   *     group that it would have no more
   */
  void check(@Nullable UsedIds before, UsedIds after, DynamicIds dynamic)
      throws DescriptorException {
    checkNew(before, after, dynamic);
    if (before != null) {
      checkNoUsers(
          UsedIds.without(before.groups().keySet(), after.groups().keySet(), SortedNames.ORDER),
          after.application());
    }
    for (String group : after.references()) {
      boolean own = after.groups().containsKey(group);
      String owner = groups.get(group);
      if (!own && (owner == null || owner.equals(after.application()))) {
        throw new DescriptorException("couldn't find replica group `" + group + "'");
      }
    }
  }

  /** Checks that what is new in an application is nobody else's. */
  void checkNew(@Nullable UsedIds before, UsedIds after, DynamicIds dynamic)
      throws DescriptorException {
    var ids = SortedNames.ORDER;
    for (String server : IdChange.of(before, after, UsedIds::servers, ids).added()) {
      if (servers.containsKey(server)) {
        throw registered("server", server);
      }
    }
    List<String> adaptersAndGroups = new ArrayList<>();
    adaptersAndGroups.addAll(IdChange.of(before, after, UsedIds::adapters, ids).added());
    adaptersAndGroups.addAll(IdChange.of(before, after, UsedIds::groups, ids).added());
    for (String id : adaptersAndGroups) {
      // An adapter may become a group, and the other way round.
      boolean own =
          before != null && (before.adapters().containsKey(id) || before.groups().containsKey(id));
      if (!own
          && (adapters.containsKey(id)
              || groups.containsKey(id)
              || dynamic.hasAdapterOrGroup(id))) {
        throw registered("adapter", id);
      }
    }
    for (ObjectId object :
        IdChange.of(before, after, UsedIds::objects, Comparator.<ObjectId>naturalOrder()).added()) {
      if (objects.containsKey(object) || dynamic.hasObject(object)) {
        throw registered("object", IdentityText.format(object));
      }
    }
  }

  private void checkNoUsers(Collection<String> removedGroups, String application)
      throws DescriptorException {
    for (String group : removedGroups) {
      if (!users.getOrDefault(group, TreePSet.empty()).minus(application).isEmpty()) {
        throw new DescriptorException(
            "couldn't remove application because the replica group `"
                + group
                + "' is used by object adapters from other applications.");
      }
    }
  }

  private static DescriptorException registered(String kind, String id) {
    return new DescriptorException(kind + " `" + id + "' is already registered");
  }

  /** What an application has no more, and what is new in it. */
  record IdChange<K>(Collection<K> removed, Collection<K> added) {
    static <K> IdChange<K> of(
        @Nullable UsedIds before,
        @Nullable UsedIds after,
        Function<UsedIds, SortedMap<K, String>> kind,
        Comparator<? super K> order) {
      return between(
          before == null ? List.of() : kind.apply(before).keySet(),
          after == null ? List.of() : kind.apply(after).keySet(),
          order);
    }

    /** Of two ascending collections. */
    static <K> IdChange<K> between(
        Collection<K> before, Collection<K> after, Comparator<? super K> order) {
      if (before.isEmpty() || after.isEmpty()) {
        return new IdChange<>(before, after);
      }
      return new IdChange<>(
          UsedIds.without(before, after, order), UsedIds.without(after, before, order));
    }

    int size() {
      return removed.size() + added.size();
    }
  }
}
