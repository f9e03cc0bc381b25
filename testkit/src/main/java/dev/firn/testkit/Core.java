package dev.firn.testkit;

import dev.firn.model.RegistryTables;
import dev.firn.replication.Input;
import dev.firn.replication.Output;
import dev.firn.replication.Replica;
import java.util.List;

/** A replica as the simulator drives it: the real one, or one that a test broke on purpose. */
public interface Core {
  List<Output> step(long nowMillis, Input input);

  RegistryTables tables();

  static Core of(Replica replica) {
    return new Core() {
      @Override
      public List<Output> step(long nowMillis, Input input) {
        return replica.step(nowMillis, input);
      }

      @Override
      public RegistryTables tables() {
        return replica.tables();
      }
    };
  }

  /** Wraps a core, once per process started. */
  interface Wrapper {
    Core wrap(Core core, boolean master);
  }
}
