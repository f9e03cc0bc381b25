package dev.firn.node;

import com.zeroc.Ice.BlobjectAsync;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationNotExistException;
import dev.firn.wire.Async;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Passes requests for the Admin object of a server on, as they came. A server that does not run or
 * does not answer is an ObjectNotExistException; that it lacks a facet or an operation is told as
 * it is. Any thread.
 */
final class ServerAdminRouter implements BlobjectAsync {
  private static final String PROCESS = "Process";

  private final NodeServers servers;
  private final NodeTraces traces;

  ServerAdminRouter(NodeServers servers, NodeTraces traces) {
    this.servers = servers;
    this.traces = traces;
  }

  @Override
  public CompletionStage<Ice_invokeResult> ice_invokeAsync(byte[] parameters, Current current) {
    Optional<ObjectPrx> process = servers.process(current.id.name);
    if (process.isEmpty()) {
      traces.trace(
          NodeTraces.Category.ADMIN,
          1,
          () ->
              servers.descriptor(current.id.name).isEmpty()
                  ? "could not find Admin proxy for server `" + current.id.name + "'"
                  : "no Process proxy registered with server `" + current.id.name + "'");
      throw new ObjectNotExistException(current.id, current.facet, current.operation);
    }
    ObjectPrx target = process.get();
    if (!current.facet.equals(PROCESS)) {
      target = target.ice_facet(current.facet);
    }
    return forward(target.ice_encodingVersion(current.encoding), parameters, current);
  }

  private CompletionStage<Ice_invokeResult> forward(
      ObjectPrx target, byte[] parameters, Current current) {
    traces.trace(
        NodeTraces.Category.ADMIN,
        1,
        () -> "routing operation `" + current.operation + "' to `" + target + "'");
    CompletableFuture<Ice_invokeResult> answer = new CompletableFuture<>();
    try {
      target
          .ice_invokeAsync(current.operation, current.mode, parameters, current.ctx)
          .whenComplete(
              (result, failure) -> {
                if (failure == null) {
                  trace(
                      target,
                      current,
                      result.returnValue
                          ? "is returning successfully"
                          : "is returning a user exception");
                  answer.complete(result);
                } else {
                  answer.completeExceptionally(failed(target, current, Async.cause(failure)));
                }
              });
    } catch (LocalException e) {
      throw failed(target, current, e);
    }
    return answer;
  }

  private LocalException failed(ObjectPrx target, Current current, Throwable failure) {
    trace(target, current, "failed with " + failure);
    if (failure instanceof FacetNotExistException) {
      return new FacetNotExistException(current.id, current.facet, current.operation);
    } else if (failure instanceof OperationNotExistException) {
      return new OperationNotExistException(current.id, current.facet, current.operation);
    }
    return new ObjectNotExistException(current.id, current.facet, current.operation, failure);
  }

  private void trace(ObjectPrx target, Current current, String outcome) {
    traces.trace(
        NodeTraces.Category.ADMIN,
        1,
        () ->
            "operation `"
                + current.operation
                + "' routed to `"
                + target.ice_getCommunicator().identityToString(target.ice_getIdentity())
                + (target.ice_getFacet().isEmpty() ? "" : " -f " + target.ice_getFacet())
                + "' "
                + outcome);
  }
}
