package dev.firn.component;

import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.CompareNotFound;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.DuplicateCompare;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.Async;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Keeps the comparators of one instance registered with the service locator, in every role. A
 * locator that has forgotten them is told again. Any thread; nothing waits.
 */
final class ComparatorRegistrations {
  private static final int CALL_LIMIT_MILLIS = 3_000;
  private static final long RETRY_MILLIS = 1_000;
  private static final long RETRY_MAX_MILLIS = 10_000;

  private final Impatience<ServiceLocatorManagementPrx> locator;
  private final ScheduledExecutorService timer;
  private final Map<String, ServiceLocatorParamsComparePrx> offered = new ConcurrentHashMap<>();

  /**
   * @param timer runs short tasks that do not wait; not shut down here
   */
  ComparatorRegistrations(ServiceLocatorManagementPrx locator, ScheduledExecutorService timer) {
    this.locator =
        new Impatience<>(locator, ServiceLocatorManagementPrx::uncheckedCast, CALL_LIMIT_MILLIS);
    this.timer = timer;
  }

  /** Registers a comparator, and takes the place of one of an earlier process with this guid. */
  void register(String guid, ServiceLocatorParamsComparePrx comparator) {
    offered.put(guid, comparator);
    add(guid, comparator, false, RETRY_MILLIS);
  }

  /**
   * @param ours whether what the locator has under this guid is this comparator
   */
  private void add(
      String guid, ServiceLocatorParamsComparePrx comparator, boolean ours, long retryMillis) {
    if (offered.get(guid) != comparator) {
      return;
    }
    locator
        .left(locator.proxy().addCompareAsync(guid, comparator))
        .whenComplete(
            (added, failure) -> {
              Throwable cause = failure == null ? null : Async.cause(failure);
              if (cause == null || (ours && cause instanceof DuplicateCompare)) {
                Later.run(timer, () -> add(guid, comparator, true, RETRY_MILLIS), RETRY_MAX_MILLIS);
              } else if (cause instanceof DuplicateCompare) {
                replace(guid, comparator, retryMillis);
              } else {
                again(guid, comparator, ours, retryMillis);
              }
            });
  }

  /** The locator has no way to replace a comparator at once. */
  private void replace(String guid, ServiceLocatorParamsComparePrx comparator, long retryMillis) {
    locator
        .left(locator.proxy().removeCompareAsync(guid))
        .whenComplete(
            (removed, failure) -> {
              if (failure == null || Async.cause(failure) instanceof CompareNotFound) {
                add(guid, comparator, false, retryMillis);
              } else {
                again(guid, comparator, false, retryMillis);
              }
            });
  }

  private void again(
      String guid, ServiceLocatorParamsComparePrx comparator, boolean ours, long retryMillis) {
    Later.run(
        timer,
        () -> add(guid, comparator, ours, Math.min(RETRY_MAX_MILLIS, retryMillis * 2)),
        retryMillis);
  }

  /** Ends all of them. Completes within three seconds or little more; never fails. */
  CompletionStage<Void> unregisterAll() {
    CompletableFuture<?>[] all =
        offered.keySet().stream()
            .map(
                guid -> {
                  offered.remove(guid);
                  return locator.proxy().removeCompareAsync(guid).exceptionally(failure -> null);
                })
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all);
  }
}
