package dev.firn.component;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Util;
import dev.firn.wire.Async;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Registers the services of the active instance with the locator, as long as it is active. Any
 * thread; nothing blocks.
 */
final class ServiceRegistrar {
  /** What became of a registration; may change as long as it lasts. */
  interface Outcome {
    void registered();

    void failed(String reason);

    void refused(long currentEpoch);
  }

  /** The services of one activation. */
  private static final class Active {
    private final EpochContext epoch;
    private final Outcome outcome;
    private final Set<String> guids = ConcurrentHashMap.newKeySet();

    Active(EpochContext epoch, Outcome outcome) {
      this.epoch = epoch;
      this.outcome = outcome;
    }
  }

  private final String group;
  private final ServiceRegistrations registrations;
  private final ServiceAdapter adapter;
  private final UnaryOperator<String> comparators;
  private @Nullable Active active;

  /**
   * @param comparators the guid that the locator knows a service's comparator by
   */
  ServiceRegistrar(
      String group,
      ServiceRegistrations registrations,
      ServiceAdapter adapter,
      UnaryOperator<String> comparators) {
    this.comparators = comparators;
    this.group = group;
    this.registrations = registrations;
    this.adapter = adapter;
  }

  /** Registers all that is to be found, for ever until {@link #unregister}. */
  void register(long epoch, List<Services.Service> services, Outcome outcome) {
    Active now = new Active(new EpochContext(group, epoch), outcome);
    synchronized (this) {
      active = now;
    }
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (Services.Service service : services) {
      if (!service.params().isEmpty()) {
        all.add(register(now, service).toCompletableFuture());
      }
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).whenComplete(tell(now, outcome));
  }

  private BiConsumer<@Nullable Void, @Nullable Throwable> tell(Active now, Outcome outcome) {
    return (done, failure) -> {
      if (failure == null) {
        outcome.registered();
      } else if (Async.cause(failure) instanceof StaleEpoch stale) {
        outcome.refused(stale.current);
      } else if (isCurrent(now)) {
        outcome.failed(Exceptions.text(Async.cause(failure)));
      }
    };
  }

  private synchronized boolean isCurrent(Active now) {
    return active == now;
  }

  /** A service was added while the instance may be active. */
  void added(Services.Service service) {
    Active now;
    synchronized (this) {
      now = active;
    }
    if (now != null && !service.params().isEmpty()) {
      register(now, service)
          .whenComplete(
              (done, failure) -> {
                if (Async.cause(failure == null ? new Exception() : failure)
                    instanceof StaleEpoch stale) {
                  now.outcome.refused(stale.current);
                }
              });
    }
  }

  private CompletionStage<Void> register(Active now, Services.Service service) {
    String guid = guid(service);
    ServiceOffer offer;
    try {
      offer =
          new ServiceOffer(
              guid,
              adapter.proxy(service.identity()).ice_facet(service.facet()),
              service.params(),
              comparators.apply(service.compareGuid()),
              java.util.Optional.of(now.epoch));
    } catch (LocalException e) {
      return CompletableFuture.failedFuture(e);
    }
    now.guids.add(guid);
    return registrations.register(offer);
  }

  /** A service was taken away. */
  void removed(com.zeroc.Ice.Identity identity) {
    Active now;
    synchronized (this) {
      now = active;
    }
    if (now != null) {
      String guid = group + "." + Util.identityToString(identity);
      now.guids.stream()
          .filter(each -> each.equals(guid) || each.startsWith(guid + " "))
          .forEach(registrations::unregister);
    }
  }

  /** Completes when none is registered any more, or the locator does not answer. */
  CompletionStage<Void> unregister() {
    Active last;
    synchronized (this) {
      last = active;
      active = null;
    }
    if (last == null) {
      return CompletableFuture.completedFuture(null);
    }
    return CompletableFuture.allOf(
        last.guids.stream()
            .map(guid -> registrations.unregister(guid).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /** The locator does not take a service at the moment; told from {@link ServiceRegistrations}. */
  void failed(String guid, String reason) {
    Active now = ofGuid(guid);
    if (now != null) {
      now.outcome.failed(reason);
    }
  }

  /** A newer epoch has a service; told from {@link ServiceRegistrations}. */
  void refused(String guid, long currentEpoch) {
    Active now = ofGuid(guid);
    if (now != null) {
      now.outcome.refused(currentEpoch);
    }
  }

  private synchronized @Nullable Active ofGuid(String guid) {
    return active != null && active.guids.contains(guid) ? active : null;
  }

  private String guid(Services.Service service) {
    String guid = group + "." + Util.identityToString(service.identity());
    return service.facet().isEmpty() ? guid : guid + " " + service.facet();
  }
}
