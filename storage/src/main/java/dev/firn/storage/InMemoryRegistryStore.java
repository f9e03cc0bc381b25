package dev.firn.storage;

import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.replication.RegistryStore;
import dev.firn.replication.StoreException;
import java.util.List;

/**
 * A store without a disk, for tests: refuses what the one on disk refuses, and fails on demand. One
 * thread at a time.
 */
public final class InMemoryRegistryStore implements RegistryStore {
  /** What happens to a commit. */
  public enum Fault {
    NONE,
    /** The commit throws, nothing is written, the store goes on. */
    FAIL,
    /** The process dies before the rows are durable. */
    CRASH_BEFORE_WRITE,
    /** The process dies when the rows are durable, but nobody has heard of it. */
    CRASH_AFTER_WRITE
  }

  private enum State {
    OPEN,
    CRASHED,
    CLOSED
  }

  private RegistryTables tables;
  private Fault nextFault = Fault.NONE;
  private State state = State.OPEN;

  public InMemoryRegistryStore() {
    this(RegistryTables.EMPTY);
  }

  public InMemoryRegistryStore(RegistryTables tables) {
    this.tables = tables;
  }

  /** Makes the next commit go wrong. */
  public void failNext(Fault fault) {
    nextFault = fault;
  }

  /** What a new process finds on this store's disk; also after a crash or a close. */
  public InMemoryRegistryStore reopened() {
    state = State.CLOSED;
    return new InMemoryRegistryStore(tables);
  }

  @Override
  public RegistryTables load() {
    requireOpen();
    return tables;
  }

  @Override
  public void commit(List<RowChange> rows) {
    requireOpen();
    // For its checks only.
    RowEncoder.encode(rows).forEach(unused -> {});
    Fault fault = nextFault;
    nextFault = Fault.NONE;
    if (fault == Fault.FAIL) {
      throw new StoreException("cannot write " + rows.size() + " rows: told to fail");
    }
    if (fault == Fault.CRASH_BEFORE_WRITE) {
      crash();
    }
    RegistryTables changed = tables;
    for (RowChange row : rows) {
      changed = changed.with(row);
    }
    tables = changed;
    if (fault == Fault.CRASH_AFTER_WRITE) {
      crash();
    }
  }

  private void crash() {
    state = State.CRASHED;
    throw new StoreException("told to crash");
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException("the store is " + state);
    }
  }

  @Override
  public void close() {
    state = State.CLOSED;
  }
}
