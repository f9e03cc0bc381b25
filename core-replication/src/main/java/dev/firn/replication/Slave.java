package dev.firn.replication;

import dev.firn.model.RegistryTables;
import java.util.List;

/** A slave. */
public final class Slave implements Replica {
  private final RegistryTables tables;

  public Slave(ReplicationConfig config, RegistryTables tables) {
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
