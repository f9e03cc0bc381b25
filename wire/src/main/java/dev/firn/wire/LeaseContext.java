package dev.firn.wire;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What a candidate for an active role says in the context of its campaign: {@code
 * ha.fallbackAfter}, the seconds for which the preferred instance has to be ready before it gets
 * the role back; 0: never. Who says nothing leaves it to the registry.
 */
public final class LeaseContext {
  private static final String FALLBACK_AFTER = "ha.fallbackAfter";
  private static final long SECONDS_MAX = 1_000_000_000;

  private LeaseContext() {}

  /** The context of a campaign. */
  public static Map<String, String> of(OptionalLong fallbackAfterSeconds) {
    return fallbackAfterSeconds.isPresent()
        ? Map.of(FALLBACK_AFTER, Long.toString(fallbackAfterSeconds.getAsLong()))
        : Map.of();
  }

  /** What a context says; empty if nothing, or nothing that has a meaning. */
  public static OptionalLong fallbackAfterSeconds(Map<String, String> context) {
    try {
      long seconds = Long.parseLong(context.getOrDefault(FALLBACK_AFTER, ""));
      return seconds < 0 || seconds > SECONDS_MAX ? OptionalLong.empty() : OptionalLong.of(seconds);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
