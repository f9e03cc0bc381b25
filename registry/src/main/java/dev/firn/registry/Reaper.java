package dev.firn.registry;

import com.zeroc.Ice.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Destroys sessions of which nothing was heard for longer than their time-out. One thread, which
 * also runs other short delayed tasks; any thread may call.
 *
 * <p>A refresh is one volatile write. The thread looks at a session when its time-out would end and
 * goes back to sleep for the rest if it was refreshed meanwhile, so a session is reaped when its
 * time-out is over and not up to twice as late.
 */
final class Reaper {
  private static final int TIMEOUT_MIN_SECONDS = 10;

  /** A session. Neither method waits for a peer; both run on the reaper's or a caller's thread. */
  interface Reapable {
    /** Ends the session; does nothing if it has ended. */
    void reap();

    /** The registry stops: ends the session without telling anybody. */
    void shutdown();
  }

  private final Logger logger;
  private final ScheduledThreadPoolExecutor executor;
  private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();

  Reaper(Logger logger) {
    this.logger = logger;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "firn-reaper");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Watches over a session until it is reaped or {@link Registration#cancel cancelled}.
   *
   * @param timeoutSeconds 0 or less: never reaped by time; 1 to 9 count as 10
   */
  Registration add(Reapable session, int timeoutSeconds) {
    return add(
        session,
        timeoutSeconds > 0
            ? Duration.ofSeconds(Math.max(timeoutSeconds, TIMEOUT_MIN_SECONDS))
            : Duration.ZERO);
  }

  /** As {@link #add(Reapable, int)}, with a time-out taken as it is; zero: never. */
  Registration add(Reapable session, Duration timeout) {
    Registration registration = new Registration(session, timeout.toNanos());
    registrations.add(registration);
    if (!timeout.isZero()) {
      registration.lookAfter(timeout.toNanos());
    }
    return registration;
  }

  /** Runs a short task after a delay; not at all if the registry stops before. */
  void schedule(Runnable task, long delayNanos) {
    scheduled(task, delayNanos);
  }

  private Optional<Future<?>> scheduled(Runnable task, long delayNanos) {
    try {
      return Optional.of(executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException stopped) {
      // The registry stops: every session is ended by shutdown(), nothing else is worth doing.
      return Optional.empty();
    }
  }

  /** Ends every session for good, in its shutdown variant; the thread ends. */
  void shutdown() {
    executor.shutdownNow();
    List<Registration> left = new ArrayList<>(registrations);
    registrations.clear();
    left.forEach(registration -> guarded(registration.session::shutdown));
  }

  int size() {
    return registrations.size();
  }

  /** How many tasks wait for their time. */
  int waiting() {
    return executor.getQueue().size();
  }

  private void guarded(Runnable end) {
    try {
      end.run();
    } catch (RuntimeException ex) {
      logger.warning("unexpected exception while reaping session:\n" + ex);
    }
  }

  /** One watched session. */
  final class Registration {
    private final Reapable session;
    private final long timeoutNanos;
    private volatile long refreshedNanos = System.nanoTime();
    private Optional<Future<?>> next = Optional.empty();

    private Registration(Reapable session, long timeoutNanos) {
      this.session = session;
      this.timeoutNanos = timeoutNanos;
    }

    /** Something was heard of the session. */
    void refresh() {
      refreshedNanos = System.nanoTime();
    }

    /** The session has ended by other means. */
    synchronized void cancel() {
      registrations.remove(this);
      // The task would keep the session until its time-out is over.
      next.ifPresent(task -> task.cancel(false));
    }

    private synchronized void lookAfter(long delayNanos) {
      if (registrations.contains(this)) {
        next = scheduled(this::look, delayNanos);
      }
    }

    private void look() {
      if (!registrations.contains(this)) {
        return;
      }
      long leftNanos = timeoutNanos - (System.nanoTime() - refreshedNanos);
      if (leftNanos > 0) {
        lookAfter(leftNanos);
      } else if (registrations.remove(this)) {
        guarded(session::reap);
      }
    }
  }
}
