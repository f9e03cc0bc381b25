package dev.firn.replication;

import dev.firn.model.CommandResult.Applied;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Numbers what a master publishes, per topic: 0 before the first event, then one by one. */
final class Publisher {
  private final Map<Topic, Integer> serials = new EnumMap<>(Topic.class);

  /** Who waits for a session to acknowledge the last updates of a command, if anybody. */
  interface Awaited {
    @Nullable AckWait by(ReplicaSession session);
  }

  /** Pushes what a command did to all slaves that have subscribed. */
  void push(Applied applied, Collection<ReplicaSession> sessions, Awaited awaited, long nowMillis) {
    List<PushedUpdate> updates = updatesOf(applied);
    Map<Topic, Integer> last = new EnumMap<>(Topic.class);
    for (int i = 0; i < updates.size(); i++) {
      last.put(updates.get(i).event().topic(), i);
    }
    for (ReplicaSession session : sessions) {
      if (session.isSubscribed()) {
        for (int i = 0; i < updates.size(); i++) {
          boolean isLast = last.containsValue(i);
          session.enqueue(updates.get(i), isLast ? awaited.by(session) : null, nowMillis);
        }
      }
    }
  }

  /** The events of a command, to push in this order. */
  private List<PushedUpdate> updatesOf(Applied applied) {
    Optional<Long> dbSerial =
        applied.dbSerial() == Applied.NO_SERIAL
            ? Optional.empty()
            : Optional.of(applied.dbSerial());
    List<PushedUpdate> updates = new ArrayList<>();
    for (RegistryEvent event : applied.events()) {
      int serial = serials.merge(event.topic(), 1, Integer::sum);
      updates.add(new PushedUpdate(event, serial, dbSerial, epochOf(applied.tables())));
    }
    return updates;
  }

  /** Tables as they are now, for a slave that follows from here. */
  List<PushedUpdate> snapshotsOf(RegistryTables tables) {
    return List.of(
        snapshot(
            tables, new RegistryEvent.ApplicationsReplaced(List.copyOf(tables.applications()))),
        snapshot(tables, new RegistryEvent.AdaptersReplaced(List.copyOf(tables.adapters()))),
        snapshot(tables, new RegistryEvent.ObjectsReplaced(List.copyOf(tables.objects()))));
  }

  private PushedUpdate snapshot(RegistryTables tables, RegistryEvent event) {
    return new PushedUpdate(
        event,
        serials.getOrDefault(event.topic(), 0),
        Optional.of(tables.serials().of(event.topic())),
        epochOf(tables));
  }

  private static Optional<Long> epochOf(RegistryTables tables) {
    return Optional.of(tables.epoch().number());
  }
}
