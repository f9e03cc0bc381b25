package dev.firn.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The ids that an application uses; immutable. */
final class UsedIds {
  private final String application;
  private final SortedSet<String> servers;
  private final SortedSet<String> adapters = new TreeSet<>(SortedNames.ORDER);
  private final SortedSet<String> groups = new TreeSet<>(SortedNames.ORDER);
  private final SortedSet<String> references = new TreeSet<>(SortedNames.ORDER);
  private final SortedSet<ObjectId> objects = new TreeSet<>();

  private UsedIds(ExpandedApplication application) {
    this.application = application.name();
    servers = new TreeSet<>(SortedNames.ORDER);
    servers.addAll(application.servers().keySet());
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

  static UsedIds of(ExpandedApplication application) {
    return new UsedIds(application);
  }

  String application() {
    return application;
  }

  SortedSet<String> servers() {
    return Collections.unmodifiableSortedSet(servers);
  }

  SortedSet<String> adapters() {
    return Collections.unmodifiableSortedSet(adapters);
  }

  /** The replica groups that it defines. */
  SortedSet<String> groups() {
    return Collections.unmodifiableSortedSet(groups);
  }

  /** The replica groups that its adapters are in, whoever defines them. */
  SortedSet<String> references() {
    return Collections.unmodifiableSortedSet(references);
  }

  /** Well-known and allocatable ones. */
  SortedSet<ObjectId> objects() {
    return Collections.unmodifiableSortedSet(objects);
  }

  /** What is in one sorted set but not in another of the same order; takes linear time. */
  static <T> List<T> without(SortedSet<T> of, SortedSet<T> other, Comparator<? super T> order) {
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
