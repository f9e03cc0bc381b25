package dev.firn.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * What makes a tree equal to a distribution. Pure.
 *
 * @param removed in the order in which they can be removed: what is in a directory before it
 * @param fetched in the order in which they can be made
 * @param flagged those whose executable bit alone is another
 */
record DistributionPlan(
    List<DistributionFile> removed,
    List<DistributionFile> fetched,
    List<DistributionFile> flagged) {

  /**
   * @param local by path
   * @param remote by path
   */
  static DistributionPlan of(
      SortedMap<String, DistributionFile> local, SortedMap<String, DistributionFile> remote) {
    List<DistributionFile> removed = new ArrayList<>();
    List<DistributionFile> fetched = new ArrayList<>();
    List<DistributionFile> flagged = new ArrayList<>();
    for (DistributionFile file : local.values()) {
      DistributionFile wanted = remote.get(file.path());
      if (wanted == null || wanted.isDirectory() != file.isDirectory()) {
        removed.add(file);
      }
    }
    Collections.reverse(removed);
    for (DistributionFile file : remote.values()) {
      DistributionFile known = local.get(file.path());
      if (known == null || !known.hasContentOf(file)) {
        fetched.add(file);
      } else if (known.executable() != file.executable()) {
        flagged.add(file);
      }
    }
    return new DistributionPlan(removed, fetched, flagged);
  }

  boolean isEmpty() {
    return removed.isEmpty() && fetched.isEmpty() && flagged.isEmpty();
  }

  /** How much there is to fetch, compressed. */
  long bytes() {
    return fetched.stream().mapToLong(file -> Math.max(0, file.size())).sum();
  }
}
