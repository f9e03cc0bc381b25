package dev.firn.component;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import dev.firn.wire.Async;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the service locator. Any thread; the answers come on threads of Ice. */
final class ServiceLookup {
  private static final int LIMIT_MILLIS = 3_000;

  private final Impatience<ServiceLocatorPrx> locator;

  ServiceLookup(ServiceLocatorPrx locator) {
    this.locator = new Impatience<>(locator, ServiceLocatorPrx::uncheckedCast, LIMIT_MILLIS);
  }

  /**
   * Finds a service.
   *
   * @return empty if there is none; fails with an exception of Ice if the locator does not answer
   *     within three seconds
   */
  CompletionStage<Optional<ObjectPrx>> locate(ServiceLocatorParams params) {
    return answer(
        locator.left(locator.proxy().locateAsync(params)).thenApply(Optional::ofNullable),
        Optional.empty());
  }

  /** Finds a service by names; an empty service or id stands for any. */
  CompletionStage<Optional<ObjectPrx>> locate(String category, String service, String id) {
    return locate(new ServiceLocatorParams(category, service, id));
  }

  /** Finds all services that fit, those of the newest epoch first; none is an empty list. */
  CompletionStage<List<ObjectPrx>> locateAll(ServiceLocatorParams params) {
    return answer(
        locator.left(locator.proxy().locateAllAsync(params)).thenApply(Arrays::asList), List.of());
  }

  private static <T> CompletionStage<T> answer(CompletionStage<T> call, T none) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    call.whenComplete(
        (found, failure) -> {
          if (failure == null) {
            answer.complete(found);
          } else if (Async.cause(failure) instanceof ServiceNotFound) {
            answer.complete(none);
          } else {
            answer.completeExceptionally(Async.cause(failure));
          }
        });
    return answer;
  }
}
