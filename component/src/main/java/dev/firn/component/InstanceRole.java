package dev.firn.component;

import com.zeroc.Ice.Logger;
import dev.firn.failover.CampaignInput;
import dev.firn.failover.RoleAnswer;
import dev.firn.failover.RoleConfig;
import dev.firn.failover.RoleInput;
import dev.firn.failover.RoleMachine;
import dev.firn.failover.RoleOutput;
import dev.firn.failover.RoleRequestId;
import dev.firn.failover.RoleState;
import dev.firn.failover.RoleView;
import dev.firn.wire.StackTraces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The role of one instance: owns its {@link RoleMachine} on one thread, which never waits. What the
 * machine wants is performed by {@link RoleActions}.
 *
 * <p>A bug on that thread ends the role: the instance has failed, nobody is served, and whoever
 * waits or asks later is told so.
 */
final class InstanceRole {
  private final InstanceParts parts;
  private final RoleLog log;
  private final Logger logger;
  private final RoleMachine machine;
  private final RoleActions actions;
  private final ScheduledThreadPoolExecutor thread;
  private final long startNanos = System.nanoTime();
  private final AtomicLong requests = new AtomicLong();
  private final Map<RoleRequestId, CompletableFuture<RoleAnswer>> waiting =
      new ConcurrentHashMap<>();
  private final Optional<LeaseHost> leases;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicBoolean progressed = new AtomicBoolean();
  private volatile Seen seen;
  private @Nullable ScheduledFuture<?> wake;

  /** Why the role has ended before its time; of the thread. */
  private String failure = "";

  /**
   * @param thread owns the role; one
   */
  InstanceRole(InstanceParts parts, RoleConfig config, ScheduledThreadPoolExecutor thread) {
    this.parts = parts;
    this.logger = parts.logger();
    this.log = new RoleLog(parts.settings(), logger, parts.traced());
    this.thread = thread;
    this.machine = new RoleMachine(config, nowMillis());
    this.seen = new Seen(machine.view(), System.currentTimeMillis());
    this.actions = new RoleActions(this, parts, log);
    this.leases =
        parts.settings().managed() ? Optional.of(parts.leases(new LeaseRole())) : Optional.empty();
  }

  /**
   * What others see of the role, all at one time.
   *
   * @param sinceWallMillis when the state changed last, milliseconds since 1970
   */
  record Seen(RoleView view, long sinceWallMillis) {}

  private final class LeaseRole implements LeaseHost.Role {
    @Override
    public long nowMillis() {
      return InstanceRole.this.nowMillis();
    }

    @Override
    public void execute(Runnable task) {
      InstanceRole.this.execute(
          () -> {
            if (failure.isEmpty()) {
              task.run();
              arm();
            }
          });
    }

    @Override
    public void give(RoleInput input) {
      step(input);
    }
  }

  /** Monotonic; that of {@link #view}. */
  long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  Seen seen() {
    return seen;
  }

  RoleView view() {
    return seen.view();
  }

  /** Completes when the role has ended, after {@link RoleInput.Stop} or with a bug. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Asks for something and completes with the answer. Any thread. */
  CompletionStage<RoleAnswer> ask(Function<RoleRequestId, RoleInput> request) {
    RoleRequestId id = new RoleRequestId(requests.incrementAndGet());
    CompletableFuture<RoleAnswer> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    boolean taken =
        execute(
            () -> {
              if (failure.isEmpty()) {
                step(request.apply(id));
              } else {
                reply(id, new RoleAnswer.Failed(failure));
              }
            });
    if (!taken) {
      reply(id, new RoleAnswer.Failed("the instance has ended"));
    }
    return answer;
  }

  /** Any thread. */
  void tell(RoleInput input) {
    execute(() -> step(input));
  }

  void replicatorFound() {
    execute(
        () -> {
          actions.replicatorIsFound(true);
          step(new RoleInput.ReplicatorFound());
        });
  }

  void replicatorLost(String reason) {
    execute(
        () -> {
          actions.replicatorIsFound(false);
          step(new RoleInput.ReplicatorLost(reason));
        });
  }

  /** The state has come further; how far is asked for on the role's thread, once for many. */
  void progressed() {
    if (!progressed.compareAndSet(false, true)) {
      return;
    }
    execute(
        () -> {
          progressed.set(false);
          StreamProgress now = parts.progress();
          if (now.epoch() > view().knownEpoch()) {
            step(new RoleInput.Followed(now.epoch()));
          }
          step(
              now.isSynchronized()
                  ? new RoleInput.Synchronized(now.appliedSeq())
                  : new RoleInput.Progress(now.appliedSeq(), now.headSeq()));
        });
  }

  /** The stream has refused what was published. */
  void stale(long epoch, long current) {
    execute(() -> step(new RoleInput.StaleWriter(epoch, current)));
  }

  /** A part that the role relies on has ended with a bug. Any thread. */
  void broken(String part, Throwable bug) {
    execute(() -> fail(part, bug));
  }

  /** Whether the thread takes it; it does until the instance has ended. */
  private boolean execute(Runnable task) {
    try {
      thread.execute(() -> guarded(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Everything that the thread does: with a role that is in doubt the instance must not serve. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      fail("its role", e);
    }
  }

  private void fail(String part, Throwable bug) {
    if (!failure.isEmpty()) {
      return;
    }
    failure = "restart the instance; a bug has ended " + part + ": " + bug;
    seen = new Seen(view().failed(failure), System.currentTimeMillis());
    parts.stopServing();
    try {
      logger.error(
          "component "
              + parts.settings().name()
              + ": bug in "
              + part
              + ":\n"
              + StackTraces.of(bug));
    } finally {
      List.copyOf(waiting.keySet()).forEach(id -> reply(id, new RoleAnswer.Failed(failure)));
      ended.complete(null);
    }
  }

  /** On the thread. */
  private void step(RoleInput input) {
    if (!failure.isEmpty()) {
      return;
    }
    log.input(input);
    List<RoleOutput> outputs = machine.step(nowMillis(), input);
    RoleView last = view();
    RoleView next = machine.view();
    if (next.isActive() && !last.isActive()) {
      // Before anybody can see it: a request is noted with the activation in which it came.
      parts.gate().activated();
    }
    seen =
        new Seen(
            next,
            next.state() == last.state() ? seen.sinceWallMillis() : System.currentTimeMillis());
    for (RoleOutput output : outputs) {
      log.output(output);
      output.perform(actions);
    }
    parts.gate().stepped();
    if (next.state() != last.state() || next.ready() != last.ready()) {
      campaign(new CampaignInput.Changed());
    }
    arm();
  }

  /** On the thread: something for the campaign, if there is one. */
  void campaign(CampaignInput input) {
    leases.ifPresent(host -> host.step(input));
  }

  private void arm() {
    long at =
        Math.min(
            machine.wakeAtMillis().orElse(Long.MAX_VALUE),
            ended.isDone() ? Long.MAX_VALUE : leaseWakeAtMillis());
    ScheduledFuture<?> last = wake;
    if (last != null) {
      last.cancel(false);
    }
    wake =
        at != Long.MAX_VALUE && failure.isEmpty() && !thread.isShutdown()
            ? thread.schedule(
                () -> guarded(this::tick), Math.max(0, at - nowMillis()), TimeUnit.MILLISECONDS)
            : null;
  }

  private long leaseWakeAtMillis() {
    return leases.map(host -> host.wakeAtMillis().orElse(Long.MAX_VALUE)).orElse(Long.MAX_VALUE);
  }

  private void tick() {
    if (!failure.isEmpty()) {
      return;
    }
    if (leaseWakeAtMillis() <= nowMillis()) {
      campaign(new CampaignInput.Tick());
    }
    step(new RoleInput.Tick());
  }

  /** Whoever waits does something with the answer, which is not for the thread. */
  void reply(RoleRequestId request, RoleAnswer answer) {
    CompletableFuture<RoleAnswer> future = waiting.remove(request);
    if (future != null) {
      future.completeAsync(() -> answer, parts.executor());
    }
  }

  /** On the thread. */
  void changed(RoleState from, RoleState to, String reason) {
    log.changed(from, to, reason, view(), parts.progress());
  }

  /** On the thread: all is done. */
  void end() {
    ended.complete(null);
  }
}
