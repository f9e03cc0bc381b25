package dev.firn.component;

import com.zeroc.Ice.InvocationTimeoutException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.Async;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Calls of a server of which there may be several, all in one proxy. Ice goes on to the next only
 * where nobody listens; one that listens and says nothing is left here, for a connection of another
 * name. What hung is closed by Ice when it has been idle. Any thread.
 */
final class Impatience<P extends ObjectPrx> {
  private final Function<ObjectPrx, P> cast;
  private final AtomicInteger leftBehind = new AtomicInteger();
  private volatile P proxy;

  /**
   * @param cast unchecked
   * @param millis longest wait for an answer; half of it for a connection, so that there is time
   *     for another one
   */
  Impatience(ObjectPrx proxy, Function<ObjectPrx, P> cast, int millis) {
    this.cast = cast;
    this.proxy = cast.apply(limited(proxy, millis));
  }

  /** The same object, for calls that end in time. */
  static ObjectPrx limited(ObjectPrx proxy, int millis) {
    return proxy.ice_invocationTimeout(millis).ice_timeout(millis / 2);
  }

  /** For one call. */
  P proxy() {
    return proxy;
  }

  /** The same call; if it is not answered in time, later ones may go to another server. */
  <T> CompletionStage<T> left(CompletionStage<T> call) {
    return call.whenComplete(
        (answer, failure) -> {
          if (failure != null && Async.cause(failure) instanceof InvocationTimeoutException) {
            proxy = cast.apply(proxy.ice_connectionId("after-" + leftBehind.incrementAndGet()));
          }
        });
  }
}
