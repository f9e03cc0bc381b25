package dev.firn.component;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectNotExistException;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceManagementPrx;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What one process has registered with the service locator, and keeps registered: it tries for
 * ever, notices when the locator has forgotten a service, and is told when a newer epoch has taken
 * one over.
 *
 * <p>Safe from any thread. No call waits: for each service one request is under way at a time, and
 * answers come on threads of Ice. The lock is never held across a request or a callback.
 */
final class ServiceRegistrations implements AutoCloseable {
  /** Is told what nobody waits for. Called on threads of Ice, one call at a time per service. */
  interface Events {
    /** The locator has the service now, for the first time or again. */
    void registered(String guid);

    /** The locator does not answer, or refuses for another reason than an epoch; we try again. */
    void failed(String guid, String reason);

    /** A newer epoch has the service; the registration is given up. */
    void refused(String guid, long currentEpoch);
  }

  private enum Wish {
    REGISTERED,
    SUSPENDED,
    GONE,
    /** Never wished: what the locator has is not what is offered. */
    UNKNOWN
  }

  private static final int CALL_LIMIT_MILLIS = 3_000;
  private static final long RETRY_MILLIS = 1_000;
  private static final long RETRY_MAX_MILLIS = 10_000;
  private static final long KEEP_ALIVE_MILLIS = 2_000;

  /** The locator counts a service as lost when it has heard nothing for as long. */
  private static final String KEEP_ALIVE_SECONDS = "5";

  static final String KEEP_ALIVE = "ha.keepAlive";

  private final Impatience<ServiceLocatorManagementPrx> locator;
  private final ScheduledExecutorService timer;
  private final Logger logger;
  private final Events events;
  private final Object lock = new Object();
  private final Map<String, Entry> entries = new TreeMap<>();
  private boolean closed;

  /**
   * @param timer runs short tasks that do not wait; not shut down here
   */
  ServiceRegistrations(
      ServiceLocatorManagementPrx locator,
      ScheduledExecutorService timer,
      Logger logger,
      Events events) {
    this.locator =
        new Impatience<>(locator, ServiceLocatorManagementPrx::uncheckedCast, CALL_LIMIT_MILLIS);
    this.timer = timer;
    this.logger = logger;
    this.events = events;
  }

  /**
   * Registers a service, or replaces what was offered under its guid before.
   *
   * @return completed once the locator has it; fails with {@link StaleEpoch} if a newer epoch has
   *     it, and with {@link IllegalStateException} if it is unregistered before
   */
  CompletionStage<Void> register(ServiceOffer offer) {
    return wish(offer.guid(), Wish.REGISTERED, offer);
  }

  /**
   * Lets nobody find the service, which stays registered. Completed once the locator knows; fails
   * like {@link #register}.
   */
  CompletionStage<Void> suspend(String guid) {
    return wish(guid, Wish.SUSPENDED, null);
  }

  /** Lets a suspended service be found again. */
  CompletionStage<Void> unsuspend(String guid) {
    return wish(guid, Wish.REGISTERED, null);
  }

  /**
   * Ends a registration. Completes within six seconds or little more, also if the locator does not
   * answer: it finds out by itself then. Never fails.
   */
  CompletionStage<Void> unregister(String guid) {
    return wish(guid, Wish.GONE, null);
  }

  /** Ends all registrations, like {@link #unregister}. */
  CompletionStage<Void> unregisterAll() {
    List<String> guids;
    synchronized (lock) {
      guids = new ArrayList<>(entries.keySet());
    }
    return CompletableFuture.allOf(
        guids.stream()
            .map(guid -> unregister(guid).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /**
   * The guids that the locator has now, as far as is known here; without suspended ones. Sorted.
   */
  List<String> registered() {
    synchronized (lock) {
      List<String> guids = new ArrayList<>();
      entries.forEach(
          (guid, entry) -> {
            if (entry.have == Wish.REGISTERED) {
              guids.add(guid);
            }
          });
      return List.copyOf(guids);
    }
  }

  /** Stops trying; what is registered stays so until the locator misses it. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      entries.clear();
    }
  }

  private CompletionStage<Void> wish(String guid, Wish wish, @Nullable ServiceOffer offer) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    List<CompletableFuture<Void>> overtaken = List.of();
    Entry entry;
    synchronized (lock) {
      Entry known = entries.get(guid);
      if (known == null && offer != null && !closed) {
        known = new Entry(offer);
        entries.put(guid, known);
      }
      entry = known;
      if (entry != null) {
        if (offer != null) {
          // The locator replaces what it has; what was there is registered no more from here.
          entry.offer = offer;
          entry.offered++;
          entry.have = Wish.UNKNOWN;
        }
        if (wish == Wish.GONE) {
          overtaken = entry.takeWaiting();
        }
        entry.wish = wish;
        entry.waiting.add(done);
        entry.retryMillis = RETRY_MILLIS;
      }
    }
    overtaken.forEach(
        future ->
            future.completeExceptionally(new IllegalStateException(guid + " is unregistered")));
    if (entry != null) {
      pump(entry);
    } else if (wish == Wish.GONE) {
      done.complete(null);
    } else {
      done.completeExceptionally(new IllegalStateException(guid + " is not registered"));
    }
    return done;
  }

  /** Does what is to be done next for a service, unless a request is under way. */
  private void pump(Entry entry) {
    List<CompletableFuture<Void>> done = List.of();
    CompletionStage<ServiceManagementPrx> call = null;
    Wish towards;
    int version;
    synchronized (lock) {
      String guid = entry.offer.guid();
      if (entry.calling || entries.get(guid) != entry) {
        return;
      }
      towards = entry.wish;
      version = ++entry.version;
      ServiceManagementPrx management = entry.management;
      if (towards == Wish.GONE) {
        if (management == null) {
          entries.remove(guid);
          done = entry.takeWaiting();
        } else {
          call = unregister(management, entry.context());
        }
      } else if (entry.have == towards) {
        done = entry.takeWaiting();
      } else if (towards == Wish.SUSPENDED && management != null) {
        call = with(management, management.suspendAsync(entry.context()));
      } else if (entry.have == Wish.SUSPENDED && management != null) {
        call = with(management, management.unsuspendAsync(entry.context()));
      } else {
        call = add(entry.offer, entry.context());
        towards = Wish.REGISTERED;
      }
      entry.calling = call != null;
    }
    done.forEach(future -> future.complete(null));
    if (call != null) {
      Wish reached = towards;
      call.whenComplete((management, failure) -> answered(entry, reached, management, failure));
    } else if (towards != Wish.GONE) {
      Later.run(timer, () -> keepAlive(entry, version), KEEP_ALIVE_MILLIS);
    }
  }

  private CompletionStage<ServiceManagementPrx> with(
      ServiceManagementPrx management, CompletionStage<Void> call) {
    return locator.left(call).thenApply(unused -> management);
  }

  /** Any other locator can do it as well. */
  private CompletionStage<ServiceManagementPrx> unregister(
      ServiceManagementPrx management, Map<String, String> context) {
    return locator
        .left(management.unregisterAsync(context))
        .exceptionallyCompose(
            failure ->
                Async.cause(failure) instanceof ObjectNotExistException
                    ? CompletableFuture.failedFuture(failure)
                    : locator.left(elsewhere(management).unregisterAsync(context)))
        .thenApply(unused -> management);
  }

  private ServiceManagementPrx elsewhere(ServiceManagementPrx management) {
    return ServiceManagementPrx.uncheckedCast(
        locator.proxy().ice_identity(management.ice_getIdentity()));
  }

  private CompletionStage<ServiceManagementPrx> add(
      ServiceOffer offer, Map<String, String> context) {
    CompletionStage<ServiceManagementPrx> added =
        locator
            .left(locator.proxy().addServiceAsync(offer.proxy(), offer.guid(), context))
            .thenApply(
                management ->
                    ServiceManagementPrx.uncheckedCast(
                        Impatience.limited(management, CALL_LIMIT_MILLIS)));
    for (ServiceLocatorParams params : offer.params()) {
      added =
          added.thenCompose(
              management ->
                  with(
                      management,
                      management.addLocatorParamsAsync(params, offer.compareGuid(), context)));
    }
    return added;
  }

  private void answered(
      Entry entry, Wish reached, @Nullable ServiceManagementPrx management, @Nullable Throwable e) {
    Throwable failure = e == null ? null : Async.cause(e);
    String guid = entry.offer.guid();
    List<CompletableFuture<Void>> refused = List.of();
    boolean news = false;
    long pause = 0;
    synchronized (lock) {
      entry.calling = false;
      if (failure == null && reached == Wish.GONE) {
        entry.forget();
      } else if (failure == null) {
        news = reached == Wish.REGISTERED && entry.have != reached;
        // An offer that came during the request is to be registered still.
        entry.management = management;
        entry.have = entry.sent == entry.offered ? reached : Wish.UNKNOWN;
        entry.retryMillis = RETRY_MILLIS;
      } else if (failure instanceof StaleEpoch && entry.sent == entry.offered) {
        entries.remove(guid);
        refused = entry.takeWaiting();
      } else {
        boolean forgotten =
            failure instanceof ObjectNotExistException && entry.have != Wish.UNKNOWN;
        entry.forget();
        if (entry.wish != Wish.GONE) {
          pause = forgotten ? 0 : entry.retryMillis;
          entry.retryMillis = Math.min(RETRY_MAX_MILLIS, entry.retryMillis * 2);
        }
      }
    }
    if (failure instanceof StaleEpoch stale) {
      refused.forEach(future -> future.completeExceptionally(stale));
    }
    tell(guid, news, failure);
    if (pause > 0) {
      Later.run(timer, () -> pump(entry), pause);
    } else {
      pump(entry);
    }
  }

  private void tell(String guid, boolean news, @Nullable Throwable failure) {
    try {
      if (failure instanceof StaleEpoch stale) {
        events.refused(guid, stale.current);
      } else if (failure != null) {
        events.failed(guid, Exceptions.text(failure));
      } else if (news) {
        events.registered(guid);
      }
    } catch (RuntimeException e) {
      logger.warning("an observer of registrations failed on " + guid + ": " + e);
    }
  }

  /** Shows the locator that the process lives, and finds out whether it still has the service. */
  private void keepAlive(Entry entry, int version) {
    CompletionStage<ServiceManagementPrx> call;
    Wish have;
    synchronized (lock) {
      ServiceManagementPrx management = entry.management;
      have = entry.have;
      if (entry.calling || entry.version != version || management == null || closed) {
        return;
      }
      ServiceOffer offer = entry.offer;
      entry.calling = true;
      // Adding what is there changes nothing, but is refused if a newer epoch has the service.
      call =
          with(
              management,
              offer.params().isEmpty()
                  ? management.ice_pingAsync(entry.context())
                  : management.addLocatorParamsAsync(
                      offer.params().get(0), offer.compareGuid(), entry.context()));
    }
    call.whenComplete((management, failure) -> answered(entry, have, management, failure));
  }

  /** One service; guarded by the lock. */
  private static final class Entry {
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private ServiceOffer offer;

    /** Counts the offers. */
    private int offered;

    /** Which of them the request that is under way, or was the last, carried. */
    private int sent;

    private @Nullable ServiceManagementPrx management;
    private Wish wish = Wish.REGISTERED;
    private Wish have = Wish.UNKNOWN;
    private boolean calling;
    private int version;
    private long retryMillis = RETRY_MILLIS;

    Entry(ServiceOffer offer) {
      this.offer = offer;
    }

    Map<String, String> context() {
      sent = offered;
      Map<String, String> plain = Map.of(KEEP_ALIVE, KEEP_ALIVE_SECONDS);
      return offer.epoch().map(epoch -> epoch.in(plain)).orElse(plain);
    }

    void forget() {
      management = null;
      have = Wish.UNKNOWN;
    }

    List<CompletableFuture<Void>> takeWaiting() {
      List<CompletableFuture<Void>> taken = List.copyOf(waiting);
      waiting.clear();
      return taken;
    }
  }
}
