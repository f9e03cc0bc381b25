package dev.firn.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.SortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** The applications that have something of a name; immutable. */
final class NameIndex {
  static final NameIndex EMPTY = new NameIndex(TreePMap.empty(SortedNames.ORDER));

  private final TreePMap<String, TreePSet<String>> applications;

  private NameIndex(TreePMap<String, TreePSet<String>> applications) {
    this.applications = applications;
  }

  /** By name. */
  Collection<String> of(String name) {
    return applications.getOrDefault(name, TreePSet.empty());
  }

  /** Ascending. */
  Collection<String> names() {
    return applications.keySet();
  }

  /** With what an application has, in place of what it had. */
  NameIndex changed(String application, SortedSet<String> before, SortedSet<String> after) {
    Comparator<String> order = SortedNames.ORDER;
    var result = applications;
    for (String name : UsedIds.without(before, after, order)) {
      var left = result.getOrDefault(name, TreePSet.empty()).minus(application);
      result = left.isEmpty() ? result.minus(name) : result.plus(name, left);
    }
    for (String name : UsedIds.without(after, before, order)) {
      result = result.plus(name, result.getOrDefault(name, TreePSet.empty()).plus(application));
    }
    return new NameIndex(result);
  }
}
