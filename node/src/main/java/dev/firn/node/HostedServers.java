package dev.firn.node;

import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.DistributionDescriptor;
import dev.firn.model.InternalServerDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The servers of this node. Any thread; never blocks. */
interface HostedServers {

  /**
   * @param replica the registry that asks
   * @return fails with a DeploymentException, or with an ObjectNotExistException once the node ends
   */
  CompletionStage<Loaded> load(InternalServerDescriptor server, String replica, boolean noRestart);

  /**
   * @param uuid empty for a server that the master does not know: user data stays
   */
  CompletionStage<Void> destroy(
      String id, String uuid, int revision, String replica, boolean noRestart);

  /** The servers that are loaded or being loaded. */
  Collection<String> ids();

  /**
   * The Process proxy of a server for routed requests: only while the server is starting or active.
   */
  Optional<ObjectPrx> process(String serverId);

  /** What a server was last loaded with; empty for one that is not loaded. */
  Optional<InternalServerDescriptor> descriptor(String serverId);

  /**
   * Takes over the processes that an earlier run of this node left running. Called once, before
   * anybody can ask for anything; blocks briefly.
   */
  void adopt();

  /**
   * Gets servers ready for patching: they stay inactive until {@link #patched}.
   *
   * @param serverId empty for all servers of the application
   * @param distribution of the application
   * @param shutdown whether running servers are stopped; otherwise they prevent patching
   * @return the servers that wait to be patched, ascending, maybe none; fails with a
   *     DeploymentException that names those which are active
   */
  CompletionStage<List<String>> patch(
      String application,
      String serverId,
      Optional<DistributionDescriptor> distribution,
      boolean shutdown);

  /** Servers that {@link #patch} has named may run again. */
  void patched(Collection<String> serverIds);

  /** Stops all servers and ends when the last process is gone; nothing is started any more. */
  CompletionStage<Void> stopAll();

  /** What a registry gets for a loaded server. */
  record Loaded(
      ServerPrx server,
      Map<String, AdapterPrx> adapters,
      int activationTimeoutSeconds,
      int deactivationTimeoutSeconds) {}
}
