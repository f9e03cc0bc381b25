package dev.firn.node;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.FileReader;
import com.zeroc.IceGrid.InternalDistributionDescriptor;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.InternalServerDescriptor;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.Node;
import com.zeroc.IceGrid.PatcherFeedbackPrx;
import dev.firn.registry.LogFiles;
import dev.firn.wire.Async;
import dev.firn.wire.InternalDescriptors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The node as registries see it. Any thread. */
final class NodeServant implements Node {
  private final String name;
  private final Platform platform;
  private final NodeServers servers;
  private final MasterSynchronisation synchronisation;
  private final NodeSessions sessions;
  private final NodePatcher patcher;
  private final LogFiles files;
  private final Runnable shutdown;

  NodeServant(
      String name,
      Platform platform,
      NodeServers servers,
      MasterSynchronisation synchronisation,
      NodeSessions sessions,
      NodePatcher patcher,
      LogFiles files,
      Runnable shutdown) {
    this.name = name;
    this.platform = platform;
    this.servers = servers;
    this.synchronisation = synchronisation;
    this.sessions = sessions;
    this.patcher = patcher;
    this.files = files;
    this.shutdown = shutdown;
  }

  @Override
  public CompletionStage<LoadServerResult> loadServerAsync(
      @Nullable InternalServerDescriptor server, String replica, Current current)
      throws DeploymentException {
    return Async.plain(
        load(server, replica, false)
            .thenApply(
                loaded ->
                    new LoadServerResult(
                        loaded.server(),
                        loaded.adapters(),
                        loaded.activationTimeoutSeconds(),
                        loaded.deactivationTimeoutSeconds())));
  }

  @Override
  public CompletionStage<LoadServerWithoutRestartResult> loadServerWithoutRestartAsync(
      @Nullable InternalServerDescriptor server, String replica, Current current)
      throws DeploymentException {
    return Async.plain(
        load(server, replica, true)
            .thenApply(
                loaded ->
                    new LoadServerWithoutRestartResult(
                        loaded.server(),
                        loaded.adapters(),
                        loaded.activationTimeoutSeconds(),
                        loaded.deactivationTimeoutSeconds())));
  }

  private CompletionStage<NodeServers.Loaded> load(
      @Nullable InternalServerDescriptor server, String replica, boolean noRestart)
      throws DeploymentException {
    synchronisation.changed();
    var descriptor = InternalDescriptors.read(server);
    if (descriptor.isEmpty()) {
      throw new DeploymentException("the registry sent no server to load");
    }
    return servers.load(descriptor.get(), replica, noRestart);
  }

  @Override
  public CompletionStage<Void> destroyServerAsync(
      String server, String uuid, int revision, String replica, Current current) {
    synchronisation.changed();
    return Async.plain(servers.destroy(server, uuid, revision, replica, false));
  }

  @Override
  public CompletionStage<Void> destroyServerWithoutRestartAsync(
      String server, String uuid, int revision, String replica, Current current) {
    synchronisation.changed();
    return Async.plain(servers.destroy(server, uuid, revision, replica, true));
  }

  @Override
  public CompletionStage<Void> patchAsync(
      @Nullable PatcherFeedbackPrx feedback,
      String application,
      String server,
      @Nullable InternalDistributionDescriptor distribution,
      boolean stop,
      Current current) {
    if (feedback != null) {
      patcher.patch(feedback, application, server, distribution, stop);
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> registerWithReplicaAsync(
      @Nullable InternalRegistryPrx replica, Current current) {
    return replica == null
        ? CompletableFuture.completedFuture(null)
        : sessions.registerWith(replica.ice_getIdentity(), replica);
  }

  @Override
  public void replicaInit(@Nullable InternalRegistryPrx[] replicas, Current current) {
    Map<Identity, InternalRegistryPrx> all = new LinkedHashMap<>();
    for (InternalRegistryPrx replica : replicas) {
      if (replica != null) {
        all.put(replica.ice_getIdentity(), replica);
      }
    }
    sessions.replicaInit(all);
  }

  @Override
  public void replicaAdded(@Nullable InternalRegistryPrx replica, Current current) {
    if (replica != null) {
      sessions.replicaAdded(replica.ice_getIdentity(), replica);
    }
  }

  @Override
  public void replicaRemoved(@Nullable InternalRegistryPrx replica, Current current) {
    if (replica != null) {
      sessions.replicaRemoved(replica.ice_getIdentity());
    }
  }

  /**
   * A registry that still has a session with an earlier run of this node asks here whether that run
   * lives, before it grants a session to this one. It does not.
   */
  @Override
  public void ice_ping(Current current) {
    if (sessions.isNew()) {
      throw new ObjectNotExistException(current.id, current.facet, current.operation);
    }
  }

  @Override
  public String getName(Current current) {
    return name;
  }

  @Override
  public String getHostname(Current current) {
    return platform.hostname();
  }

  @Override
  public LoadInfo getLoad(Current current) {
    return Platform.load();
  }

  @Override
  public int getProcessorSocketCount(Current current) {
    return platform.socketCount();
  }

  @Override
  public void shutdown(Current current) {
    shutdown.run();
  }

  @Override
  public long getOffsetFromEnd(String filename, int lines, Current current)
      throws FileNotAvailableException {
    return files.getOffsetFromEnd(filename, lines);
  }

  @Override
  public FileReader.ReadResult read(String filename, long pos, int size, Current current)
      throws FileNotAvailableException {
    return files.read(filename, pos, size);
  }
}
