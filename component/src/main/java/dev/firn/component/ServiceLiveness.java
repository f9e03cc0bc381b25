package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.failover.ServiceEntry;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which services answer. Soft state: after a restart no service is known to, until it has answered
 * a ping.
 *
 * <p>A registration can be kept alive by who made it: then the locator doubts the service when the
 * connection is closed, or when it has heard nothing for five seconds, and pings it. Others count
 * as alive until the next restart, as those that know nothing of this expect. A service that does
 * not answer is not found, but stays registered, and is pinged again every two seconds.
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
  private final Map<String, Life> lives = new ConcurrentHashMap<>();
  private final Map<Connection, Boolean> watched = new ConcurrentHashMap<>();

  ServiceLiveness(Communicator communicator, Logger logger) {
    this.communicator = communicator;
    this.logger = logger;
  }

  /**
   * @param services all that are registered at the start: none of them is known to answer
   * @param timer runs short tasks
   */
  void start(Collection<ServiceEntry> services, ScheduledExecutorService timer) {
    for (ServiceEntry service : services) {
      Life life = new Life(service.guid(), service.proxy(), false);
      lives.put(service.guid(), life);
      probe(life);
    }
    timer.scheduleWithFixedDelay(this::check, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether a service may be found. */
  boolean answers(String guid) {
    Life life = lives.get(guid);
    return life == null || life.reachable;
  }

  /** A service was added or its proxy was replaced; who did so is taken for alive. */
  void added(String guid, String proxy) {
    lives.put(guid, new Life(guid, proxy, true));
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
        }
      }
      if (bound) {
        probe(life);
      }
    }
  }

  private void check() {
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

  private void probe(Life life) {
    synchronized (life) {
      if (life.probing) {
        return;
      }
      life.probing = true;
      life.probedNanos = System.nanoTime();
    }
    try {
      ObjectPrx proxy = communicator.stringToProxy(life.proxy);
      if (proxy == null) {
        probed(life, new IllegalArgumentException("no proxy"));
        return;
      }
      // A datagram or a oneway call would say nothing.
      proxy
          .ice_twoway()
          .ice_invocationTimeout(PROBE_LIMIT_MILLIS)
          .ice_locatorCacheTimeout(0)
          .ice_pingAsync()
          .whenComplete(
              (unused, failure) -> probed(life, failure == null ? null : Async.cause(failure)));
    } catch (LocalException | RejectedExecutionException e) {
      probed(life, e);
    }
  }

  private void probed(Life life, @Nullable Throwable failure) {
    synchronized (life) {
      life.probing = false;
      set(life, failure == null, failure == null ? "it answers" : Exceptions.text(failure));
    }
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

  /** Of one registration of a service; its monitor guards it. */
  private static final class Life {
    private final String guid;
    private final String proxy;
    private volatile boolean reachable;
    private boolean kept;
    private boolean probing;
    private long heardNanos = System.nanoTime();
    private long probedNanos = System.nanoTime();
    private @Nullable Connection connection;

    Life(String guid, String proxy, boolean reachable) {
      this.guid = guid;
      this.proxy = proxy;
      this.reachable = reachable;
    }
  }
}
