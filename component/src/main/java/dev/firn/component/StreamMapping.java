package dev.firn.component;

import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.Update;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Items and updates, from and to the wire. */
final class StreamMapping {
  private StreamMapping() {}

  /**
   * @throws IllegalArgumentException a key is empty
   */
  static List<StateItem> items(Item[] items) {
    List<StateItem> mapped = new ArrayList<>(items.length);
    for (Item item : items) {
      mapped.add(new StateItem(item.key, item.typeId, item.version, Bytes.of(item.payload)));
    }
    return mapped;
  }

  static Item[] items(Collection<StateItem> items) {
    return items.stream()
        .map(i -> new Item(i.key(), i.typeId(), i.version(), i.payload().toArray()))
        .toArray(Item[]::new);
  }

  /**
   * @throws IllegalArgumentException a key is empty
   */
  static List<StateUpdate> updates(Update[] updates) {
    List<StateUpdate> mapped = new ArrayList<>(updates.length);
    for (Update update : updates) {
      mapped.add(
          new StateUpdate(update.epoch, update.seq, items(update.set), List.of(update.removed)));
    }
    return mapped;
  }

  static Update[] updates(List<StateUpdate> updates) {
    return updates.stream()
        .map(
            u -> new Update(u.epoch(), u.seq(), items(u.set()), u.removed().toArray(new String[0])))
        .toArray(Update[]::new);
  }
}
