package dev.firn.failover;

import java.util.Locale;
import java.util.Optional;

/** When an update is acknowledged to its writer. */
public enum AckLevel {
  /** In the memory of one replicator. */
  MEMORY,
  /** On the disks of a majority of replicators. */
  QUORUM,
  /** As QUORUM, and a standby has applied it. */
  STANDBY;

  /** The level of a property's text, in any case. */
  public static Optional<AckLevel> parse(String text) {
    for (AckLevel level : values()) {
      if (level.name().equals(text.toUpperCase(Locale.ROOT))) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  public boolean isDurable() {
    return this != MEMORY;
  }
}
