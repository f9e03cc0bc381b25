package dev.firn.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The ids that an application uses; immutable. */
final class UsedIds {
  private final String application;

  /** With the application's name, as tables of all applications have them. */
  private final TreeMap<String, String> servers = new TreeMap<>(SortedNames.ORDER);

  private final TreeMap<String, String> adapters = new TreeMap<>(SortedNames.ORDER);
  private final TreeMap<String, String> groups = new TreeMap<>(SortedNames.ORDER);
  private final TreeMap<ObjectId, String> objects = new TreeMap<>();
  private final SortedSet<String> references = new TreeSet<>(SortedNames.ORDER);

  private UsedIds(ExpandedApplication application) {
    this.application = application.name();
    for (ExpandedServer server : application.servers().values()) {
      servers.put(server.id(), this.application);
      for (AdapterDescriptor adapter : server.adapters()) {
        adapters.put(adapter.id(), this.application);
        add(adapter.objects());
        add(adapter.allocatables());
        if (!adapter.replicaGroupId().isEmpty()) {
          references.add(adapter.replicaGroupId());
        }
      }
    }
    for (ReplicaGroupDescriptor group : application.replicaGroups()) {
      groups.put(group.id(), this.application);
      add(group.objects());
    }
  }

  private void add(List<ObjectDescriptor> added) {
    for (ObjectDescriptor object : added) {
      objects.put(object.id(), application);
    }
  }

  static UsedIds of(ExpandedApplication application) {
    return new UsedIds(application);
  }

  String application() {
    return application;
  }

  /** Each with the name of this application; ascending. */
  SortedMap<String, String> servers() {
    return Collections.unmodifiableSortedMap(servers);
  }

  SortedMap<String, String> adapters() {
    return Collections.unmodifiableSortedMap(adapters);
  }

  /** The replica groups that it defines. */
  SortedMap<String, String> groups() {
    return Collections.unmodifiableSortedMap(groups);
  }

  /** Well-known and allocatable ones. */
  SortedMap<ObjectId, String> objects() {
    return Collections.unmodifiableSortedMap(objects);
  }

  /** The replica groups that its adapters are in, whoever defines them. */
  SortedSet<String> references() {
    return Collections.unmodifiableSortedSet(references);
  }

  /** What is in one collection but not in another, both ascending; takes linear time. */
  static <T> List<T> without(Collection<T> of, Collection<T> other, Comparator<? super T> order) {
    List<T> left = new ArrayList<>();
    Iterator<T> others = other.iterator();
    @Nullable T next = others.hasNext() ? others.next() : null;
    for (T element : of) {
      while (next != null && order.compare(next, element) < 0) {
        next = others.hasNext() ? others.next() : null;
      }
      if (next == null || order.compare(next, element) != 0) {
        left.add(element);
      }
    }
    return left;
  }
}
