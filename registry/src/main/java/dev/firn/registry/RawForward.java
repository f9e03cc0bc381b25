package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Passes a request on as it came: operation, mode, parameters, context. Any thread. */
final class RawForward {
  private RawForward() {}

  /**
   * @return the target's answer, results or a user exception as they came. Whatever goes wrong on
   *     the way is an ObjectNotExistException, with what went wrong as its cause.
   */
  static CompletionStage<Ice_invokeResult> to(
      ObjectPrx target, byte[] parameters, Current current, PendingAnswers pending) {
    CompletableFuture<Ice_invokeResult> answer = new CompletableFuture<>();
    CompletableFuture<Ice_invokeResult> forwarded =
        pending.from(
            () -> target.ice_invokeAsync(current.operation, current.mode, parameters, current.ctx));
    forwarded.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            answer.complete(result);
          } else {
            answer.completeExceptionally(
                new ObjectNotExistException(
                    current.id, current.facet, current.operation, Async.cause(failure)));
          }
        });
    return answer;
  }
}
