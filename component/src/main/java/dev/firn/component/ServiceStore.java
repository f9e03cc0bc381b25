package dev.firn.component;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.StateStore;
import dev.firn.election.StateStoreException;
import dev.firn.failover.ServiceTable;
import dev.firn.model.MalformedEncodingException;
import dev.firn.storage.LmdbRecordStore;
import dev.firn.storage.RecordStoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The service locator's table in a database. The caller has locked the directory. */
final class ServiceStore implements StateStore {
  private static final String KIND = "service locator";

  /** 2: a service may be kept alive, and locators may be several. */
  private static final long FORMAT_VERSION = 2;

  private final LmdbRecordStore records;
  private ServiceTable table;

  private ServiceStore(LmdbRecordStore records, ServiceTable table) {
    this.records = records;
    this.table = table;
  }

  /**
   * Opens the database in a directory, which must exist; an empty directory is an empty database.
   *
   * @param alone whether there is one locator: a database of several is refused then, as what it
   *     wrote would be lost when they agree again
   * @throws RecordStoreException the database cannot be used; the directory is as it was
   * @throws MalformedEncodingException a record is none of ours
   * @throws StateStoreException it is of several locators
   */
  static ServiceStore open(Path directory, boolean alone) {
    LmdbRecordStore records = LmdbRecordStore.open(directory, KIND, FORMAT_VERSION);
    try {
      ServiceTable table = ServiceTable.of(ServiceRecords.read(records.load()));
      boolean isOfSeveral = !table.position().equals(LogPosition.ZERO);
      if (alone && isOfSeveral) {
        throw new StateStoreException(
            "it is of one of several locators: name them with Firn.Locator.Nodes.*, or use another"
                + " directory");
      } else if (!alone && !isOfSeveral && !table.hasSameRows(ServiceTable.EMPTY)) {
        // Of a locator that was alone: more than what a new one has, whoever of them decides.
        table = table.with(List.of(new StateChange.SetPosition(LogPosition.ZERO.next())));
      }
      return new ServiceStore(records, table);
    } catch (RuntimeException e) {
      records.close();
      throw e;
    }
  }

  @Override
  public ServiceTable load() {
    return table;
  }

  @Override
  public void commit(List<? extends StateChange> changes) {
    ServiceTable next = table.with(changes);
    Map<String, byte @Nullable []> rows = ServiceRecords.of(changes);
    if (!next.position().equals(table.position()) || next.promise() != table.promise()) {
      ServiceRecords.putLog(rows, next);
    }
    try {
      records.commit(rows);
    } catch (RecordStoreException e) {
      throw new StateStoreException(
          "the service locator's table cannot be written: " + e.getMessage(), e);
    }
    table = next;
  }

  @Override
  public void close() {
    records.close();
  }
}
