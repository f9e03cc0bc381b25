package dev.firn.registry;

import com.zeroc.Ice.BlobjectAsync;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.Async;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Forwards requests to the Admin object of a server, a node or a registry: the identity's name says
 * which. Any thread.
 */
final class AdminRouter implements BlobjectAsync {
  private final String kind;
  private final Function<String, CompletionStage<ObjectPrx>> targets;
  private final Traces traces;
  private final PendingAnswers pending;

  /**
   * @param kind what traces call a target: node, replica, server
   * @param targets the Admin object of a name; fails if there is none or it cannot be reached
   */
  AdminRouter(
      String kind,
      Function<String, CompletionStage<ObjectPrx>> targets,
      Traces traces,
      PendingAnswers pending) {
    this.kind = kind;
    this.targets = targets;
    this.traces = traces;
    this.pending = pending;
  }

  /** The category of the identities by which registries' Admin objects are reached. */
  static String replicaCategory(String instanceName) {
    return instanceName + "-RegistryReplicaAdminRouter";
  }

  static String nodeCategory(String instanceName) {
    return instanceName + "-RegistryNodeAdminRouter";
  }

  static String serverCategory(String instanceName) {
    return instanceName + "-RegistryServerAdminRouter";
  }

  /** The three routers by identity category. */
  static Map<String, com.zeroc.Ice.Object> all(RegistryContext context, PendingAnswers pending) {
    Traces traces = context.traces();
    String instance = context.instanceName();
    return Map.of(
        replicaCategory(instance),
        new AdminRouter("replica", name -> registryAdmin(context, name), traces, pending),
        nodeCategory(instance),
        new AdminRouter("node", name -> nodeAdmin(context, name), traces, pending),
        serverCategory(instance),
        new AdminRouter("server", name -> serverAdmin(context, name), traces, pending));
  }

  private static CompletionStage<ObjectPrx> nodeAdmin(RegistryContext context, String name) {
    return context
        .registryNodes()
        .remembered()
        .session(name)
        .thenApply(
            session ->
                session
                    .proxy()
                    .ice_identity(
                        new Identity(
                            "NodeAdmin-" + name, session.proxy().ice_getIdentity().category)));
  }

  /** The node passes on what is for a server; a server on its way to the node is waited for. */
  private static CompletionStage<ObjectPrx> serverAdmin(RegistryContext context, String name) {
    return context
        .registryNodes()
        .entries()
        .server(name, true)
        .thenApply(
            server ->
                server
                    .proxy()
                    .ice_identity(
                        new Identity(name, context.instanceName() + "-NodeServerAdminRouter")));
  }

  private static CompletionStage<ObjectPrx> registryAdmin(RegistryContext context, String name) {
    return localOrRemote(context, name)
        .<CompletionStage<ObjectPrx>>map(CompletableFuture::completedFuture)
        .orElseGet(() -> CompletableFuture.failedFuture(new ObjectNotExistException()));
  }

  private static Optional<ObjectPrx> localOrRemote(RegistryContext context, String name) {
    if (name.equals(context.replicaName())) {
      return context.admin();
    }
    return context
        .findReplica(name)
        .map(
            replica ->
                replica.ice_identity(
                    new Identity("RegistryAdmin-" + name, context.instanceName())));
  }

  @Override
  public CompletionStage<Ice_invokeResult> ice_invokeAsync(byte[] parameters, Current current) {
    return route(parameters, current);
  }

  private CompletionStage<Ice_invokeResult> route(byte[] parameters, Current current) {
    return pending
        .from(() -> targets.apply(current.id.name))
        .handle(
            (target, failure) -> {
              if (target == null) {
                traces.trace(
                    Traces.Category.ADMIN,
                    1,
                    () -> "could not find Admin proxy for " + kind + " `" + current.id.name + "'");
                throw new ObjectNotExistException(current.id, current.facet, current.operation);
              }
              return forward(target, parameters, current);
            })
        .thenCompose(answer -> answer);
  }

  private CompletionStage<Ice_invokeResult> forward(
      ObjectPrx admin, byte[] parameters, Current current) {
    ObjectPrx target = admin.ice_facet(current.facet).ice_encodingVersion(current.encoding);
    traces.trace(
        Traces.Category.ADMIN,
        1,
        () -> "routing operation `" + current.operation + "' to `" + target + "'");
    CompletionStage<Ice_invokeResult> answer = RawForward.to(target, parameters, current, pending);
    if (traces.on(Traces.Category.ADMIN, 1)) {
      answer.whenComplete(
          (result, failure) -> {
            String outcome =
                failure != null
                    ? "failed with " + Async.cause(failure).getCause()
                    : result.returnValue
                        ? "is returning successfully"
                        : "is returning a user exception";
            traceEnd(target, current, outcome);
          });
    }
    return answer;
  }

  private void traceEnd(ObjectPrx target, Current current, String outcome) {
    String id = target.ice_getCommunicator().identityToString(target.ice_getIdentity());
    String facet = current.facet.isEmpty() ? "" : " -f " + current.facet;
    traces.trace(
        Traces.Category.ADMIN,
        1,
        () -> "operation `" + current.operation + "' routed to `" + id + facet + "' " + outcome);
  }
}
