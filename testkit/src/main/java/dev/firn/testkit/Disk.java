package dev.firn.testkit;

import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import java.util.List;

/** What survives a crash: the rows of every transaction that was synced. */
final class Disk {
  private RegistryTables durable;
  private boolean failing;
  private long stalledUntilMillis;

  Disk(RegistryTables durable) {
    this.durable = durable;
  }

  RegistryTables load() {
    return durable;
  }

  void sync(List<RowChange> rows) {
    for (RowChange row : rows) {
      durable = durable.with(row);
    }
  }

  /** A new, empty database. */
  void wipe() {
    durable = RegistryTables.EMPTY;
  }

  boolean isFailing() {
    return failing;
  }

  /** From now on commits fail, or succeed again. */
  void failing(boolean fails) {
    failing = fails;
  }

  /** Until then nothing reaches the disk, nor fails. */
  void stall(long untilMillis) {
    stalledUntilMillis = untilMillis;
  }

  long stalledMillis(long nowMillis) {
    return Math.max(0, stalledUntilMillis - nowMillis);
  }
}
