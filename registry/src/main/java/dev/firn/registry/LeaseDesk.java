package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.failover.Candidacy;
import dev.firn.failover.LeaseAnswer;
import dev.firn.failover.LeaseConfig;
import dev.firn.failover.LeaseInput;
import dev.firn.failover.LeaseOutput;
import dev.firn.failover.LeaseView;
import dev.firn.failover.RoleLeases;
import dev.firn.failover.RoleOutput;
import dev.firn.failover.RoleRequestId;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns the {@link RoleLeases} of this registry: one thread, which also wakes them when a lease runs
 * out. Any thread may ask; none waits.
 */
final class LeaseDesk {
  private static final int INSIST_TIMEOUT_MILLIS = 5_000;

  /** What callers are told once the registry ends. */
  static final String STOPS = "the registry stops";

  /** What callers are told while too many wait for the thread. */
  static final String BUSY = "too many requests wait for the leases of this registry";

  /** All members of many groups at once; a second's work or less. */
  private static final int QUEUE_MAX = 10_000;

  private final RoleLeases leases;
  private final LongSupplier clockMillis;
  private final Communicator communicator;
  private final Logger logger;
  private final Consumer<Throwable> onBug;
  private final ScheduledThreadPoolExecutor thread;
  private final int queueMax;

  /** Requests that the thread has not begun. */
  private final AtomicInteger queued = new AtomicInteger();

  /** Whether somebody was refused, which is said once until the queue is empty again. */
  private final AtomicBoolean refusing = new AtomicBoolean();

  // All of these belong to the thread.
  private final Map<RoleRequestId, CompletableFuture<LeaseAnswer>> waiting = new HashMap<>();
  private long lastRequest;
  private @Nullable Future<?> wake;

  private final LeaseOutput.Host host =
      new LeaseOutput.Host() {
        @Override
        public void answer(RoleRequestId request, LeaseAnswer answer) {
          CompletableFuture<LeaseAnswer> asked = waiting.remove(request);
          if (asked != null) {
            asked.complete(answer);
          }
        }

        @Override
        public void insist(String instance, String address, long epoch) {
          promote(address, epoch);
        }

        @Override
        public void report(RoleOutput.Severity severity, String text) {
          switch (severity) {
            case INFO -> logger.trace("Leases", text);
            case WARNING -> logger.warning(text);
            case ERROR -> logger.error(text);
          }
        }
      };

  /**
   * @param onBug told of what must not happen
   */
  LeaseDesk(LeaseConfig config, Communicator communicator, Consumer<Throwable> onBug) {
    this(
        config,
        communicator,
        onBug,
        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
        QUEUE_MAX);
  }

  LeaseDesk(
      LeaseConfig config,
      Communicator communicator,
      Consumer<Throwable> onBug,
      LongSupplier clockMillis,
      int queueMax) {
    this.clockMillis = clockMillis;
    this.queueMax = queueMax;
    leases = new RoleLeases(config);
    this.communicator = communicator;
    logger = communicator.getLogger();
    this.onBug = onBug;
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread created = new Thread(task, "firn-leases");
              created.setDaemon(true);
              return created;
            });
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** This registry is the master, and nobody else is. */
  void becameMaster() {
    execute(() -> step(new LeaseInput.BecameMaster()));
  }

  /**
   * @param reason what callers are told
   */
  void notMaster(String reason) {
    execute(() -> step(new LeaseInput.NotMaster(reason)));
  }

  CompletionStage<LeaseAnswer> campaign(Candidacy says) {
    return ask(request -> new LeaseInput.Campaign(request, says));
  }

  CompletionStage<LeaseAnswer> release(String group, String instance, long epoch, boolean leave) {
    return ask(request -> new LeaseInput.Release(request, group, instance, epoch, leave));
  }

  CompletionStage<LeaseAnswer> transfer(String group, String to, boolean force) {
    return ask(request -> new LeaseInput.Transfer(request, group, to, force));
  }

  /** The leases, or why there are none to be had here. */
  CompletionStage<Listing> leases() {
    CompletableFuture<Listing> listing = new CompletableFuture<>();
    take(
        () -> {
          step(new LeaseInput.Tick());
          listing.complete(new Listing(leases.notMaster(), false, leases.leases()));
        },
        () -> listing.complete(new Listing("", true, List.of())),
        () -> listing.complete(new Listing(STOPS, false, List.of())));
    return listing;
  }

  /**
   * @param notMaster empty if this registry gives leases
   * @param busy whether nobody could look
   */
  record Listing(String notMaster, boolean busy, List<LeaseView> leases) {}

  private CompletionStage<LeaseAnswer> ask(Function<RoleRequestId, LeaseInput> input) {
    CompletableFuture<LeaseAnswer> answer = new CompletableFuture<>();
    take(
        () -> {
          RoleRequestId request = new RoleRequestId(++lastRequest);
          waiting.put(request, answer);
          step(input.apply(request));
        },
        () -> answer.complete(new LeaseAnswer.Busy(BUSY)),
        () -> answer.complete(new LeaseAnswer.NotAuthority(STOPS)));
    return answer;
  }

  /** Has the thread do what somebody asks for, if there is room. */
  private void take(Runnable task, Runnable busy, Runnable ended) {
    if (queued.incrementAndGet() > queueMax) {
      queued.decrementAndGet();
      if (refusing.compareAndSet(false, true)) {
        logger.warning("leases: " + queueMax + " requests wait, more are refused");
      }
      busy.run();
      return;
    }
    boolean accepted =
        execute(
            () -> {
              if (queued.decrementAndGet() == 0) {
                refusing.set(false);
              }
              task.run();
            });
    if (!accepted) {
      queued.decrementAndGet();
      ended.run();
    }
  }

  private void step(LeaseInput input) {
    leases.step(clockMillis.getAsLong(), input).forEach(output -> output.perform(host));
    Future<?> before = wake;
    if (before != null) {
      before.cancel(false);
      wake = null;
    }
    if (leases.wakeAtMillis().isPresent()) {
      wake = wakeIn(Math.max(0, leases.wakeAtMillis().getAsLong() - clockMillis.getAsLong()));
    }
  }

  private @Nullable Future<?> wakeIn(long delayMillis) {
    try {
      return thread.schedule(
          () -> guarded(() -> step(new LeaseInput.Tick())), delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return null; // The registry ends, and with it all leases.
    }
  }

  /** Repeated with each renewal while it is needed, so a failure does not matter. */
  private void promote(String address, long epoch) {
    ObjectPrx replica = address.isEmpty() ? null : communicator.stringToProxy(address);
    if (replica != null) {
      ManagedReplicaPrx.uncheckedCast(replica.ice_invocationTimeout(INSIST_TIMEOUT_MILLIS))
          .promoteAsync(epoch, true);
    }
  }

  private boolean execute(Runnable task) {
    try {
      thread.execute(() -> guarded(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      onBug.accept(e);
    }
  }

  /** Answers whoever waits, and ends. */
  void shutdown() {
    notMaster(STOPS);
    thread.shutdown();
  }
}
