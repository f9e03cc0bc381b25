package dev.firn.registry;

import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.RegistryInfo;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
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
   * @return ends when they are in the own tables, or could not be published yet
   */
  CompletionStage<?> publish(WellKnownObjects objects, WellKnownProxies proxies);

  /** Connected slaves, in the order of their names; empty on a slave. */
  List<RegistryInfo> slaves();

  Optional<InternalRegistryPrx> findSlave(String name);

  /** Where dynamic registrations are forwarded to; null on the master. */
  LocatorRegistryServant.@Nullable MasterRegistrar registrar();

  /** Says goodbye to peers where that is due. */
  void shutdown();
}
