package dev.firn.registry;

import com.zeroc.Ice.AdapterNotFoundException;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.LocatorRegistry;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.ProcessPrx;
import com.zeroc.Ice.ServerNotFoundException;
import dev.firn.model.AdapterEntry;
import dev.firn.model.Command;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where servers register their adapters. */
final class LocatorRegistryServant implements LocatorRegistry {
  /** Hands a registration to the master. */
  interface MasterRegistrar {
    CompletionStage<Void> setAdapterDirectProxy(
        String adapterId, String replicaGroupId, @Nullable ObjectPrx proxy);
  }

  private final Communicator communicator;
  private final Engine engine;
  private final boolean dynamicRegistration;
  private final @Nullable MasterRegistrar master;

  /**
   * @param dynamicRegistration whether adapters that no application describes may register
   * @param master where a slave forwards to; null on the master
   */
  LocatorRegistryServant(
      Communicator communicator,
      Engine engine,
      boolean dynamicRegistration,
      @Nullable MasterRegistrar master) {
    this.communicator = communicator;
    this.engine = engine;
    this.dynamicRegistration = dynamicRegistration;
    this.master = master;
  }

  @Override
  public CompletionStage<Void> setAdapterDirectProxyAsync(
      String id, @Nullable ObjectPrx proxy, Current current) throws AdapterNotFoundException {
    return register(id, "", proxy);
  }

  @Override
  public CompletionStage<Void> setReplicatedAdapterDirectProxyAsync(
      String adapterId, String replicaGroupId, @Nullable ObjectPrx proxy, Current current)
      throws AdapterNotFoundException {
    return register(adapterId, replicaGroupId, proxy);
  }

  @Override
  public CompletionStage<Void> setServerProcessProxyAsync(
      String id, ProcessPrx proxy, Current current) throws ServerNotFoundException {
    throw new ServerNotFoundException();
  }

  private CompletionStage<Void> register(
      String adapterId, String replicaGroupId, @Nullable ObjectPrx proxy)
      throws AdapterNotFoundException {
    if (adapterId.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (!dynamicRegistration) {
      throw new AdapterNotFoundException();
    }
    if (master != null) {
      return master.setAdapterDirectProxy(adapterId, replicaGroupId, proxy);
    }
    return Updates.submit(
        engine, command(communicator, adapterId, replicaGroupId, proxy), Updates::unexpected);
  }

  static Command command(
      Communicator communicator,
      String adapterId,
      String replicaGroupId,
      @Nullable ObjectPrx proxy) {
    return proxy == null
        ? new Command.ClearAdapter(adapterId)
        : new Command.SetAdapter(
            new AdapterEntry(adapterId, Mapping.encode(communicator, proxy), replicaGroupId));
  }
}
