package dev.firn.wire;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which epoch of a replica group a request comes from: {@code ha.group} and {@code ha.epoch} of its
 * context.
 *
 * @param group name of the group, not empty
 * @param epoch at least 1
 */
public record EpochContext(String group, long epoch) {
  /** Key of the group's name. */
  public static final String GROUP = "ha.group";

  /** Key of the epoch, decimal. */
  public static final String EPOCH = "ha.epoch";

  public EpochContext {
    requireNonNull(group, "group");
    if (group.isEmpty()) {
      throw new IllegalArgumentException("a group has a name");
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch must be >= 1: " + epoch);
    }
  }

  /**
   * Reads a request's context.
   *
   * @return empty if it names no group, or no epoch that is a positive number: such a request is
   *     one of those that know nothing of epochs
   */
  public static Optional<EpochContext> of(Map<String, String> context) {
    String group = context.getOrDefault(GROUP, "");
    String epoch = context.getOrDefault(EPOCH, "");
    if (group.isEmpty() || epoch.isEmpty()) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(epoch);
      return number < 1 ? Optional.empty() : Optional.of(new EpochContext(group, number));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The same context with this epoch in it; the argument stays as it is. */
  public Map<String, String> in(Map<String, String> context) {
    Map<String, String> result = new TreeMap<>(context);
    result.put(GROUP, group);
    result.put(EPOCH, Long.toString(epoch));
    return result;
  }
}
