package dev.firn.model;

import static java.util.Objects.requireNonNull;

/**
 * How a replica group chooses among its adapters.
 *
 * @param nReplicas how many endpoints a locate returns, a number as written; {@code 0} is all
 * @param loadSample minutes of the load average, empty unless adaptive
 */
public record LoadBalancingPolicy(Type type, String nReplicas, String loadSample) {
  /** What a replica group has that declares none. */
  public static final LoadBalancingPolicy DEFAULT = new LoadBalancingPolicy(Type.RANDOM, "0", "");

  public LoadBalancingPolicy {
    requireNonNull(type, "type");
    requireNonNull(nReplicas, "nReplicas");
    requireNonNull(loadSample, "loadSample");
    if (type != Type.ADAPTIVE && !loadSample.isEmpty()) {
      throw new IllegalArgumentException("load sample of a policy that is not adaptive: " + type);
    }
  }

  /** The policies by their names in XML. */
  public enum Type {
    RANDOM("random"),
    ORDERED("ordered"),
    ROUND_ROBIN("round-robin"),
    ADAPTIVE("adaptive");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** As in XML and in the output of tools. */
    public String text() {
      return text;
    }
  }
}
