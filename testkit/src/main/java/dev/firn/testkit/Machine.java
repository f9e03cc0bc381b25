package dev.firn.testkit;

import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Serials;
import dev.firn.model.Topic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A computer with a disk, on which a registry may run; in one role at a time. */
final class Machine {
  private final int index;
  private final Disk<RegistryTables, RowChange> disk;
  private boolean master;
  private long incarnation;
  private long wipedIncarnation = -1;
  private @Nullable RegistryProcess process;
  private @Nullable Lineage lineage;
  private Serials lastSerials = Serials.INITIAL;
  private long lastEpoch;

  Machine(int index, boolean master, RegistryTables tables) {
    this.index = index;
    this.master = master;
    this.disk = new Disk<>(RegistryTables.EMPTY, Machine::with);
    this.disk.restore(tables);
  }

  private static RegistryTables with(RegistryTables tables, List<RowChange> rows) {
    RegistryTables result = tables;
    for (RowChange row : rows) {
      result = result.with(row);
    }
    return result;
  }

  int index() {
    return index;
  }

  /** The name it has as a slave, under which tests speak of it. */
  String name() {
    return "R" + index;
  }

  Disk<RegistryTables, RowChange> disk() {
    return disk;
  }

  boolean isMaster() {
    return master;
  }

  /** The role of its next process. */
  void role(boolean asMaster) {
    master = asMaster;
  }

  @Nullable RegistryProcess process() {
    return process;
  }

  void process(@Nullable RegistryProcess started) {
    process = started;
  }

  long nextIncarnation() {
    incarnation++;
    return incarnation;
  }

  /** Whose history the tables on disk belong to; null before the first synchronisation. */
  @Nullable Lineage lineage() {
    return lineage;
  }

  void lineage(@Nullable Lineage now) {
    lineage = now;
  }

  void wipe() {
    disk.wipe();
    lineage = null;
    lastSerials = Serials.INITIAL;
    lastEpoch = 0;
    wipedIncarnation = incarnation;
  }

  /** Whether the disk that this process wrote to was replaced later. */
  boolean wasWipedSince(long processIncarnation) {
    return processIncarnation <= wipedIncarnation;
  }

  /** Something was synced: serials and the epoch never go back, whatever master it came from. */
  void synced() {
    Serials now = disk.load().serials();
    for (Topic topic : Topic.values()) {
      Violation.unless(
          now.of(topic) >= lastSerials.of(topic),
          "the serial of %s on the disk of %s went back: %s, then %s",
          topic,
          name(),
          lastSerials,
          now);
    }
    long epoch = disk.load().epoch().number();
    Violation.unless(
        epoch >= lastEpoch,
        "the epoch on the disk of %s went back: %d, then %d",
        name(),
        lastEpoch,
        epoch);
    lastSerials = now;
    lastEpoch = epoch;
  }
}
