package dev.firn.model;

import dev.firn.model.CommandResult.Applied;
import java.util.ArrayList;
import java.util.List;

/** Collects what a command does; one command, one instance. */
final class TableChange {
  private final List<RowChange> rows = new ArrayList<>();
  private final List<RegistryEvent> events = new ArrayList<>();
  private RegistryTables tables;

  TableChange(RegistryTables tables) {
    this.tables = tables;
  }

  /** The tables as changed so far. */
  RegistryTables tables() {
    return tables;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  TableChange write(RowChange row) {
    rows.add(row);
    tables = tables.with(row);
    return this;
  }

  TableChange publish(RegistryEvent event) {
    events.add(event);
    return this;
  }

  TableChange serial(Topic topic, long serial) {
    return tables.serials().of(topic) == serial
        ? this
        : write(new RowChange.PutSerial(topic, serial));
  }

  /** Finishes a change that advances the serial of its table. */
  Applied counted(Topic topic) {
    long serial = tables.serials().of(topic) + 1;
    write(new RowChange.PutSerial(topic, serial));
    return new Applied(tables, rows, events, serial);
  }

  /** Finishes a change that leaves the serials as they are, or has set them itself. */
  Applied uncounted() {
    return new Applied(tables, rows, events, Applied.NO_SERIAL);
  }
}
