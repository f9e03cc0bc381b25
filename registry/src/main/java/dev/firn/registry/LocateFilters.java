package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.ReplicaGroupFilter;
import com.zeroc.IceGrid.TypeFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What plug-ins have a say in: which members of groups, which objects of types clients get. */
final class LocateFilters {
  private final Map<String, List<ReplicaGroupFilter>> groupFilters = new ConcurrentHashMap<>();
  private final Map<String, List<TypeFilter>> typeFilters = new ConcurrentHashMap<>();

  void add(String name, ReplicaGroupFilter filter) {
    plus(groupFilters, name, filter);
  }

  /** Whether it was there. */
  boolean remove(String name, ReplicaGroupFilter filter) {
    return minus(groupFilters, name, filter);
  }

  void addForType(String type, TypeFilter filter) {
    plus(typeFilters, type, filter);
  }

  /** Whether it was there. */
  boolean removeForType(String type, TypeFilter filter) {
    return minus(typeFilters, type, filter);
  }

  private static <T> void plus(Map<String, List<T>> filters, String key, T filter) {
    Objects.requireNonNull(filter, "filter");
    filters.compute(
        key,
        (unused, before) -> {
          List<T> after = before == null ? new ArrayList<>() : new ArrayList<>(before);
          after.add(filter);
          return List.copyOf(after);
        });
  }

  private static <T> boolean minus(Map<String, List<T>> filters, String key, T filter) {
    boolean[] removed = {false};
    filters.computeIfPresent(
        key,
        (unused, before) -> {
          List<T> after = new ArrayList<>(before);
          removed[0] = after.remove(filter);
          return after.isEmpty() ? null : List.copyOf(after);
        });
    return removed[0];
  }

  /** Whether groups with this filter name are filtered. Nobody pays who has no plug-in. */
  boolean filterGroups(String name) {
    return !groupFilters.isEmpty() && groupFilters.containsKey(name);
  }

  /** The members that are left, in the order the filters want. */
  List<String> members(String name, String groupId, List<String> members, Current current) {
    String[] left = members.toArray(String[]::new);
    for (ReplicaGroupFilter filter : groupFilters.getOrDefault(name, List.of())) {
      left = filter.filter(groupId, left, current.con, current.ctx);
    }
    return List.of(left);
  }

  boolean filterType(String type) {
    return !typeFilters.isEmpty() && typeFilters.containsKey(type);
  }

  /** The objects that are left. */
  ObjectPrx[] objects(String type, ObjectPrx[] objects, Current current) {
    ObjectPrx[] left = objects;
    for (TypeFilter filter : typeFilters.getOrDefault(type, List.of())) {
      left = filter.filter(type, left, current.con, current.ctx);
    }
    return left;
  }
}
