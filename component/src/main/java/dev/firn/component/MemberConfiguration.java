package dev.firn.component;

import dev.firn.failover.Bytes;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as one instance has it, in objects of the component's own classes. Immutable; a
 * change gives another one.
 *
 * <p>A group is known by its class and all that its class adds, such as a {@code name}; an item by
 * its key. The state replicator cannot know which member of a class that it was not given is the
 * name, so an instance goes by the same, lest both have different groups.
 */
final class MemberConfiguration {
  private final Configurations configurations;
  private final Map<Bytes, ConfigurationGroup> groups;

  private MemberConfiguration(
      Configurations configurations, Map<Bytes, ConfigurationGroup> groups) {
    this.configurations = configurations;
    this.groups = groups;
  }

  static MemberConfiguration empty(Configurations configurations) {
    return new MemberConfiguration(configurations, Map.of());
  }

  private MemberConfiguration next(Map<Bytes, ConfigurationGroup> changed) {
    return new MemberConfiguration(configurations, changed);
  }

  private Bytes key(ConfigurationGroup group) {
    return configurations.identity(group);
  }

  /** All groups, with all items; not to be changed. */
  List<ConfigurationGroup> all() {
    return List.copyOf(groups.values());
  }

  /**
   * With these items put.
   *
   * @throws SerialConflict one of them is older than what is there
   */
  MemberConfiguration with(ConfigurationGroup[] changes) throws SerialConflict {
    check(changes);
    Map<Bytes, ConfigurationGroup> next = new LinkedHashMap<>(groups);
    for (ConfigurationGroup change : present(changes)) {
      ConfigurationGroup old = next.get(key(change));
      Map<String, ConfigurationItem> items = old == null ? new HashMap<>() : items(old);
      items.putAll(items(change));
      next.put(key(change), copy(change, items));
    }
    return next(next);
  }

  /**
   * Without these items.
   *
   * @throws SerialConflict one of them is newer here
   */
  MemberConfiguration withoutItems(ConfigurationGroup[] changes) throws SerialConflict {
    check(changes);
    Map<Bytes, ConfigurationGroup> next = new LinkedHashMap<>(groups);
    for (ConfigurationGroup change : present(changes)) {
      ConfigurationGroup old = next.get(key(change));
      if (old != null) {
        Map<String, ConfigurationItem> items = items(old);
        items.keySet().removeAll(change.configurationItems.keySet());
        next.put(key(change), copy(old, items));
      }
    }
    return next(next);
  }

  /**
   * Without these groups.
   *
   * @throws SerialConflict an item that was named is newer here
   */
  MemberConfiguration withoutGroups(ConfigurationGroup[] changes) throws SerialConflict {
    check(changes);
    Map<Bytes, ConfigurationGroup> next = new LinkedHashMap<>(groups);
    present(changes).forEach(change -> next.remove(key(change)));
    return next(next);
  }

  /** The named items of the named groups. */
  ConfigurationGroup[] items(ConfigurationGroup[] wanted) {
    return select(wanted, (group, key) -> group.configurationItems.containsKey(key));
  }

  /** The named groups, whole. */
  ConfigurationGroup[] whole(ConfigurationGroup[] wanted) {
    return select(wanted, (group, key) -> true);
  }

  /** All groups, without items. */
  ConfigurationGroup[] names() {
    return groups.values().stream()
        .map(group -> copy(group, new HashMap<>()))
        .toArray(ConfigurationGroup[]::new);
  }

  private ConfigurationGroup[] select(
      ConfigurationGroup[] wanted,
      java.util.function.BiPredicate<ConfigurationGroup, String> chosen) {
    List<ConfigurationGroup> found = new ArrayList<>();
    for (ConfigurationGroup each : present(wanted)) {
      ConfigurationGroup group = groups.get(key(each));
      if (group != null) {
        Map<String, ConfigurationItem> items = items(group);
        Predicate<String> other = key -> !chosen.test(each, key);
        items.keySet().removeIf(other);
        found.add(copy(group, items));
      }
    }
    return found.toArray(ConfigurationGroup[]::new);
  }

  private void check(ConfigurationGroup[] changes) throws SerialConflict {
    for (ConfigurationGroup change : present(changes)) {
      ConfigurationGroup stored = groups.get(key(change));
      if (stored != null) {
        for (Map.Entry<String, ConfigurationItem> item : items(change).entrySet()) {
          ConfigurationItem old = stored.configurationItems.get(item.getKey());
          if (old != null && item.getValue().serialNumber < old.serialNumber) {
            throw new SerialConflict(stored);
          }
        }
      }
    }
  }

  /** Null is a value that any sender can put into a sequence. */
  private static Collection<ConfigurationGroup> present(@Nullable ConfigurationGroup[] groups) {
    List<ConfigurationGroup> present = new ArrayList<>();
    for (ConfigurationGroup group : groups) {
      if (group != null) {
        present.add(group);
      }
    }
    return present;
  }

  private static Map<String, ConfigurationItem> items(ConfigurationGroup group) {
    Map<String, ConfigurationItem> items = new HashMap<>();
    group.configurationItems.forEach(
        (key, item) -> {
          if (item != null) {
            items.put(key, item);
          }
        });
    return items;
  }

  private static ConfigurationGroup copy(
      ConfigurationGroup group, Map<String, ConfigurationItem> items) {
    ConfigurationGroup copy = group.clone();
    copy.configurationItems = items;
    return copy;
  }
}
