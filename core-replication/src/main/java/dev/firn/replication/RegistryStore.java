package dev.firn.replication;

import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import java.util.List;

/**
 * Where a registry's tables survive. One thread at a time.
 *
 * <p>This is the seam under the one write path: a log agreed on by a quorum can stand behind it.
 */
public interface RegistryStore extends AutoCloseable {
  /** Everything committed so far. */
  RegistryTables load();

  /**
   * Writes all rows in one transaction, durable when this returns. On an exception nothing is
   * written.
   *
   * @throws StoreException the rows could not be written; what to do is in its message
   */
  void commit(List<RowChange> rows);

  @Override
  void close();
}
