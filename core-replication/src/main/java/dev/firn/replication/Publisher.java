package dev.firn.replication;

import dev.firn.model.CommandResult.Applied;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Numbers what a master publishes, per topic: 0 before the first event, then one by one. */
final class Publisher {
  private final Map<Topic, Integer> serials = new EnumMap<>(Topic.class);

  /** The events of a command, to push in this order. */
  List<PushedUpdate> updatesOf(Applied applied) {
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
