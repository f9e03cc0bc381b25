package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.InternalReplicaInfo;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.ReplicaSessionPrx;
import dev.firn.model.Command;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The master: takes slaves, and looks out for a second master. */
final class MasterRole implements ReplicationRole {
  private final Communicator communicator;
  private final Engine engine;
  private final Traces traces;
  private final ReplicaSessions sessions;
  private final MasterWatch watch;
  private final boolean requireCertificate;

  MasterRole(
      Communicator communicator,
      Engine engine,
      Traces traces,
      ReplicaSessions sessions,
      MasterWatch watch,
      boolean requireCertificate) {
    this.communicator = communicator;
    this.engine = engine;
    this.traces = traces;
    this.sessions = sessions;
    this.watch = watch;
    this.requireCertificate = requireCertificate;
  }

  @Override
  public MasterPeers peers() {
    return sessions;
  }

  @Override
  public MasterLink link() {
    return MasterLink.NONE;
  }

  @Override
  public void awaitFirstContact() {
    // A master serves at once; slaves are called in the background.
  }

  @Override
  public CompletionStage<?> publish(
      WellKnownObjects objects, WellKnownProxies proxies, Consumer<NodePrx[]> nodes) {
    CompletionStage<?> published = engine.submit(new Command.PublishWellKnown(objects.entries()));
    CompletionStage<?> replicated = sessions.publishWith(proxies);
    watch.start(nodes);
    return published.thenCombine(replicated, (own, shared) -> own);
  }

  @Override
  public List<RegistryInfo> slaves() {
    return sessions.infos();
  }

  @Override
  public Optional<InternalRegistryPrx> findSlave(String name) {
    return Optional.ofNullable(sessions.slaves().get(name));
  }

  @Override
  public List<InternalRegistryPrx> slaveProxies() {
    return List.copyOf(sessions.slaves().values());
  }

  @Override
  public LocatorRegistryServant.@Nullable MasterRegistrar registrar() {
    return null;
  }

  @Override
  public CompletionStage<@Nullable ReplicaSessionPrx> registerReplica(
      InternalReplicaInfo info, InternalRegistryPrx proxy, Current current)
      throws PermissionDeniedException {
    if (info.name.equals(RegistryNames.MASTER) || info.name.isEmpty()) {
      throw new PermissionDeniedException(
          "`" + info.name + "' is not the name of a slave; set IceGrid.Registry.ReplicaName");
    }
    if (requireCertificate) {
      PeerCertificate.require(current.con, info.name, "replica");
    }
    return sessions.register(info, proxy, current).thenApply(session -> session);
  }

  /** Another master wants this one as its slave. */
  @Override
  public CompletionStage<Void> registerWithReplica(InternalRegistryPrx master) {
    if (!watch.isOwn(master)) {
      traces
          .logger()
          .error(
              "two masters: `"
                  + communicator.proxyToString(master)
                  + "' announced itself as master to this master; stop one of them and restart it"
                  + " as a slave");
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void shutdown() {
    watch.stop();
    sessions.stop();
  }
}
