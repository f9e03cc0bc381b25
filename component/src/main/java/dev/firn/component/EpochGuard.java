package dev.firn.component;

import com.zeroc.Ice.DispatchInterceptor;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Request;
import com.zeroc.Ice.UserException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Refuses calls from an instance that was the active one of its group, and is not any more: for any
 * object that such instances call with {@link Activation#outgoing}. The refused call fails with
 * {@code Failover::V1::StaleEpoch}. Calls that say nothing of an epoch pass.
 *
 * <p>All objects of one guard learn from each other. Any thread.
 */
public final class EpochGuard {
  private final EpochRecord epochs = new EpochRecord();

  public EpochGuard() {}

  /** The same object, guarded. */
  public com.zeroc.Ice.Object guard(com.zeroc.Ice.Object servant) {
    return new DispatchInterceptor() {
      @Override
      public @Nullable CompletionStage<OutputStream> dispatch(Request request)
          throws UserException {
        epochs.check(request.getCurrent().ctx);
        return servant.ice_dispatch(request);
      }
    };
  }
}
