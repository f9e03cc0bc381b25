package dev.firn.failover;

import java.util.List;

/** Where the streams of a replicator survive. One thread at a time. */
public interface StreamStore extends AutoCloseable {
  /** Everything committed so far. */
  StreamTables load();

  /**
   * Writes all changes in one transaction, durable when this returns. On an exception nothing is
   * written.
   *
   * @throws StreamStoreException the changes could not be written; what to do is in its message
   */
  void commit(List<? extends StreamChange> changes);

  @Override
  void close();
}
