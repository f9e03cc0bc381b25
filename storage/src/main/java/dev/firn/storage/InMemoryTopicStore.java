package dev.firn.storage;

import dev.firn.election.StateChange;
import dev.firn.election.StateStoreException;
import dev.firn.election.TopicStore;
import dev.firn.election.TopicTables;
import java.util.List;

/**
 * A store without a disk, for a transient storm and for tests. One thread at a time.
 *
 * <p>{@link #refusing} refuses what the one on disk refuses, and fails on demand.
 */
public final class InMemoryTopicStore implements TopicStore {
  /** What happens to a commit. */
  public enum Fault {
    NONE,
    /** The commit throws, nothing is written, the store goes on. */
    FAIL,
    /** The process dies before the changes are durable. */
    CRASH_BEFORE_WRITE,
    /** The process dies when the changes are durable, but nobody has heard of it. */
    CRASH_AFTER_WRITE
  }

  private enum State {
    OPEN,
    CRASHED,
    CLOSED
  }

  private final boolean limited;
  private TopicTables tables;
  private Fault nextFault = Fault.NONE;
  private State state = State.OPEN;

  private InMemoryTopicStore(TopicTables tables, boolean limited) {
    this.tables = tables;
    this.limited = limited;
  }

  /** An empty store that takes names of any length. */
  public static InMemoryTopicStore unlimited() {
    return new InMemoryTopicStore(TopicTables.EMPTY, false);
  }

  /** A store that refuses what the one on disk refuses. */
  public static InMemoryTopicStore refusing(TopicTables tables) {
    return new InMemoryTopicStore(tables, true);
  }

  /** Makes the next commit go wrong. */
  public void failNext(Fault fault) {
    nextFault = fault;
  }

  /** What a new process finds on this store's disk; also after a crash or a close. */
  public InMemoryTopicStore reopened() {
    state = State.CLOSED;
    return new InMemoryTopicStore(tables, limited);
  }

  @Override
  public TopicTables load() {
    requireOpen();
    return tables;
  }

  @Override
  public void commit(List<? extends StateChange> changes) {
    requireOpen();
    TopicTables changed =
        limited ? new TopicRowEncoder(tables).changes(changes).tables() : tables.with(changes);
    Fault fault = nextFault;
    nextFault = Fault.NONE;
    if (fault == Fault.FAIL) {
      throw new StateStoreException("cannot write " + changes.size() + " changes: told to fail");
    }
    if (fault == Fault.CRASH_BEFORE_WRITE) {
      crash();
    }
    tables = changed;
    if (fault == Fault.CRASH_AFTER_WRITE) {
      crash();
    }
  }

  private void crash() {
    state = State.CRASHED;
    throw new StateStoreException("told to crash");
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
