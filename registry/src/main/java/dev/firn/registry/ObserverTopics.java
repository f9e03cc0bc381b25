package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.IceGrid.RegistryInfo;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import java.util.List;

/** The five event topics that administrators observe. */
final class ObserverTopics {
  ObserverTopics(Communicator communicator, Traces traces) {}

  /**
   * Tells observers what changed. The first call, with no events, sets the initial state.
   *
   * <p>Called on the one thread that changes tables, right after {@code tables} became visible;
   * only queues.
   */
  void publish(RegistryTables tables, List<RegistryEvent> events) {}

  /** This registry itself at its start, later slaves. Only queues. */
  void registryUp(RegistryInfo info) {}

  void registryDown(String name) {}

  /** The number of changes of the application topic since this process started. */
  int applicationSerial() {
    return 0;
  }
}
