package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.FormatType;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.MarshalException;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.SliceInfo;
import com.zeroc.Ice.SlicedData;
import com.zeroc.Ice.Util;
import com.zeroc.Ice.Value;
import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamLimits;
import dev.firn.failover.StreamView;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Groups of configuration as items of a stream: one for each group, one for each of its items.
 *
 * <p>What derived classes add is not known here and never lost: it stays as the bytes of its
 * slices. A group is the same as another if its class is, and what its class adds.
 */
final class Configurations {
  private static final int NAME_LENGTH_MAX = 120;
  private static final String GROUP_END = "\n";
  private static final String ITEM = "=";

  private final Communicator communicator;

  Configurations(Communicator communicator) {
    this.communicator = communicator;
  }

  /** The items that setting these groups sets. */
  List<StateItem> set(ConfigurationGroup[] groups) {
    List<StateItem> items = new ArrayList<>();
    for (ConfigurationGroup group : groups) {
      String prefix = prefix(group);
      items.add(new StateItem(prefix, group.ice_id(), 0, encode(withoutItems(group))));
      items(group)
          .forEach(
              (name, item) ->
                  items.add(
                      new StateItem(
                          key(prefix, name), item.ice_id(), item.serialNumber, encode(item))));
    }
    return items;
  }

  /** The items named in groups, whose values need not be there, with the serials that are. */
  List<StateItem> named(ConfigurationGroup[] groups) {
    List<StateItem> items = new ArrayList<>();
    for (ConfigurationGroup group : groups) {
      String prefix = prefix(group);
      Map<String, ConfigurationItem> named = group.configurationItems;
      if (named != null) {
        named.forEach(
            (name, item) ->
                items.add(
                    new StateItem(
                        key(prefix, name),
                        "",
                        item == null ? Long.MAX_VALUE : item.serialNumber,
                        Bytes.EMPTY)));
      }
    }
    return items;
  }

  List<String> prefixes(ConfigurationGroup[] groups) {
    return Arrays.stream(groups).map(this::prefix).toList();
  }

  /** All groups, with their items if wanted. */
  ConfigurationGroup[] all(StreamView view, boolean withItems) {
    SortedMap<String, StateItem> items = new TreeMap<>(view.items());
    if (!withItems) {
      items.keySet().removeIf(key -> !key.equals(prefixOf(key)));
    }
    return groups(items);
  }

  /** A group's own record comes before those of its items. */
  private ConfigurationGroup[] groups(SortedMap<String, StateItem> items) {
    Map<String, ConfigurationGroup> groups = new LinkedHashMap<>();
    items.forEach(
        (key, item) -> {
          String prefix = prefixOf(key);
          ConfigurationGroup group = groups.get(prefix);
          if (key.equals(prefix)) {
            groups.put(prefix, group(item));
          } else if (group != null) {
            group.configurationItems.put(
                key.substring(prefix.length() + ITEM.length()), item(item));
          }
        });
    return groups.values().toArray(new ConfigurationGroup[0]);
  }

  /** One group with all its items, or those that are named; nothing if there is no such group. */
  List<ConfigurationGroup> one(StreamView view, ConfigurationGroup wanted, boolean onlyNamed) {
    String prefix = prefix(wanted);
    StateItem header = view.items().get(prefix);
    if (header == null) {
      return List.of();
    }
    ConfigurationGroup group = group(header);
    Map<String, ConfigurationItem> named = wanted.configurationItems;
    for (Map.Entry<String, StateItem> entry : view.items().tailMap(prefix).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      if (entry.getKey().length() > prefix.length()) {
        String name = entry.getKey().substring(prefix.length() + ITEM.length());
        if (!onlyNamed || (named != null && named.containsKey(name))) {
          group.configurationItems.put(name, item(entry.getValue()));
        }
      }
    }
    return List.of(group);
  }

  /** The group in which the item of a key is, with all it has. */
  ConfigurationGroup groupOf(StreamView view, String key) {
    String prefix = prefixOf(key);
    StateItem header = view.items().get(prefix);
    return header == null
        ? new ConfigurationGroup(new HashMap<>())
        : one(view, group(header), false).get(0);
  }

  /** What to tell a member. */
  @SuppressWarnings("ArrayRecordComponent") // only ever read, never compared
  record Difference(
      ConfigurationGroup[] removedGroups,
      ConfigurationGroup[] removedItems,
      ConfigurationGroup[] set) {}

  /** What leads from one configuration to another. */
  Difference difference(SortedMap<String, StateItem> before, SortedMap<String, StateItem> after) {
    SortedMap<String, StateItem> set = new TreeMap<>();
    SortedMap<String, StateItem> removedItems = new TreeMap<>();
    SortedMap<String, StateItem> removedGroups = new TreeMap<>();
    after.forEach(
        (key, item) -> {
          StateItem old = before.get(key);
          if (item.equals(old)) {
            return;
          }
          String prefix = prefixOf(key);
          set.put(key, item);
          set.put(prefix, header(after, prefix));
          if (old != null && old.version() > item.version() && !key.equals(prefix)) {
            // It was removed and set anew meanwhile; a lower number alone is a conflict.
            removedItems.put(key, old);
            removedItems.put(prefix, header(after, prefix));
          }
        });
    before.forEach(
        (key, item) -> {
          if (after.containsKey(key)) {
            return;
          }
          String prefix = prefixOf(key);
          if (key.equals(prefix)) {
            removedGroups.put(key, item);
          } else if (after.containsKey(prefix)) {
            removedItems.put(key, item);
            removedItems.put(prefix, header(after, prefix));
          }
        });
    return new Difference(groups(removedGroups), groups(removedItems), groups(set));
  }

  private static String prefixOf(String key) {
    return key.substring(0, key.lastIndexOf(GROUP_END) + 1);
  }

  private static StateItem header(SortedMap<String, StateItem> items, String prefix) {
    StateItem header = items.get(prefix);
    if (header == null) {
      throw new IllegalStateException("an item without a group: " + prefix);
    }
    return header;
  }

  /** The change as listeners of the stream see it. */
  static StateUpdate update(
      StreamCommand.Configure change, StreamCommand.Applied result, StreamView before) {
    List<String> removed = new ArrayList<>();
    change.removed().forEach(item -> removed.add(item.key()));
    for (String prefix : change.removedPrefixes()) {
      before.items().tailMap(prefix).keySet().stream()
          .takeWhile(key -> key.startsWith(prefix))
          .forEach(removed::add);
    }
    return new StateUpdate(result.epoch(), result.seq(), change.set(), removed);
  }

  private static Map<String, ConfigurationItem> items(ConfigurationGroup group) {
    Map<String, ConfigurationItem> items = new HashMap<>();
    if (group.configurationItems != null) {
      group.configurationItems.forEach(
          (name, item) -> {
            if (item == null) {
              throw new IllegalArgumentException("item \"" + name + "\" is null");
            }
            items.put(name, item);
          });
    }
    return items;
  }

  private static String key(String prefix, String name) {
    String key = prefix + ITEM + name;
    if (StreamLimits.utf8Bytes(key) > StreamLimits.KEY_BYTES_MAX || name.contains(GROUP_END)) {
      throw new IllegalArgumentException(
          "item \"" + name + "\": its name is too long or has a line break");
    }
    return key;
  }

  /** Class and what distinguishes the group from others of the class. */
  private String prefix(ConfigurationGroup group) {
    StringBuilder name = new StringBuilder();
    SlicedData sliced = group.ice_getSlicedData();
    if (sliced == null) {
      name.append(group.ice_id());
    } else {
      for (SliceInfo slice : sliced.slices) {
        name.append(name.length() == 0 ? "" : "/")
            .append(slice.typeId)
            .append(slice.compactId < 0 ? "" : "#" + slice.compactId)
            .append(':')
            .append(Base64.getEncoder().withoutPadding().encodeToString(slice.bytes));
      }
    }
    String text = name.toString();
    return (text.length() <= NAME_LENGTH_MAX ? text : digest(text)) + GROUP_END;
  }

  /** The same for equal groups, whose class may be known here: class and what it adds. */
  Bytes identity(ConfigurationGroup group) {
    return encode(withoutItems(group));
  }

  private static String digest(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return text.substring(0, NAME_LENGTH_MAX / 2)
          + "~"
          + Base64.getEncoder()
              .withoutPadding()
              .encodeToString(
                  digest.digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static ConfigurationGroup withoutItems(ConfigurationGroup group) {
    ConfigurationGroup copy = group.clone();
    copy.configurationItems = new HashMap<>();
    return copy;
  }

  private Bytes encode(Value value) {
    OutputStream out = new OutputStream(communicator, Util.Encoding_1_1);
    out.startEncapsulation(Util.Encoding_1_1, FormatType.SlicedFormat);
    out.writeValue(value);
    out.writePendingValues();
    out.endEncapsulation();
    return Bytes.of(out.finished());
  }

  private <T extends Value> T decode(StateItem item, Class<T> type) {
    InputStream in = new InputStream(communicator, item.payload().toArray());
    in.startEncapsulation();
    AtomicReference<T> read = new AtomicReference<>();
    in.readValue(read::set, type);
    in.readPendingValues();
    in.endEncapsulation();
    T value = read.get();
    if (value == null) {
      throw new MarshalException("stored configuration is null: " + item.key());
    }
    return value;
  }

  private ConfigurationGroup group(StateItem item) {
    return decode(item, ConfigurationGroup.class);
  }

  private ConfigurationItem item(StateItem item) {
    return decode(item, ConfigurationItem.class);
  }
}
