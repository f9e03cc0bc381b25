package dev.firn.registry;

import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.InternalServerDescriptor;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.DescriptorException;
import dev.firn.model.NodeVariables;
import dev.firn.model.ServerConfiguration;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.ServerLoading;
import dev.firn.server.ServerTarget;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.InternalDescriptors;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What a registry asks of nodes for their servers. Any thread; each call is bounded in time. */
final class NodeRequests {
  /** What a node may take to stop a server and write its files, if it did not say. */
  private static final int UNKNOWN_SECONDS = 120;

  private final RememberedNodes nodes;
  private final Traces traces;
  private final String replicaName;
  private final int sessionTimeoutSeconds;

  /**
   * @param replicaName what this registry calls itself
   */
  NodeRequests(
      RememberedNodes nodes, Traces traces, String replicaName, int sessionTimeoutSeconds) {
    this.nodes = nodes;
    this.traces = traces;
    this.replicaName = replicaName;
    this.sessionTimeoutSeconds = sessionTimeoutSeconds;
  }

  /**
   * Has the node load a server.
   *
   * @param known what the node answered before
   * @return fails with DeploymentException if the node refuses
   */
  CompletionStage<NodeServer> load(ServerTarget target, Optional<NodeServer> known) {
    return onNode(
        target.node(),
        session -> {
          String text = text(target);
          traces.trace(Traces.Category.SERVER, 3, () -> "loading " + text);
          NodePrx node = session.proxy(millis(seconds(target, known)));
          InternalServerDescriptor descriptor = descriptor(target, session.variables());
          return target.withoutRestart()
              ? node.loadServerWithoutRestartAsync(descriptor, replicaName)
                  .thenApply(
                      loaded ->
                          loaded(
                              target,
                              loaded.returnValue,
                              loaded.adapters,
                              loaded.actTimeout,
                              loaded.deactTimeout))
              : node.loadServerAsync(descriptor, replicaName)
                  .thenApply(
                      loaded ->
                          loaded(
                              target,
                              loaded.returnValue,
                              loaded.adapters,
                              loaded.actTimeout,
                              loaded.deactTimeout));
        });
  }

  /** Has the node destroy a server; as {@link #load}. */
  CompletionStage<Void> destroy(ServerTarget target, Optional<NodeServer> known) {
    return onNode(
        target.node(),
        session -> {
          traces.trace(Traces.Category.SERVER, 3, () -> "unloading " + text(target));
          NodePrx node = session.proxy(millis(seconds(target, known)));
          String id = target.server().id();
          return target.withoutRestart()
              ? node.destroyServerWithoutRestartAsync(
                  id, target.uuid(), target.revision(), replicaName)
              : node.destroyServerAsync(id, target.uuid(), target.revision(), replicaName);
        });
  }

  /** Makes a request when the node has a session, and its turn comes. */
  <T> CompletionStage<T> onNode(String node, Request<T> request) {
    return nodes
        .session(node)
        .thenCompose(session -> session.lane().submit(() -> request.to(session)));
  }

  /** One call of a node. */
  interface Request<T> {
    CompletionStage<T> to(NodeSessionServant session);
  }

  private NodeServer loaded(
      ServerTarget target,
      @org.jspecify.annotations.Nullable ServerPrx server,
      Map<String, AdapterPrx> adapters,
      int activationTimeout,
      int deactivationTimeout) {
    if (server == null) {
      throw new com.zeroc.Ice.MarshalException("the node returned no server");
    }
    return new NodeServer(
        target.node(),
        server,
        adapters,
        sum(activationTimeout, sessionTimeoutSeconds),
        sum(deactivationTimeout, sessionTimeoutSeconds));
  }

  /** A server as the node gets it: with the node's variables, unless one of them is unknown. */
  static InternalServerDescriptor descriptor(ServerTarget target, NodeVariables node) {
    return InternalDescriptors.write(
        ServerConfiguration.internal(
            resolved(target, node),
            node.dataDir(),
            target.application(),
            target.uuid(),
            target.revision(),
            target.sessionId()));
  }

  /** A server with the node's variables, unless one of them is unknown. */
  static ServerDescriptor resolved(ServerTarget target, NodeVariables node) {
    try {
      return ServerLoading.resolve(target.server(), target.application(), node, target.sessionId());
    } catch (DescriptorException e) {
      return target.server().descriptor();
    }
  }

  /** A request may have to wait until the server has stopped. */
  private int seconds(ServerTarget target, Optional<NodeServer> known) {
    int stop = known.map(NodeServer::deactivationTimeoutSeconds).orElse(0);
    return Math.max(
        stop, number(target.server().descriptor().deactivationTimeout()) + UNKNOWN_SECONDS);
  }

  private static int number(String text) {
    if (text.isEmpty()) {
      return 0; // As nearly always: no exception for that.
    }
    try {
      return Math.min(Math.max(0, Integer.parseInt(text.strip())), 1_000_000);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Nodes send what they like: the longest time that can be said is long enough. */
  static int millis(int seconds) {
    return (int) Math.min(Integer.MAX_VALUE, seconds * 1_000L);
  }

  static int sum(int seconds, int more) {
    return (int) Math.min(Integer.MAX_VALUE, (long) seconds + more);
  }

  /** Why a node refused; empty if it was not reached instead. */
  static Optional<String> refusal(Throwable failure) {
    return Async.cause(failure) instanceof DeploymentException refused
        ? Optional.of(refused.reason)
        : Optional.empty();
  }

  /** Why a node was not reached. */
  static String unreachable(Throwable failure) {
    Throwable cause = Async.cause(failure);
    if (cause instanceof com.zeroc.IceGrid.NodeUnreachableException unreachable) {
      return unreachable.reason;
    }
    return cause instanceof NodeLane.ClosedException
        ? RememberedNodes.NOT_ACTIVE
        : Exceptions.text(cause);
  }

  private static String text(ServerTarget target) {
    return "`"
        + target.server().id()
        + "' on node `"
        + target.node()
        + "'"
        + (target.sessionId().isEmpty() ? "" : " for session `" + target.sessionId() + "'");
  }
}
