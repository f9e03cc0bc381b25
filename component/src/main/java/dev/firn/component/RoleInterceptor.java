package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.DispatchInterceptor;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Request;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceInternal.Incoming;
import dev.firn.component.RequestGate.Verdict;
import dev.firn.wire.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an object on the Service adapter: nobody is answered by an instance that is not the
 * active one when the answer leaves.
 *
 * <p>What was refused before it was begun, and what may be repeated, is answered with
 * ObjectNotExistException, which makes clients look for the active instance. What was begun and may
 * have changed something is answered with UnknownException: a client must not repeat that by
 * itself.
 */
final class RoleInterceptor extends DispatchInterceptor {
  private final com.zeroc.Ice.Object servant;
  private final RequestGate gate;
  private final EpochRecord epochs;
  private final Executor executor;

  /**
   * @param epochs of those who call
   * @param executor dispatches what had to wait
   */
  RoleInterceptor(
      com.zeroc.Ice.Object servant, RequestGate gate, EpochRecord epochs, Executor executor) {
    this.servant = servant;
    this.gate = gate;
    this.epochs = epochs;
    this.executor = executor;
  }

  @Override
  public @Nullable CompletionStage<OutputStream> dispatch(Request request) throws UserException {
    Current current = request.getCurrent();
    epochs.check(current.ctx);
    gate.came();
    boolean left = false;
    try {
      // Read first: what the verdict is about may be a later one, but not an earlier.
      long activation = gate.activation();
      Verdict verdict = gate.arriving(current.con != null);
      if (verdict == Verdict.SERVE) {
        CompletionStage<OutputStream> answer = serve(request, activation);
        if (answer != null) {
          left = true;
          return answer.whenComplete((result, failure) -> gate.left());
        }
        return null;
      } else if (verdict == Verdict.REFUSE || current.requestId == 0) {
        // Nobody waits for the answer to a oneway request, and a batch cannot be read later.
        throw new ObjectNotExistException();
      }
    } finally {
      if (!left) {
        gate.left();
      }
    }
    return gate.settled().thenComposeAsync(settled -> again(request), executor);
  }

  private CompletionStage<OutputStream> again(Request request) {
    try {
      CompletionStage<OutputStream> answer = dispatch(request);
      return answer == null ? CompletableFuture.completedFuture(cached(request)) : answer;
    } catch (UserException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private @Nullable CompletionStage<OutputStream> serve(Request request, long activation)
      throws UserException {
    Current current = request.getCurrent();
    CompletionStage<OutputStream> answer;
    try {
      answer = servant.ice_dispatch(request);
    } catch (RoleLostException e) {
      throw new ObjectNotExistException();
    } catch (UserException | RuntimeException | Error e) {
      // Also what a servant refuses may be wrong by now.
      if (gate.leaving(activation) == Verdict.SERVE) {
        throw e;
      }
      return leave(CompletableFuture.failedFuture(e), current, activation);
    }
    if (answer != null) {
      return leave(answer, current, activation);
    }
    // The answer of a synchronous servant is in the request.
    return gate.leaving(activation) == Verdict.SERVE
        ? null
        : leave(CompletableFuture.completedFuture(cached(request)), current, activation);
  }

  private static OutputStream cached(Request request) {
    return ((Incoming) request).getAndClearCachedOutputStream();
  }

  private CompletionStage<OutputStream> leave(
      CompletionStage<OutputStream> answer, Current current, long activation) {
    CompletableFuture<OutputStream> checked = new CompletableFuture<>();
    answer.whenComplete(
        (result, failure) ->
            check(
                result,
                failure == null ? null : Async.cause(failure),
                current,
                activation,
                checked));
    return checked;
  }

  private void check(
      @Nullable OutputStream result,
      @Nullable Throwable failure,
      Current current,
      long activation,
      CompletableFuture<OutputStream> checked) {
    Verdict verdict = gate.leaving(activation);
    if (verdict == Verdict.HOLD) {
      gate.settled()
          .whenCompleteAsync(
              (settled, none) -> check(result, failure, current, activation, checked), executor);
    } else if (failure instanceof RoleLostException) {
      checked.completeExceptionally(new ObjectNotExistException());
    } else if (verdict == Verdict.REFUSE || isLost(failure)) {
      checked.completeExceptionally(refusal(current));
    } else if (failure != null) {
      checked.completeExceptionally(failure);
    } else {
      checked.complete(result);
    }
  }

  /**
   * A publish that was refused or given up says that the role is gone, before anybody else does.
   */
  private static boolean isLost(@Nullable Throwable failure) {
    return failure instanceof StaleWriterException || failure instanceof NotPublishingException;
  }

  private static com.zeroc.Ice.LocalException refusal(Current current) {
    return current.mode == OperationMode.Normal
        ? new UnknownException(
            "the instance has lost the active role; it is not known whether the request was done")
        : new ObjectNotExistException();
  }
}
