package dev.firn.registry;

import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.RegistryInfo;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What this registry does as a master or as a slave. Any thread. */
interface ReplicationRole extends InternalRegistryServant.Role {
  MasterPeers peers();

  MasterLink link();

  /** Waits, for a bounded time, for what has to be settled before clients are served. */
  void awaitFirstContact();

  /**
   * From now on the objects of this registry are published to whom they concern.
   *
   * @param nodes told of the nodes of other registries, whenever one of those is found
   * @return ends when they are in the own tables, or could not be published yet
   */
  CompletionStage<?> publish(
      WellKnownObjects objects, WellKnownProxies proxies, Consumer<NodePrx[]> nodes);

  /** Connected slaves, in the order of their names; empty on a slave. */
  List<RegistryInfo> slaves();

  Optional<InternalRegistryPrx> findSlave(String name);

  /** The connected slaves; empty on a slave. */
  List<InternalRegistryPrx> slaveProxies();

  /** Where dynamic registrations are forwarded to; null on the master. */
  LocatorRegistryServant.@Nullable MasterRegistrar registrar();

  /** Says goodbye to peers where that is due. */
  void shutdown();
}
