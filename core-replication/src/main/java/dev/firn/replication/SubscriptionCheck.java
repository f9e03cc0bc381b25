package dev.firn.replication;

import dev.firn.model.RegistryTables;
import dev.firn.model.Topic;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides whether a slave's database may be overwritten with the master's. */
final class SubscriptionCheck {
  private SubscriptionCheck() {}

  /**
   * @return why not, a text for both logs; empty if it may
   */
  static Optional<String> refusal(
      RegistryTables master,
      String replica,
      Optional<Map<String, Long>> serials,
      Optional<Long> epochNumber) {
    Map<String, Long> replicaSerials = new TreeMap<>(serials.orElseGet(TreeMap::new));
    boolean newer = epochNumber.orElse(0L) > master.epoch().number();
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, Long> entry : replicaSerials.entrySet()) {
      long masterSerial = serialOf(master, entry.getKey());
      newer |= entry.getValue() > masterSerial;
      lines.append(
          "database `%s': master serial = %d, replica serial = %d\n"
              .formatted(entry.getKey(), masterSerial, entry.getValue()));
    }
    if (!newer) {
      return Optional.empty();
    }
    epochNumber
        .filter(number -> number > master.epoch().number())
        .ifPresent(
            number ->
                lines.append(
                    "master epoch = %d, replica epoch = %d: the replica's database was a later master's\n"
                        .formatted(master.epoch().number(), number)));
    return Optional.of(
        """
        database from replica `%s' contains earlier updates:
        %s(database replication is disabled for this replica, please check the
         master and slave database with an administrative client and either:
         - restart the slave with --initdb-from-replica=Master
         - restart the master with --initdb-from-replica=%s"""
            .formatted(replica, lines, replica));
  }

  private static long serialOf(RegistryTables tables, String key) {
    for (Topic topic : Topic.values()) {
      if (topic.key().equals(key)) {
        return tables.serials().of(topic);
      }
    }
    return 0;
  }
}
