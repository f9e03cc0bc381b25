package dev.firn.registry;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.ServerInfo;
import com.zeroc.IceGrid.ServerNotExistException;
import com.zeroc.IceGrid.ServerPrx;
import com.zeroc.IceGrid.ServerState;
import dev.firn.model.AdapterEntry;
import dev.firn.model.DeployedAdapter;
import dev.firn.model.DeployedReplicaGroup;
import dev.firn.model.DeployedServer;
import dev.firn.model.RegistryTables;
import dev.firn.model.ServerDescriptor;
import dev.firn.server.ServerTarget;
import dev.firn.wire.Async;
import dev.firn.wire.DescriptorWriter;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/** An administrator's dealings with deployed servers and adapters; none blocks. */
final class AdminServers {
  private static final int UPDATE_LIMIT_SECONDS = 5;
  private static final int CALL_LIMIT_SECONDS = 15;

  private final AdminContext context;

  AdminServers(AdminContext context) {
    this.context = context;
  }

  CompletionStage<ServerState> state(String id) {
    return ended(id, call(id, ServerPrx::getStateAsync), state -> state != ServerState.Active);
  }

  CompletionStage<Integer> pid(String id) {
    return ended(id, call(id, ServerPrx::getPidAsync), pid -> pid == 0);
  }

  CompletionStage<Boolean> isEnabled(String id) {
    return call(id, ServerPrx::isEnabledAsync);
  }

  CompletionStage<Void> enable(String id, boolean enabled) {
    return changing(id, call(id, server -> server.setEnabledAsync(enabled)));
  }

  CompletionStage<Void> sendSignal(String id, String signal) {
    return changing(id, call(id, server -> server.sendSignalAsync(signal)));
  }

  CompletionStage<Void> start(String id) {
    return call(id, NodeServer::activationTimeoutSeconds, ServerPrx::startAsync);
  }

  CompletionStage<Void> stop(String id) {
    return changing(id, call(id, NodeServer::deactivationTimeoutSeconds, ServerPrx::stopAsync));
  }

  /** Ends once the server is known to its node. */
  CompletionStage<NodeServer> find(String id) {
    return server(context.registryNodes(), id);
  }

  /**
   * A server as its node has it, perhaps from before an update that is under way.
   *
   * @return fails with what administrators may be told, after a short time at the latest
   */
  static CompletionStage<NodeServer> server(RegistryNodes nodes, String id) {
    CompletableFuture<NodeServer> result = new CompletableFuture<>();
    nodes
        .entries()
        .server(id, false)
        .toCompletableFuture()
        .copy()
        .orTimeout(UPDATE_LIMIT_SECONDS, TimeUnit.SECONDS)
        .whenComplete(
            (server, failure) -> {
              if (failure == null) {
                result.complete(server);
              } else if (Async.cause(failure) instanceof TimeoutException) {
                result.completeExceptionally(new DeploymentException("server is being updated"));
              } else {
                result.completeExceptionally(Async.cause(failure));
              }
            });
    return nodes.pending().of(result);
  }

  /** What the node said of the server's adapters holds neither while it does this nor after. */
  private <T> CompletionStage<T> changing(String id, CompletionStage<T> call) {
    context.registryNodes().entries().forgetServer(id);
    return call.whenComplete((done, failure) -> context.registryNodes().entries().forgetServer(id));
  }

  /**
   * Who was told that a server is not active shall not be sent to where it was: what the node says
   * of that to all may come later than its answer.
   */
  private <T> CompletionStage<T> ended(String id, CompletionStage<T> call, Predicate<T> isEnd) {
    return call.thenApply(
        answer -> {
          if (isEnd.test(answer)) {
            context.registryNodes().entries().forgetServer(id);
          }
          return answer;
        });
  }

  private <T> CompletionStage<T> call(String id, Function<ServerPrx, CompletionStage<T>> request) {
    return call(id, server -> CALL_LIMIT_SECONDS, request);
  }

  private <T> CompletionStage<T> call(
      String id,
      Function<NodeServer, Integer> limitSeconds,
      Function<ServerPrx, CompletionStage<T>> request) {
    return find(id)
        .thenCompose(
            server -> {
              long millis = 1_000L * Math.max(CALL_LIMIT_SECONDS, limitSeconds.apply(server));
              ServerPrx proxy =
                  ServerPrx.uncheckedCast(
                      server
                          .proxy()
                          .ice_invocationTimeout((int) Math.min(millis, Integer.MAX_VALUE)));
              CompletableFuture<T> result = new CompletableFuture<>();
              context
                  .registryNodes()
                  .pending()
                  .from(() -> request.apply(proxy))
                  .whenComplete(
                      (answer, failure) -> {
                        if (failure == null) {
                          result.complete(answer);
                        } else {
                          result.completeExceptionally(
                              told(id, server.node(), Async.cause(failure)));
                        }
                      });
              return result;
            });
  }

  private static Throwable told(String id, String node, Throwable failure) {
    if (failure instanceof UserException) {
      return failure;
    } else if (failure instanceof ObjectNotExistException) {
      return new ServerNotExistException(id);
    }
    return new NodeUnreachableException(node, Exceptions.text(failure));
  }

  ServerInfo info(String id) throws ServerNotExistException {
    DeployedServer server = tables().deployment().findServer(id);
    if (server == null) {
      throw new ServerNotExistException(id);
    }
    ServerTarget target = context.registryNodes().entries().target(id);
    String sessionId = target == null ? "" : target.sessionId();
    ServerTarget now =
        new ServerTarget(
            server.application(),
            server.uuid(),
            server.revision(),
            server.server(),
            sessionId,
            false);
    ServerDescriptor descriptor =
        context
            .registryNodes()
            .sessions()
            .find(server.node())
            .map(session -> NodeRequests.resolved(now, session.variables()))
            .orElse(server.descriptor());
    return new ServerInfo(
        server.application(),
        server.uuid(),
        server.revision(),
        server.node(),
        DescriptorWriter.server(descriptor),
        sessionId);
  }

  List<String> ids() {
    return tables().deployment().servers().stream().map(DeployedServer::id).sorted().toList();
  }

  List<String> adapterIds() {
    RegistryTables tables = tables();
    List<String> ids = new ArrayList<>(tables.deployment().adapterAndGroupIds());
    tables.adapters().forEach(entry -> ids.add(entry.id()));
    ids.addAll(tables.replicaGroups());
    return ids;
  }

  /** The proxies of an adapter, or of the members of a replica group, asked from their nodes. */
  CompletionStage<AdapterInfo[]> adapters(String id) throws AdapterNotExistException {
    RegistryTables tables = tables();
    DeployedAdapter adapter = tables.deployment().findAdapter(id);
    DeployedReplicaGroup group = adapter == null ? tables.deployment().findReplicaGroup(id) : null;
    if (adapter != null) {
      return infos(List.of(adapter));
    } else if (group != null) {
      return infos(group.members());
    }
    AdapterEntry entry = tables.findAdapter(id);
    Collection<AdapterEntry> found =
        entry != null ? List.of(entry) : tables.adaptersOfReplicaGroup(id);
    if (found.isEmpty()) {
      throw new AdapterNotExistException(id);
    }
    return CompletableFuture.completedFuture(Mapping.adapterInfos(context.communicator(), found));
  }

  private CompletionStage<AdapterInfo[]> infos(List<DeployedAdapter> adapters) {
    List<CompletableFuture<AdapterInfo>> infos =
        adapters.stream()
            .map(
                adapter ->
                    directProxy(adapter)
                        .thenApply(
                            proxy ->
                                new AdapterInfo(
                                    adapter.id(), proxy.orElse(null), adapter.replicaGroupId()))
                        .toCompletableFuture())
            .toList();
    return context
        .registryNodes()
        .pending()
        .of(
            CompletableFuture.allOf(infos.toArray(CompletableFuture[]::new))
                .thenApply(
                    done ->
                        infos.stream().map(CompletableFuture::join).toArray(AdapterInfo[]::new)));
  }

  /** Empty if the adapter is not active, or cannot be asked. */
  private CompletionStage<Optional<ObjectPrx>> directProxy(DeployedAdapter adapter) {
    return server(context.registryNodes(), adapter.server().id())
        .thenCompose(server -> ask(server.adapters().get(adapter.id())))
        .handle((proxy, failure) -> failure == null ? proxy : Optional.empty());
  }

  private static CompletionStage<Optional<ObjectPrx>> ask(
      @org.jspecify.annotations.Nullable AdapterPrx adapter) {
    if (adapter == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    try {
      return AdapterPrx.uncheckedCast(adapter.ice_invocationTimeout(CALL_LIMIT_SECONDS * 1_000))
          .getDirectProxyAsync()
          .thenApply(Optional::ofNullable);
    } catch (LocalException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private RegistryTables tables() {
    return context.engine().tables();
  }
}
