package dev.firn.model;

import dev.firn.model.CommandResult.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

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

  /** Replaces a table as a whole: far cheaper than row by row. Of equal ids the last one counts. */
  TableChange replaceApplications(List<ApplicationEntry> entries) {
    SortedMap<String, ApplicationEntry> unique = byKey(entries, ApplicationEntry::name);
    rows.add(new RowChange.ClearTable(Topic.APPLICATIONS));
    unique.values().forEach(entry -> rows.add(new RowChange.PutApplication(entry)));
    tables = tables.withAllApplications(unique);
    return this;
  }

  TableChange replaceAdapters(List<AdapterEntry> entries) {
    SortedMap<String, AdapterEntry> unique = byKey(entries, AdapterEntry::id);
    rows.add(new RowChange.ClearTable(Topic.ADAPTERS));
    unique.values().forEach(entry -> rows.add(new RowChange.PutAdapter(entry, Optional.empty())));
    tables = tables.withAllAdapters(unique);
    return this;
  }

  TableChange replaceObjects(List<ObjectEntry> entries) {
    SortedMap<ObjectId, ObjectEntry> unique = byKey(entries, ObjectEntry::id);
    rows.add(new RowChange.ClearTable(Topic.OBJECTS));
    unique.values().forEach(entry -> rows.add(new RowChange.PutObject(entry, Optional.empty())));
    tables = tables.withAllObjects(unique);
    return this;
  }

  private static <K extends Comparable<? super K>, V> SortedMap<K, V> byKey(
      List<V> entries, Function<V, K> keyOf) {
    TreeMap<K, V> byKey = new TreeMap<>();
    entries.forEach(entry -> byKey.put(keyOf.apply(entry), entry));
    return byKey;
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
