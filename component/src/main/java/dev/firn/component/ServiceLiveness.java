package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationNotExistException;
import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceEntry;
import dev.firn.failover.ServiceTable;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which services answer. Soft state: after a restart no service is known to, until it has answered
 * a ping.
 *
 * <p>A registration can be kept alive by who made it: then the locator doubts the service when the
 * connection is closed, or when it has heard nothing for five seconds, and pings it. So does
 * another locator of the same group, which never hears the owner, every five seconds. Other
 * registrations count as alive until the next restart, as those that know nothing of this expect. A
 * service that does not answer is not found, but stays registered, and is pinged again every two
 * seconds.
 *
 * <p>Safe from any thread; nothing here waits.
 */
final class ServiceLiveness {
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int PROBE_LIMIT_MILLIS = 1_000;
  private static final long TICK_MILLIS = 250;

  private final Communicator communicator;
  private final Logger logger;
  private final Supplier<ServiceTable> table;
  private final Map<String, Life> lives = new ConcurrentHashMap<>();
  private final Map<Connection, Boolean> watched = new ConcurrentHashMap<>();

  /** The table when it was last looked at. Timer's thread. */
  private @Nullable ServiceTable seen;

  /**
   * @param table which services there are
   */
  ServiceLiveness(Communicator communicator, Logger logger, Supplier<ServiceTable> table) {
    this.communicator = communicator;
    this.logger = logger;
    this.table = table;
  }

  /**
   * Begins with what is registered: none of it is known to answer.
   *
   * @param timer runs short tasks
   * @return completes when each has answered or not, within a second or little more
   */
  CompletionStage<Void> start(ScheduledExecutorService timer) {
    List<CompletableFuture<Void>> probes = new ArrayList<>();
    for (ServiceEntry service : table.get().services()) {
      Life life = new Life(service, false);
      lives.put(service.guid(), life);
      probes.add(probe(life));
    }
    timer.scheduleWithFixedDelay(this::check, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return CompletableFuture.allOf(probes.toArray(new CompletableFuture<?>[0]));
  }

  /**
   * Whether a service may be found: also while nothing is known of what was registered right now.
   */
  boolean answers(ServiceEntry service) {
    Life life = lives.get(service.guid());
    return life == null || life.reachable || !life.isOf(service);
  }

  /** A service was added or its proxy was replaced; who did so is taken for alive. */
  void added(String guid) {
    table.get().service(guid).ifPresent(service -> lives.put(guid, new Life(service, true)));
  }

  void removed(String guid) {
    lives.remove(guid);
  }

  /**
   * Who registered a service has shown that it lives, and will go on to.
   *
   * @param connection where it said so; null if there is none
   */
  void keptAlive(String guid, @Nullable Connection connection) {
    Life life = lives.get(guid);
    if (life == null) {
      return;
    }
    synchronized (life) {
      life.heardNanos = System.nanoTime();
      life.kept = true;
      life.heard = true;
      life.connection = connection;
      set(life, true, "its owner is back");
    }
    if (connection != null && watched.putIfAbsent(connection, true) == null) {
      try {
        connection.setCloseCallback(this::closed);
      } catch (LocalException e) {
        closed(connection);
      }
    }
  }

  private void closed(Connection connection) {
    watched.remove(connection);
    for (Life life : lives.values()) {
      boolean bound;
      synchronized (life) {
        bound = connection.equals(life.connection);
        if (bound) {
          life.connection = null;
          life.heard = false;
        }
      }
      if (bound) {
        probe(life);
      }
    }
  }

  private void check() {
    ServiceTable newest = table.get();
    if (newest != seen) {
      seen = newest;
      follow(newest);
    }
    long now = System.nanoTime();
    for (Life life : lives.values()) {
      boolean doubt;
      synchronized (life) {
        boolean silent = life.kept && now - life.heardNanos > SILENCE_NANOS;
        doubt =
            (silent || !life.reachable) && !life.probing && now - life.probedNanos > PROBE_NANOS;
      }
      if (doubt) {
        probe(life);
      }
    }
  }

  /** What was registered with another locator: who did so is taken for alive as well. */
  private void follow(ServiceTable newest) {
    Set<String> guids = new TreeSet<>(lives.keySet());
    newest.services().forEach(service -> guids.add(service.guid()));
    for (String guid : guids) {
      lives.compute(
          guid,
          (same, life) ->
              // The table as it is by now: what was added meanwhile is not undone.
              table
                  .get()
                  .service(guid)
                  .map(now -> life != null && life.isOf(now) ? life : new Life(now, true))
                  .orElse(null));
    }
  }

  private CompletableFuture<Void> probe(Life life) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (life) {
      if (life.probing) {
        done.complete(null);
        return done;
      }
      life.probing = true;
      life.probedNanos = System.nanoTime();
    }
    try {
      ObjectPrx proxy = communicator.stringToProxy(life.proxy);
      if (proxy == null) {
        probed(life, new IllegalArgumentException("no proxy"), done);
        return done;
      }
      // A datagram or a oneway call would say nothing.
      proxy
          .ice_twoway()
          .ice_invocationTimeout(PROBE_LIMIT_MILLIS)
          .ice_locatorCacheTimeout(0)
          .ice_pingAsync()
          .whenComplete((unused, failure) -> probed(life, trouble(failure), done));
    } catch (LocalException | RejectedExecutionException e) {
      probed(life, e, done);
    }
    return done;
  }

  /** Who says that there is no such operation is there. */
  private static @Nullable Throwable trouble(@Nullable Throwable failure) {
    Throwable cause = failure == null ? null : Async.cause(failure);
    return cause instanceof OperationNotExistException ? null : cause;
  }

  private void probed(Life life, @Nullable Throwable failure, CompletableFuture<Void> done) {
    synchronized (life) {
      life.probing = false;
      if (failure == null && !life.heard) {
        life.heardNanos = System.nanoTime();
      }
      set(life, failure == null, failure == null ? "it answers" : Exceptions.text(failure));
    }
    done.complete(null);
  }

  /** Under the monitor of the life; one that has been replaced is nobody's any more. */
  private void set(Life life, boolean reachable, String reason) {
    if (life.reachable != reachable && lives.get(life.guid) == life) {
      logger.print(
          "service "
              + life.guid
              + (reachable ? " can be found: " : " is not found for now: ")
              + reason.replace('\n', ' '));
    }
    life.reachable = reachable;
  }

  /** Of one registration of a service, by one owner; its monitor guards it. */
  private static final class Life {
    private final String guid;
    private final String proxy;
    private final Optional<GroupEpoch> epoch;
    private volatile boolean reachable;
    private boolean kept;

    /** Whether its owner has spoken to this locator. */
    private boolean heard;

    private boolean probing;

    /** When it last showed that it lives. */
    private long heardNanos = System.nanoTime();

    private long probedNanos = System.nanoTime();
    private @Nullable Connection connection;

    Life(ServiceEntry service, boolean reachable) {
      this.guid = service.guid();
      this.proxy = service.proxy();
      this.epoch = service.epoch();
      this.reachable = reachable;
      this.kept = service.kept();
    }

    boolean isOf(ServiceEntry service) {
      return proxy.equals(service.proxy()) && epoch.equals(service.epoch());
    }
  }
}
