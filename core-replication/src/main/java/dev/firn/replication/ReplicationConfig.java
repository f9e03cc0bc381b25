package dev.firn.replication;

/**
 * Time-outs and limits of replication.
 *
 * @param sessionTimeoutMillis a master ends the session of a slave that was silent for longer
 * @param ackTimeoutMillis a master ends the session of a slave that holds up acknowledgements for
 *     longer
 * @param pushQueueMax a master ends the session of a slave with more unsent updates than this; a
 *     snapshot counts as one
 * @param connectPeriodMillis a slave without a master tries again after this time
 * @param refusedPeriodMillis a slave whose database was refused tries again after this time
 */
public record ReplicationConfig(
    long sessionTimeoutMillis,
    long ackTimeoutMillis,
    int pushQueueMax,
    long connectPeriodMillis,
    long refusedPeriodMillis) {
  public ReplicationConfig {
    requirePositive(sessionTimeoutMillis, "sessionTimeoutMillis");
    requirePositive(ackTimeoutMillis, "ackTimeoutMillis");
    requirePositive(pushQueueMax, "pushQueueMax");
    requirePositive(connectPeriodMillis, "connectPeriodMillis");
    requirePositive(refusedPeriodMillis, "refusedPeriodMillis");
  }

  private static void requirePositive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be >= 1: " + value);
    }
  }
}
