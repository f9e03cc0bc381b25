package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import dev.firn.failover.ServiceTable.Match;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks comparators whether a service can do what a request wants. All of a request are asked at
 * once; who does not answer within half a second has said no, which is logged once a minute.
 */
final class ComparatorCalls {
  private static final int LIMIT_MILLIS = 500;
  private static final long LOG_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int LOGGED_MAX = 1_000;

  private final Communicator communicator;
  private final Map<String, Long> loggedNanos = new ConcurrentHashMap<>();

  ComparatorCalls(Communicator communicator) {
    this.communicator = communicator;
  }

  /**
   * Whether any of a match's comparators agrees, or it needs none. Never fails.
   *
   * @param params what was asked for, with all that its derived classes have
   */
  CompletableFuture<Boolean> supports(Match match, ServiceLocatorParams params) {
    if (match.comparators().isEmpty()) {
      return CompletableFuture.completedFuture(true);
    }
    CompletableFuture<Boolean> any = CompletableFuture.completedFuture(false);
    for (String comparator : match.comparators()) {
      any = any.thenCombine(ask(comparator, params), Boolean::logicalOr);
    }
    return any;
  }

  private CompletableFuture<Boolean> ask(String comparator, ServiceLocatorParams params) {
    try {
      return ServiceLocatorParamsComparePrx.uncheckedCast(communicator.stringToProxy(comparator))
          .ice_invocationTimeout(LIMIT_MILLIS)
          .isSupportedAsync(params)
          .exceptionally(failure -> failed(comparator, Async.cause(failure)));
    } catch (LocalException e) {
      return CompletableFuture.completedFuture(failed(comparator, e));
    }
  }

  private boolean failed(String comparator, Throwable failure) {
    long now = System.nanoTime();
    Long last = loggedNanos.get(comparator);
    if (last == null || now - last > LOG_PAUSE_NANOS) {
      if (loggedNanos.size() >= LOGGED_MAX) {
        loggedNanos.clear();
      }
      loggedNanos.put(comparator, now);
      communicator
          .getLogger()
          .warning(
              "comparator "
                  + comparator
                  + " does not answer; its services are not found: "
                  + Exceptions.text(failure).replace('\n', ' '));
    }
    return false;
  }
}
