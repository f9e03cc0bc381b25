package dev.firn.failover;

import dev.firn.election.StateChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What makes some rows of the service locator's table out of others. */
final class ServiceRows {
  private ServiceRows() {}

  /** What is not wanted goes before what is comes: a service may have got another place. */
  static List<StateChange> changes(List<ServiceChange> from, List<ServiceChange> to) {
    SortedMap<String, ServiceChange> wanted = new TreeMap<>();
    to.forEach(row -> wanted.put(key(row), row));
    List<StateChange> changes = new ArrayList<>();
    for (ServiceChange row : from) {
      String key = key(row);
      if (row.equals(wanted.get(key))) {
        wanted.remove(key);
      } else {
        changes.add(gone(row));
      }
    }
    changes.addAll(wanted.values());
    return changes;
  }

  private static String key(ServiceChange row) {
    if (row instanceof ServiceChange.Service service) {
      return "service " + service.order();
    } else if (row instanceof ServiceChange.Comparator comparator) {
      return "comparator " + comparator.guid();
    } else if (row instanceof ServiceChange.Newest newest) {
      return "epoch " + newest.group();
    }
    throw new IllegalArgumentException("unknown row " + row);
  }

  private static ServiceChange gone(ServiceChange row) {
    if (row instanceof ServiceChange.Service service) {
      return new ServiceChange.Service(service.order(), Optional.empty());
    } else if (row instanceof ServiceChange.Comparator comparator) {
      return new ServiceChange.Comparator(comparator.order(), comparator.guid(), Optional.empty());
    } else if (row instanceof ServiceChange.Newest newest) {
      return new ServiceChange.Newest(newest.group(), 0);
    }
    throw new IllegalArgumentException("unknown row " + row);
  }
}
