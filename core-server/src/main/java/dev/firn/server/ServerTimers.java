package dev.firn.server;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** When a server's machine has to be given time. */
final class ServerTimers {
  /** What is waited for. */
  enum Timer {
    /** Other registries that have to know before the first start. */
    REPLICATION,
    /** A process that has to be complete. */
    ACTIVATION,
    /** A process that has to end. */
    DEACTIVATION,
    /** A killed process that has to be gone. */
    KILL,
    /** The next start of a server that is always to run, or that had failed. */
    RESTART,
    /** A process that takes over properties. */
    UPDATE,
    /** The master's word on what another registry knows already. */
    EARLY
  }

  private final Map<Timer, Long> atMillis = new EnumMap<>(Timer.class);

  void set(Timer timer, long millis) {
    atMillis.put(timer, millis);
  }

  void cancel(Timer timer) {
    atMillis.remove(timer);
  }

  boolean isSet(Timer timer) {
    return atMillis.containsKey(timer);
  }

  OptionalLong at(Timer timer) {
    Long millis = atMillis.get(timer);
    return millis == null ? OptionalLong.empty() : OptionalLong.of(millis);
  }

  /** Timers that have run out; they are not set any more. */
  List<Timer> takeDue(long nowMillis) {
    List<Timer> due =
        atMillis.entrySet().stream()
            .filter(entry -> entry.getValue() <= nowMillis)
            .map(Map.Entry::getKey)
            .toList();
    due.forEach(atMillis::remove);
    return due;
  }

  OptionalLong next() {
    return atMillis.values().stream().mapToLong(Long::longValue).min();
  }
}
