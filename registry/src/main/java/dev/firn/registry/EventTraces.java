package dev.firn.registry;

import dev.firn.model.AdapterEntry;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import java.util.List;

/** One trace line for each change of a table, with the texts of the reference. */
final class EventTraces {
  private EventTraces() {}

  static void trace(Traces traces, RegistryTables tables, List<RegistryEvent> events) {
    for (RegistryEvent event : events) {
      Traces.Category category =
          switch (event.topic()) {
            case APPLICATIONS -> Traces.Category.APPLICATION;
            case ADAPTERS -> Traces.Category.ADAPTER;
            case OBJECTS -> Traces.Category.OBJECT;
          };
      if (traces.on(category, 1)) {
        long serial = tables.serials().of(event.topic());
        traces.trace(category, 1, () -> text(event) + " (serial = `" + serial + "')");
      }
    }
  }

  private static String text(RegistryEvent event) {
    if (event instanceof RegistryEvent.ApplicationAdded added) {
      return "added application `" + added.entry().name() + "'";
    } else if (event instanceof RegistryEvent.ApplicationUpdated updated) {
      return "updated application `" + updated.entry().name() + "'";
    } else if (event instanceof RegistryEvent.ApplicationRemoved removed) {
      return "removed application `" + removed.name() + "'";
    } else if (event instanceof RegistryEvent.AdapterAdded added) {
      return "added adapter " + adapter(added.entry());
    } else if (event instanceof RegistryEvent.AdapterUpdated updated) {
      return "updated adapter " + adapter(updated.entry());
    } else if (event instanceof RegistryEvent.AdapterRemoved removed) {
      return "removed adapter `" + removed.id() + "'";
    } else if (event instanceof RegistryEvent.ObjectAdded added) {
      return "added object `" + added.entry().id() + "'";
    } else if (event instanceof RegistryEvent.ObjectUpdated updated) {
      return "updated object `" + updated.entry().id() + "'";
    } else if (event instanceof RegistryEvent.ObjectRemoved removed) {
      return "removed object `" + removed.id() + "'";
    }
    return "synchronized " + event.topic().key();
  }

  private static String adapter(AdapterEntry entry) {
    return entry.replicaGroupId().isEmpty()
        ? "`" + entry.id() + "'"
        : "`" + entry.id() + "' with replica group `" + entry.replicaGroupId() + "'";
  }
}
