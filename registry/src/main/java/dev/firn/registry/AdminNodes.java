package dev.firn.registry;

import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeUnreachableException;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** An administrator's dealings with nodes; none blocks. */
final class AdminNodes {
  private static final int CALL_LIMIT_MILLIS = 10_000;

  private final RegistryNodes nodes;

  AdminNodes(RegistryNodes nodes) {
    this.nodes = nodes;
  }

  /** Whether a known node answers. */
  CompletionStage<Boolean> ping(String name) throws NodeNotExistException {
    check(name);
    return nodes
        .pending()
        .of(
            nodes
                .remembered()
                .session(name)
                .thenCompose(NodeSessionServant::ping)
                .exceptionally(unreachable -> false));
  }

  CompletionStage<LoadInfo> load(String name) throws NodeNotExistException {
    return call(name, NodePrx::getLoadAsync);
  }

  /** 0 if the node does not know the operation. */
  CompletionStage<Integer> sockets(String name) throws NodeNotExistException {
    return call(
        name,
        node ->
            node.getProcessorSocketCountAsync()
                .handle(
                    (count, failure) ->
                        failure != null
                                && Async.cause(failure) instanceof OperationNotExistException
                            ? CompletableFuture.completedFuture(0)
                            : failure != null
                                ? CompletableFuture.<Integer>failedFuture(failure)
                                : CompletableFuture.completedFuture(count))
                .thenCompose(answer -> answer));
  }

  CompletionStage<Void> shutdown(String name) throws NodeNotExistException {
    return call(name, NodePrx::shutdownAsync);
  }

  NodeInfo info(String name) throws NodeNotExistException, NodeUnreachableException {
    check(name);
    return nodes
        .sessions()
        .find(name)
        .map(NodeSessionServant::info)
        .orElseThrow(() -> new NodeUnreachableException(name, RememberedNodes.NOT_ACTIVE));
  }

  /**
   * @throws NodeNotExistException unless it has a session or an application names it
   */
  void check(String name) throws NodeNotExistException {
    if (nodes.sessions().find(name).isEmpty()
        && !nodes.tables().deployment().nodeNames().contains(name)) {
      throw new NodeNotExistException(name);
    }
  }

  SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(nodes.tables().deployment().nodeNames());
    names.addAll(nodes.sessions().names());
    return names;
  }

  /** A node that is known and has a session; fails with NodeUnreachableException. */
  CompletionStage<NodePrx> find(String name) throws NodeNotExistException {
    check(name);
    return nodes
        .pending()
        .of(
            nodes
                .remembered()
                .session(name)
                .thenApply(
                    session ->
                        NodePrx.uncheckedCast(
                            session.proxy().ice_invocationTimeout(CALL_LIMIT_MILLIS))));
  }

  private <T> CompletionStage<T> call(String name, Function<NodePrx, CompletionStage<T>> request)
      throws NodeNotExistException {
    CompletableFuture<T> result = new CompletableFuture<>();
    find(name)
        .thenCompose(node -> nodes.pending().from(() -> request.apply(node)))
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                result.complete(answer);
              } else {
                result.completeExceptionally(told(name, Async.cause(failure)));
              }
            });
    return result;
  }

  private static Throwable told(String name, Throwable failure) {
    if (failure instanceof NodeUnreachableException) {
      return failure;
    } else if (failure instanceof ObjectNotExistException) {
      return new NodeNotExistException(name);
    }
    return new NodeUnreachableException(name, Exceptions.text(failure));
  }
}
