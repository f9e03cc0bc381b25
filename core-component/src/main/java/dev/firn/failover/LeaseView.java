package dev.firn.failover;

import java.util.List;

/**
 * The lease of a group, for observers.
 *
 * @param holder empty: nobody
 * @param remainingMillis until somebody else may have it
 * @param candidates in order of their names
 */
public record LeaseView(
    String group, String holder, long epoch, long remainingMillis, List<String> candidates) {
  public LeaseView {
    candidates = List.copyOf(candidates);
  }
}
