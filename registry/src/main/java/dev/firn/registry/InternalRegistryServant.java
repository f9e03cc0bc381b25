package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.InternalNodeInfo;
import com.zeroc.IceGrid.InternalRegistry;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.InternalReplicaInfo;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeSessionPrx;
import com.zeroc.IceGrid.ObjectInfo;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.ReplicaSessionPrx;
import dev.firn.model.RegistryTables;
import dev.firn.model.Topic;
import dev.firn.wire.Mapping;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What other registries and nodes call. */
final class InternalRegistryServant implements InternalRegistry {
  /** What this registry's role makes of the calls that depend on it. */
  interface Role {
    CompletionStage<@Nullable ReplicaSessionPrx> registerReplica(
        InternalReplicaInfo info, InternalRegistryPrx proxy, Current current)
        throws PermissionDeniedException;

    CompletionStage<Void> registerWithReplica(InternalRegistryPrx master);
  }

  private final Communicator communicator;
  private final Supplier<RegistryTables> snapshot;
  private final Role role;
  private final NodeSessions nodes;
  private final LogFiles logs;
  private final Runnable shutdown;

  InternalRegistryServant(
      Communicator communicator,
      Supplier<RegistryTables> snapshot,
      Role role,
      NodeSessions nodes,
      LogFiles logs,
      Runnable shutdown) {
    this.communicator = communicator;
    this.snapshot = snapshot;
    this.role = role;
    this.nodes = nodes;
    this.logs = logs;
    this.shutdown = shutdown;
  }

  @Override
  public CompletionStage<@Nullable NodeSessionPrx> registerNodeAsync(
      @Nullable InternalNodeInfo info, @Nullable NodePrx node, LoadInfo load, Current current)
      throws PermissionDeniedException {
    if (info == null || node == null) {
      return CompletableFuture.completedFuture(null);
    }
    return nodes.register(info, node, load, current);
  }

  @Override
  public CompletionStage<@Nullable ReplicaSessionPrx> registerReplicaAsync(
      @Nullable InternalReplicaInfo info, @Nullable InternalRegistryPrx proxy, Current current)
      throws PermissionDeniedException {
    if (info == null || proxy == null) {
      return CompletableFuture.completedFuture(null);
    }
    return role.registerReplica(info, proxy, current);
  }

  @Override
  public CompletionStage<Void> registerWithReplicaAsync(
      @Nullable InternalRegistryPrx proxy, Current current) {
    return proxy == null
        ? CompletableFuture.completedFuture(null)
        : role.registerWithReplica(proxy);
  }

  @Override
  public NodePrx[] getNodes(Current current) {
    return snapshot.get().nodes().stream()
        .map(entry -> NodePrx.uncheckedCast(Mapping.decode(communicator, entry.proxy())))
        .toArray(NodePrx[]::new);
  }

  @Override
  public InternalRegistryPrx[] getReplicas(Current current) {
    return snapshot.get().objectsOfType("::IceGrid::InternalRegistry").stream()
        .map(
            entry -> InternalRegistryPrx.uncheckedCast(Mapping.decode(communicator, entry.proxy())))
        .toArray(InternalRegistryPrx[]::new);
  }

  @Override
  public GetApplicationsResult getApplications(Current current) {
    RegistryTables tables = snapshot.get();
    return new GetApplicationsResult(
        Mapping.applicationInfos(tables.applications()), tables.serials().of(Topic.APPLICATIONS));
  }

  @Override
  public GetAdaptersResult getAdapters(Current current) {
    RegistryTables tables = snapshot.get();
    AdapterInfo[] adapters = Mapping.adapterInfos(communicator, tables.adapters());
    return new GetAdaptersResult(adapters, tables.serials().of(Topic.ADAPTERS));
  }

  @Override
  public GetObjectsResult getObjects(Current current) {
    RegistryTables tables = snapshot.get();
    ObjectInfo[] objects = Mapping.objectInfos(communicator, tables.objects());
    return new GetObjectsResult(objects, tables.serials().of(Topic.OBJECTS));
  }

  @Override
  public void shutdown(Current current) {
    shutdown.run();
  }

  @Override
  public long getOffsetFromEnd(String filename, int lines, Current current)
      throws FileNotAvailableException {
    return logs.getOffsetFromEnd(filename, lines);
  }

  @Override
  public ReadResult read(String filename, long position, int size, Current current)
      throws FileNotAvailableException {
    return logs.read(filename, position, size);
  }
}
