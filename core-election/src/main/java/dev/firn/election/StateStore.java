package dev.firn.election;

import java.util.List;

/**
 * Where a replica's state, its position and its promise survive. One thread at a time.
 *
 * <p>This is the seam under the one write path: a log agreed on by a quorum can stand behind it.
 */
public interface StateStore extends AutoCloseable {
  /** Everything committed so far. */
  ReplicatedState load();

  /**
   * Writes all changes in one transaction, durable when this returns. On an exception nothing is
   * written.
   *
   * @throws StateStoreException the changes could not be written; what to do is in its message
   */
  void commit(List<? extends StateChange> changes);

  @Override
  void close();
}
