package dev.firn.replication;

import dev.firn.model.RegistryTables;
import java.util.List;

/** A registry's part in replication: a {@link Master} or a {@link Slave}. */
public sealed interface Replica permits Master, Slave {
  /**
   * Takes one input.
   *
   * @param nowMillis the host's monotonic time, milliseconds, never less than before
   * @return what to do, in order
   */
  List<Output> step(long nowMillis, Input input);

  /** The tables as published last. */
  RegistryTables tables();
}
