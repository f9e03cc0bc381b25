package dev.firn.registry;

import com.zeroc.Ice.AdapterNotFoundException;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.InternalReplicaInfo;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.ReplicaSessionPrx;
import dev.firn.model.Command;
import dev.firn.model.ObjectEntry;
import dev.firn.replication.Input;
import dev.firn.wire.Exceptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A slave: follows the master, refuses to be one. */
final class SlaveRole implements ReplicationRole {
  private static final int FIRST_CONTACT_SECONDS = 5;
  private static final int FORWARD_TIMEOUT_MILLIS = 30_000;
  private static final int PING_TIMEOUT_MILLIS = 2_000;

  private final Communicator communicator;
  private final Engine engine;
  private final RegistryNames names;
  private final Traces traces;
  private final SlaveLink link;

  SlaveRole(
      Communicator communicator,
      Engine engine,
      RegistryNames names,
      Traces traces,
      SlaveLink link) {
    this.communicator = communicator;
    this.engine = engine;
    this.names = names;
    this.traces = traces;
    this.link = link;
  }

  @Override
  public MasterPeers peers() {
    return MasterPeers.NONE;
  }

  @Override
  public MasterLink link() {
    return link;
  }

  @Override
  public void awaitFirstContact() {
    try {
      link.firstAttempt().get(FIRST_CONTACT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      traces.trace(
          Traces.Category.REPLICA, 1, () -> "still waiting for the master, serving without it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public CompletionStage<?> publish(
      WellKnownObjects objects, WellKnownProxies proxies, Consumer<NodePrx[]> nodes) {
    return link.publishWith(
        new SlaveLink.Publisher() {
          @Override
          public void publishTo(ReplicaSessionPrx session) {
            session.setEndpoints(objects.endpoints());
            session.registerWellKnownObjects(objects.infos());
            InternalRegistryPrx master = link.master();
            if (master != null) {
              nodes.accept(nodesOf(master));
            }
          }

          @Override
          public CompletionStage<?> publishLocally() {
            List<ObjectEntry> own = new ArrayList<>(objects.entries());
            own.addAll(proxies.replicated(List.of()));
            return engine.submit(new Command.PublishWellKnown(own));
          }
        });
  }

  /** A hint only, and no reason to end the session: nodes come by themselves. */
  private NodePrx[] nodesOf(InternalRegistryPrx master) {
    try {
      return InternalRegistryPrx.uncheckedCast(master.ice_invocationTimeout(FORWARD_TIMEOUT_MILLIS))
          .getNodes();
    } catch (LocalException e) {
      traces.trace(
          Traces.Category.REPLICA,
          2,
          () -> "the nodes of the master are not known:\n" + Exceptions.text(e));
      return new NodePrx[0];
    }
  }

  @Override
  public List<RegistryInfo> slaves() {
    return List.of();
  }

  @Override
  public Optional<InternalRegistryPrx> findSlave(String name) {
    return Optional.empty();
  }

  @Override
  public List<InternalRegistryPrx> slaveProxies() {
    return List.of();
  }

  @Override
  public LocatorRegistryServant.@Nullable MasterRegistrar registrar() {
    return this::forward;
  }

  @Override
  public CompletionStage<@Nullable ReplicaSessionPrx> registerReplica(
      InternalReplicaInfo info, InternalRegistryPrx proxy, Current current)
      throws PermissionDeniedException {
    throw new PermissionDeniedException(
        "registry `" + names.replica() + "' is a slave: replicas register with the master");
  }

  @Override
  public CompletionStage<Void> registerWithReplica(InternalRegistryPrx master) {
    if (!master.ice_getIdentity().equals(names.internalRegistry(RegistryNames.MASTER))) {
      traces.logger().error("can only create sessions with the master replica");
      return CompletableFuture.completedFuture(null);
    }
    InternalRegistryPrx current = link.master();
    if (current == null || sameRegistry(current, master)) {
      link.masterAppeared(master);
      return appeared();
    }
    return answers(current)
        .thenCompose(
            failure -> {
              if (failure.isEmpty()) {
                reportTwoMasters(current, master);
              } else {
                link.masterGone(failure.get());
                link.masterAppeared(master);
              }
              return appeared();
            });
  }

  private CompletionStage<Void> appeared() {
    return Updates.await(engine.request(Input.MasterAppeared::new), Updates::unexpected);
  }

  private void reportTwoMasters(InternalRegistryPrx current, InternalRegistryPrx other) {
    traces
        .logger()
        .error(
            "two masters: this slave follows `"
                + communicator.proxyToString(current)
                + "', but `"
                + communicator.proxyToString(other)
                + "' announced itself as master too; stop one of them");
  }

  /** Pings; empty or why there was no answer. */
  private static CompletableFuture<Optional<String>> answers(InternalRegistryPrx registry) {
    try {
      return registry
          .ice_invocationTimeout(PING_TIMEOUT_MILLIS)
          .ice_pingAsync()
          .handle((ok, failure) -> Optional.ofNullable(failure).map(Exceptions::text));
    } catch (LocalException e) {
      return CompletableFuture.completedFuture(Optional.of(Exceptions.text(e)));
    }
  }

  @Override
  public void shutdown() {
    link.shutdown();
  }

  private static boolean sameRegistry(ObjectPrx one, ObjectPrx other) {
    return List.of(one.ice_getEndpoints()).equals(List.of(other.ice_getEndpoints()));
  }

  private CompletionStage<Void> forward(
      String adapterId, String replicaGroupId, @Nullable ObjectPrx proxy) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    ReplicaSessionPrx session = link.masterSession();
    if (session == null) {
      return refused(result, adapterId, "no session established with the master");
    }
    try {
      ReplicaSessionPrx.uncheckedCast(session.ice_invocationTimeout(FORWARD_TIMEOUT_MILLIS))
          .setAdapterDirectProxyAsync(adapterId, replicaGroupId, proxy)
          .whenComplete(
              (ok, failure) -> {
                if (failure == null) {
                  result.complete(null);
                } else {
                  refused(result, adapterId, Exceptions.text(failure));
                }
              });
    } catch (LocalException e) {
      refused(result, adapterId, Exceptions.text(e));
    }
    return result;
  }

  private CompletableFuture<Void> refused(
      CompletableFuture<Void> result, String adapterId, String reason) {
    traces.trace(
        Traces.Category.LOCATOR,
        1,
        () -> "couldn't register adapter `" + adapterId + "' endpoints with master:\n" + reason);
    result.completeExceptionally(new AdapterNotFoundException());
    return result;
  }
}
