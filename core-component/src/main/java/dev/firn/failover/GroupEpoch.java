package dev.firn.failover;

import static java.util.Objects.requireNonNull;

/**
 * An epoch of the active role of a group.
 *
 * @param group name of the group, not empty
 * @param epoch at least 1
 */
public record GroupEpoch(String group, long epoch) {
  public GroupEpoch {
    requireNonNull(group, "group");
    if (group.isEmpty()) {
      throw new IllegalArgumentException("a group has a name");
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch must be >= 1: " + epoch);
    }
  }
}
