package dev.firn.election;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.random.RandomGenerator;

/** One replica of a publish-subscribe service: takes part in elections, replicates updates. */
public final class StormReplica {
  private final ElectionConfig config;
  private final TopicTables tables;

  /**
   * @param tables what the store has
   * @param random makes group names, the number of this process and small random delays
   */
  public StormReplica(ElectionConfig config, TopicTables tables, RandomGenerator random) {
    this.config = requireNonNull(config, "config");
    this.tables = requireNonNull(tables, "tables");
    requireNonNull(random, "random");
  }

  /**
   * Takes one input.
   *
   * @param nowMillis the host's monotonic time, milliseconds
   * @return outputs in the order to perform
   */
  public List<Output> step(long nowMillis, Input input) {
    requireNonNull(input, "input");
    return List.of();
  }

  /** When the next {@link Input.Tick} is needed, on the clock given to {@link #step}. */
  public long wakeAtMillis() {
    return Long.MAX_VALUE;
  }

  public ReplicaView view() {
    return new ReplicaView(config.self(), config.self(), "", NodeState.INACTIVE, List.of(), 0, -1);
  }

  /** Everything durable: topics, position, promise. */
  public TopicTables tables() {
    return tables;
  }
}
