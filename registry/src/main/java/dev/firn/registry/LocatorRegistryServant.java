package dev.firn.registry;

import com.zeroc.Ice.AdapterNotFoundException;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InvalidReplicaGroupIdException;
import com.zeroc.Ice.LocatorRegistry;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.ProcessPrx;
import com.zeroc.Ice.ServerNotFoundException;
import dev.firn.model.AdapterEntry;
import dev.firn.model.Command;
import dev.firn.model.DeployedAdapter;
import dev.firn.model.Deployment;
import dev.firn.model.Rejection;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where servers register their adapters: those of applications with their nodes, all others in the
 * table of adapters.
 */
final class LocatorRegistryServant implements LocatorRegistry {
  /** Hands a registration to the master. */
  interface MasterRegistrar {
    CompletionStage<Void> setAdapterDirectProxy(
        String adapterId, String replicaGroupId, @Nullable ObjectPrx proxy);
  }

  private final Communicator communicator;
  private final Engine engine;
  private final Traces traces;
  private final NodeRegistrar nodes;
  private final boolean dynamicRegistration;
  private final @Nullable MasterRegistrar master;

  /**
   * @param dynamicRegistration whether adapters that no application describes may register
   * @param master where a slave forwards to; null on the master
   */
  LocatorRegistryServant(
      Communicator communicator,
      Engine engine,
      Traces traces,
      NodeRegistrar nodes,
      boolean dynamicRegistration,
      @Nullable MasterRegistrar master) {
    this.communicator = communicator;
    this.engine = engine;
    this.traces = traces;
    this.nodes = nodes;
    this.dynamicRegistration = dynamicRegistration;
    this.master = master;
  }

  @Override
  public CompletionStage<Void> setAdapterDirectProxyAsync(
      String id, @Nullable ObjectPrx proxy, Current current) throws AdapterNotFoundException {
    DeployedAdapter deployed = deployed(id);
    return deployed == null ? register(id, "", proxy) : nodes.setDirectProxy(id, proxy);
  }

  @Override
  public CompletionStage<Void> setReplicatedAdapterDirectProxyAsync(
      String adapterId, String replicaGroupId, @Nullable ObjectPrx proxy, Current current)
      throws AdapterNotFoundException, InvalidReplicaGroupIdException {
    DeployedAdapter deployed = deployed(adapterId);
    if (deployed == null) {
      return register(adapterId, replicaGroupId, proxy);
    }
    if (!replicaGroupId.isEmpty() && !replicaGroupId.equals(deployed.replicaGroupId())) {
      throw new InvalidReplicaGroupIdException();
    }
    return nodes.setDirectProxy(adapterId, proxy);
  }

  @Override
  public CompletionStage<Void> setServerProcessProxyAsync(
      String id, @Nullable ProcessPrx proxy, Current current) throws ServerNotFoundException {
    if (engine.tables().deployment().findServer(id) == null) {
      throw new ServerNotFoundException();
    }
    return nodes.setProcess(id, proxy);
  }

  /**
   * @throws AdapterNotFoundException if the id is that of an application's replica group
   */
  private @Nullable DeployedAdapter deployed(String id) throws AdapterNotFoundException {
    Deployment deployment = engine.tables().deployment();
    if (deployment.findReplicaGroup(id) != null) {
      throw new AdapterNotFoundException();
    }
    return deployment.findAdapter(id);
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
        engine,
        command(communicator, adapterId, replicaGroupId, proxy),
        rejection ->
            rejection.reason() == Rejection.Reason.SHUTTING_DOWN
                ? Updates.unexpected(rejection)
                : refused(adapterId, replicaGroupId, rejection));
  }

  private AdapterNotFoundException refused(
      String adapterId, String replicaGroupId, Rejection rejection) {
    traces.trace(
        Traces.Category.LOCATOR,
        1,
        () -> {
          String reason =
              rejection.reason() == Rejection.Reason.ADAPTER_DEPLOYED && !replicaGroupId.isEmpty()
                  ? "the adapter or its replica group `"
                      + replicaGroupId
                      + "' belongs to application `"
                      + rejection.subject()
                      + "'"
                  : rejection.reason() + ": " + rejection.subject();
          return "couldn't register adapter `" + adapterId + "' endpoints:\n" + reason;
        });
    return new AdapterNotFoundException();
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
