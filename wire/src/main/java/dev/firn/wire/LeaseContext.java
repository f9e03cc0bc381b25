package dev.firn.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a candidate for an active role says in the context of its campaign: {@code
 * ha.fallbackAfter}, the seconds for which the preferred instance has to be ready before it gets
 * the role back; 0: never. Who says nothing leaves it to the registry. And {@code
 * ha.configurationRevision}, the last one that it has taken; who says nothing has taken none.
 */
public final class LeaseContext {
  private static final String FALLBACK_AFTER = "ha.fallbackAfter";
  private static final String CONFIGURATION_REVISION = "ha.configurationRevision";
  private static final long SECONDS_MAX = 1_000_000_000;

  private LeaseContext() {}

  /** The context of a campaign. */
  public static Map<String, String> of(
      OptionalLong fallbackAfterSeconds, long configurationRevision) {
    Map<String, String> context = new HashMap<>();
    context.put(CONFIGURATION_REVISION, Long.toString(configurationRevision));
    fallbackAfterSeconds.ifPresent(seconds -> context.put(FALLBACK_AFTER, Long.toString(seconds)));
    return context;
  }

  /** What a context says; empty if nothing, or nothing that has a meaning. */
  public static OptionalLong fallbackAfterSeconds(Map<String, String> context) {
    return number(context, FALLBACK_AFTER, SECONDS_MAX);
  }

  /** What a context says; 0 if nothing, or nothing that has a meaning. */
  public static long configurationRevision(Map<String, String> context) {
    return number(context, CONFIGURATION_REVISION, Long.MAX_VALUE).orElse(0);
  }

  private static OptionalLong number(Map<String, String> context, String key, long max) {
    try {
      long number = Long.parseLong(context.getOrDefault(key, ""));
      return number < 0 || number > max ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
