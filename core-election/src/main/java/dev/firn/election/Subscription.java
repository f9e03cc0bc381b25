package dev.firn.election;

import static java.util.Objects.requireNonNull;

/**
 * A subscriber or link from when it came to a topic until it leaves it.
 *
 * @param number in the order of coming, at this replica; who leaves and comes again has another
 */
public record Subscription(long number, SubscriberRecord record) {
  public Subscription {
    requireNonNull(record, "record");
  }
}
