package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.IceGrid.RegistryInfo;
import java.util.List;

/** What administration needs of the registry. Any thread; nothing here waits for a peer. */
interface AdminContext {
  Communicator communicator();

  Engine engine();

  /** The one way to change applications. */
  ApplicationUpdates applicationUpdates();

  RegistryNodes registryNodes();

  LargeAnswers large();

  RegistryNames names();

  /** Whether this registry takes no updates from administrators. */
  boolean readOnly();

  /** Where proxies given by administrators are resolved. */
  LocatorPrx locator();

  /** The connected slaves, in the order of their names. */
  List<RegistryInfo> slaves();

  RegistryInfo registryInfo();

  /** A slave that has a session with this registry. */
  java.util.Optional<com.zeroc.IceGrid.InternalRegistryPrx> findReplica(String name);

  /** Ends this registry. */
  void shutdown();
}
