package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.DispatchInterceptor;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Request;
import com.zeroc.Ice.ServantLocator;
import com.zeroc.Ice.UserException;
import dev.firn.wire.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A component's servant locator on the Service adapter. Ice would ask it before anything stands
 * between, so it is given one object for all requests, behind which the locator is asked: only by
 * requests that are to be served.
 */
final class GatedServantLocator implements ServantLocator {
  private final ServantLocator locator;
  private final com.zeroc.Ice.Object gate;

  /**
   * @param gated puts what every request has to pass before a servant
   */
  GatedServantLocator(ServantLocator locator, UnaryOperator<com.zeroc.Ice.Object> gated) {
    this.locator = locator;
    this.gate = gated.apply(new Located());
  }

  @Override
  public LocateResult locate(Current current) {
    return new LocateResult(gate, null);
  }

  @Override
  public void finished(Current current, com.zeroc.Ice.Object servant, @Nullable Object cookie) {}

  @Override
  public void deactivate(String category) {
    locator.deactivate(category);
  }

  /** Whatever the locator finds for a request. */
  private final class Located extends DispatchInterceptor {
    @Override
    public @Nullable CompletionStage<OutputStream> dispatch(Request request) throws UserException {
      Current current = request.getCurrent();
      LocateResult found = locator.locate(current);
      if (found == null || found.returnValue == null) {
        throw new ObjectNotExistException();
      }
      CompletionStage<OutputStream> answer = null;
      try {
        answer = found.returnValue.ice_dispatch(request);
      } finally {
        if (answer == null) {
          locator.finished(current, found.returnValue, found.cookie);
        }
      }
      return answer == null ? null : finishing(answer, current, found);
    }

    /** The answer leaves when the locator has had its turn, whose failure is the answer then. */
    private CompletionStage<OutputStream> finishing(
        CompletionStage<OutputStream> answer, Current current, LocateResult found) {
      CompletableFuture<OutputStream> finished = new CompletableFuture<>();
      answer.whenComplete(
          (result, failure) -> {
            try {
              locator.finished(current, found.returnValue, found.cookie);
            } catch (UserException | RuntimeException | Error e) {
              finished.completeExceptionally(e);
              return;
            }
            if (failure == null) {
              finished.complete(result);
            } else {
              finished.completeExceptionally(Async.cause(failure));
            }
          });
      return finished;
    }
  }
}
