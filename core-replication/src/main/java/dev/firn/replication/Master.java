package dev.firn.replication;

import dev.firn.model.RegistryTables;
import java.util.List;

/** The master. */
public final class Master implements Replica {
  private final RegistryTables tables;

  public Master(ReplicationConfig config, RegistryTables tables, boolean readOnly) {
    this.tables = tables;
  }

  @Override
  public List<Output> step(long nowMillis, Input input) {
    throw new IllegalStateException("input " + input);
  }

  @Override
  public RegistryTables tables() {
    return tables;
  }
}
