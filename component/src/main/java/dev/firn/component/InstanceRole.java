package dev.firn.component;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import dev.firn.failover.CampaignInput;
import dev.firn.failover.RoleAnswer;
import dev.firn.failover.RoleConfig;
import dev.firn.failover.RoleHook;
import dev.firn.failover.RoleHost;
import dev.firn.failover.RoleInput;
import dev.firn.failover.RoleMachine;
import dev.firn.failover.RoleOutput;
import dev.firn.failover.RoleRequestId;
import dev.firn.failover.RoleState;
import dev.firn.failover.RoleView;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.StackTraces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The role of one instance: owns its {@link RoleMachine} on one thread, which never waits, and
 * performs what the machine wants. The methods of {@link RoleHost} are called on that thread.
 */
final class InstanceRole implements RoleHost {
  /** How long an adapter may close in order, then its connections are cut. */
  private static final long CLOSE_MILLIS = 1_000;

  private final InstanceParts parts;
  private final RoleLog log;
  private final Logger logger;
  private final RoleMachine machine;
  private final ScheduledThreadPoolExecutor thread;
  private final long startNanos = System.nanoTime();
  private final AtomicLong requests = new AtomicLong();
  private final Map<RoleRequestId, CompletableFuture<RoleAnswer>> waiting =
      new ConcurrentHashMap<>();
  private final Optional<LeaseHost> leases;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicBoolean progressed = new AtomicBoolean();
  private volatile RoleView view;
  private volatile long sinceWallMillis = System.currentTimeMillis();
  private @Nullable ScheduledFuture<?> wake;
  private boolean replicatorFound;
  private long publishing;

  /**
   * @param thread owns the role; one
   */
  InstanceRole(InstanceParts parts, RoleConfig config, ScheduledThreadPoolExecutor thread) {
    this.parts = parts;
    this.logger = parts.logger();
    this.log = new RoleLog(parts.settings(), logger, parts.traced());
    this.thread = thread;
    this.machine = new RoleMachine(config, nowMillis());
    this.view = machine.view();
    this.leases =
        parts.settings().managed() ? Optional.of(parts.leases(new LeaseRole())) : Optional.empty();
  }

  private final class LeaseRole implements LeaseHost.Role {
    @Override
    public long nowMillis() {
      return InstanceRole.this.nowMillis();
    }

    @Override
    public void execute(Runnable task) {
      InstanceRole.this.execute(
          () -> {
            task.run();
            arm();
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

  RoleView view() {
    return view;
  }

  /** When the state changed last, milliseconds since 1970. */
  long sinceWallMillis() {
    return sinceWallMillis;
  }

  /** Completes when the role has ended after {@link RoleInput.Stop}. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Asks for something and completes with the answer. Any thread. */
  CompletionStage<RoleAnswer> ask(Function<RoleRequestId, RoleInput> request) {
    RoleRequestId id = new RoleRequestId(requests.incrementAndGet());
    CompletableFuture<RoleAnswer> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    tell(request.apply(id));
    return answer;
  }

  /** Any thread. */
  void tell(RoleInput input) {
    try {
      thread.execute(() -> step(input));
    } catch (RejectedExecutionException e) {
      // The instance has ended.
    }
  }

  void replicatorFound() {
    execute(
        () -> {
          replicatorFound = true;
          step(new RoleInput.ReplicatorFound());
        });
  }

  void replicatorLost(String reason) {
    execute(
        () -> {
          replicatorFound = false;
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
          step(
              now.isSynchronized()
                  ? new RoleInput.Synchronized(now.appliedSeq())
                  : new RoleInput.Progress(now.appliedSeq(), now.headSeq()));
        });
  }

  /** The stream has refused what was published. */
  void stale(long current) {
    execute(() -> step(new RoleInput.StaleWriter(publishing, current)));
  }

  private void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // The instance has ended.
    }
  }

  private void step(RoleInput input) {
    try {
      log.input(input);
      List<RoleOutput> outputs = machine.step(nowMillis(), input);
      RoleView last = view;
      RoleView next = machine.view();
      if (next.isActive() && !view.isActive()) {
        // Before anybody can see it: a request is noted with the activation in which it came.
        parts.gate().activated();
      }
      view = next;
      for (RoleOutput output : outputs) {
        log.output(output);
        output.perform(this);
      }
      parts.gate().stepped();
      if (next.state() != last.state() || next.ready() != last.ready()) {
        leases.ifPresent(host -> host.step(new CampaignInput.Changed()));
      }
      arm();
    } catch (RuntimeException e) {
      // With a role that is in doubt the instance must not serve.
      logger.error(
          "component " + parts.settings().name() + ": bug in its role:\n" + StackTraces.of(e));
      parts.failed();
    }
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
        at != Long.MAX_VALUE && !thread.isShutdown()
            ? thread.schedule(this::tick, Math.max(0, at - nowMillis()), TimeUnit.MILLISECONDS)
            : null;
  }

  private long leaseWakeAtMillis() {
    return leases.map(host -> host.wakeAtMillis().orElse(Long.MAX_VALUE)).orElse(Long.MAX_VALUE);
  }

  private void tick() {
    if (leaseWakeAtMillis() <= nowMillis()) {
      leases.ifPresent(host -> host.step(new CampaignInput.Tick()));
    }
    step(new RoleInput.Tick());
  }

  /** The outcome of what takes time becomes an input. */
  private <T> void answer(
      CompletionStage<T> stage, BiFunction<T, @Nullable Throwable, RoleInput> input) {
    stage.whenComplete(
        (result, failure) ->
            tell(input.apply(result, failure == null ? null : Async.cause(failure))));
  }

  @Override
  public void registerBackplane() {
    answer(parts.registerBackplane(), (done, failure) -> new RoleInput.BackplaneRegistered());
  }

  @Override
  public void findReplicator() {
    if (replicatorFound) {
      tell(new RoleInput.ReplicatorFound());
    }
  }

  @Override
  public void registerConfiguration() {
    answer(
        parts.registerConfiguration(), (done, failure) -> new RoleInput.ConfigurationRegistered());
  }

  @Override
  public void listen(boolean replaceAll) {
    parts.hooks().listening(true);
    parts.stream().ifPresent(stream -> stream.listen(parts.hooks()));
  }

  @Override
  public void stopListening() {
    parts.hooks().listening(false);
    parts.stream().ifPresent(StreamClient::stopListening);
  }

  @Override
  public void claim(long run, long epoch) {
    answerClaim(run, parts.epochs().claim(epoch, view.knownEpoch()));
  }

  @Override
  public void confirm(long run, long epoch) {
    answerClaim(run, parts.epochs().confirm(epoch));
  }

  private void answerClaim(long run, CompletionStage<ClaimedEpoch> claim) {
    answer(
        claim,
        (claimed, failure) -> {
          if (failure == null) {
            return new RoleInput.Claimed(run, claimed.epoch(), claimed.headSeq());
          } else if (failure instanceof StaleWriterException stale) {
            return new RoleInput.ClaimRefused(run, stale.current());
          }
          return new RoleInput.ClaimFailed(run, reason(failure));
        });
  }

  @Override
  public void callHook(long run, RoleHook hook, long epoch) {
    CompletionStage<Void> call;
    if (hook == RoleHook.ACTIVATE) {
      parts.publisher().prepare();
      call = parts.hooks().activate(parts.activation(epoch));
    } else {
      call = parts.hooks().standby();
    }
    answer(
        call,
        (done, failure) -> {
          if (failure == null) {
            return new RoleInput.HookDone(run);
          }
          logger.warning(
              "component "
                  + parts.settings().name()
                  + ": hook "
                  + hook
                  + " failed:\n"
                  + StackTraces.of(failure));
          return new RoleInput.HookFailed(run, reason(failure));
        });
  }

  @Override
  public void openAdapter(long run) {
    answer(
        CompletableFuture.runAsync(parts.adapter()::open, parts.executor()),
        (done, failure) ->
            failure == null
                ? new RoleInput.AdapterOpened(run)
                : new RoleInput.AdapterFailed(run, reason(failure)));
  }

  @Override
  public void holdAdapter(long run) {
    answer(
        CompletableFuture.runAsync(parts.adapter()::hold, parts.executor()),
        (done, failure) -> new RoleInput.Drained(run));
  }

  @Override
  public void closeAdapter(long run, boolean abrupt) {
    CompletableFuture<Void> close =
        CompletableFuture.runAsync(() -> parts.adapter().close(abrupt), parts.executor());
    // A request that never ends must not keep the address: its connection goes first, then we do
    // not wait for it.
    CompletableFuture<Void> limited =
        close
            .copy()
            .orTimeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS)
            .handle(
                (done, failure) -> {
                  if (failure instanceof TimeoutException) {
                    parts.adapter().abort();
                    return close.copy().orTimeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
                  }
                  return CompletableFuture.<Void>completedFuture(null);
                })
            .thenCompose(Function.identity());
    answer(
        limited,
        (done, failure) -> {
          if (failure != null) {
            logger.warning(
                "component "
                    + parts.settings().name()
                    + ": requests on its Service adapter do not end: "
                    + reason(failure));
          }
          return new RoleInput.AdapterClosed(run);
        });
  }

  @Override
  public void register(long run, long epoch) {
    parts
        .registrar()
        .register(
            epoch,
            parts.services().all(),
            new ServiceRegistrar.Outcome() {
              @Override
              public void registered() {
                tell(new RoleInput.Registered(run));
              }

              @Override
              public void failed(String reason) {
                tell(new RoleInput.RegisterFailed(run, reason));
              }

              @Override
              public void refused(long currentEpoch) {
                tell(new RoleInput.RegisterRefused(run, currentEpoch));
              }
            });
  }

  @Override
  public void unregister(long run) {
    answer(parts.registrar().unregister(), (done, failure) -> new RoleInput.Unregistered(run));
  }

  @Override
  public void startPublishing(long epoch, boolean wholeState) {
    publishing = epoch;
    if (parts.stream().isPresent()) {
      StreamClient stream = parts.stream().get();
      stream.startPublishing(epoch, wholeState);
      parts.publisher().open(stream.publisher());
    } else {
      parts.publisher().open(RolePublisher.NOWHERE);
    }
  }

  @Override
  public void flush(long run, long limitMillis) {
    answer(
        parts
            .publisher()
            .flush()
            .toCompletableFuture()
            .copy()
            .orTimeout(limitMillis, TimeUnit.MILLISECONDS),
        (seq, failure) ->
            failure == null
                ? new RoleInput.Flushed(run, seq)
                : new RoleInput.FlushFailed(run, reason(failure)));
  }

  @Override
  public void stopPublishing() {
    publishing = 0;
    parts.hooks().readOnly();
    parts.publisher().close();
    parts.stream().ifPresent(StreamClient::stopPublishing);
  }

  @Override
  public void releaseLease(long epoch, boolean leave) {
    leases.ifPresent(host -> host.step(new CampaignInput.Release(epoch, leave)));
  }

  @Override
  public void notifyListeners(boolean active) {
    parts.notifyListeners(active);
  }

  @Override
  public void reply(RoleRequestId request, RoleAnswer answer) {
    CompletableFuture<RoleAnswer> future = waiting.remove(request);
    if (future != null) {
      // Whoever waits does something with it, which is not for this thread.
      future.completeAsync(() -> answer, parts.executor());
    }
  }

  @Override
  public void stateChanged(RoleState from, RoleState to, String reason) {
    sinceWallMillis = System.currentTimeMillis();
    log.changed(from, to, reason, view, parts.progress());
  }

  @Override
  public void report(RoleOutput.Severity severity, String text) {
    log.report(severity, text);
  }

  @Override
  public void end() {
    ended.complete(null);
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? Async.cause(failure) : failure;
    if (cause instanceof LocalException || cause instanceof com.zeroc.Ice.UserException) {
      return Exceptions.text(cause).replace('\n', ' ');
    }
    return cause.toString();
  }
}
