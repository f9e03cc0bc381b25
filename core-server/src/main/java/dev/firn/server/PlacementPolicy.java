package dev.firn.server;

import static java.util.Objects.requireNonNull;

import dev.firn.model.LoadBalancingPolicy;

/**
 * How a replica group chooses, its numbers read.
 *
 * @param replicas how many members a locate answers with; 0 is all
 * @param sample which load counts, if the policy is adaptive
 */
public record PlacementPolicy(
    LoadBalancingPolicy.Type type, int replicas, PlacementLoad.Sample sample) {
  public PlacementPolicy {
    requireNonNull(type, "type");
    requireNonNull(sample, "sample");
    if (replicas < 0) {
      throw new IllegalArgumentException("replicas must be >= 0: " + replicas);
    }
  }

  /** Reads what is written; a text that is no number means all, a negative number one. */
  public static PlacementPolicy of(LoadBalancingPolicy policy) {
    return new PlacementPolicy(
        policy.type(), replicas(policy.nReplicas()), PlacementLoad.Sample.of(policy.loadSample()));
  }

  private static int replicas(String text) {
    try {
      int number = Integer.parseInt(text.trim());
      return number < 0 ? 1 : number;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** How many of so many members are wanted. */
  public int count(int members) {
    return replicas == 0 ? members : Math.min(replicas, members);
  }
}
