package dev.firn.failover;

import static java.util.Objects.requireNonNull;

/**
 * One thing in the state of a component, whole in itself: who sets a key replaces what was there.
 *
 * @param key at most {@link StreamLimits#KEY_BYTES_MAX} bytes of UTF-8, not empty; {@code
 *     <type>/<id>} by convention
 * @param typeId what the payload is, for its reader
 * @param version for its reader; the serial number, in configuration
 * @param payload never looked at
 */
public record StateItem(String key, String typeId, long version, Bytes payload) {
  private static final int OVERHEAD_BYTES = 24;

  public StateItem {
    requireNonNull(typeId, "typeId");
    requireNonNull(payload, "payload");
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a key must not be empty");
    }
  }

  /** About how much of a message or of memory it takes, bytes. */
  public long sizeBytes() {
    return OVERHEAD_BYTES + key.length() + typeId.length() + (long) payload.length();
  }
}
