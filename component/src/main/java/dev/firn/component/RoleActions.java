package dev.firn.component;

import dev.firn.failover.CampaignInput;
import dev.firn.failover.RoleAnswer;
import dev.firn.failover.RoleHook;
import dev.firn.failover.RoleHost;
import dev.firn.failover.RoleInput;
import dev.firn.failover.RoleOutput;
import dev.firn.failover.RoleRequestId;
import dev.firn.failover.RoleState;
import dev.firn.wire.Async;
import dev.firn.wire.StackTraces;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Performs what the machine of a role wants, with the parts of the instance; called on the role's
 * thread. What takes time goes on elsewhere, and comes back as an input.
 */
final class RoleActions implements RoleHost {
  /** How long an adapter may close in order, then its connections are cut. */
  private static final long CLOSE_MILLIS = 1_000;

  private final InstanceRole role;
  private final InstanceParts parts;
  private final RoleLog log;
  private boolean replicatorFound;

  RoleActions(InstanceRole role, InstanceParts parts, RoleLog log) {
    this.role = role;
    this.parts = parts;
    this.log = log;
  }

  void replicatorIsFound(boolean found) {
    replicatorFound = found;
  }

  /** The outcome of what takes time becomes an input. */
  private <T> void answer(
      CompletionStage<T> stage, BiFunction<T, @Nullable Throwable, RoleInput> input) {
    stage.whenComplete(
        (result, failure) ->
            role.tell(input.apply(result, failure == null ? null : Async.cause(failure))));
  }

  @Override
  public void registerBackplane() {
    answer(parts.registerBackplane(), (done, failure) -> new RoleInput.BackplaneRegistered());
  }

  @Override
  public void findReplicator() {
    if (replicatorFound) {
      role.tell(new RoleInput.ReplicatorFound());
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
    answerClaim(run, parts.epochs().claim(epoch, role.view().knownEpoch()));
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
          return new RoleInput.ClaimFailed(run, FailureText.of(failure));
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
          parts
              .logger()
              .warning(
                  "component "
                      + parts.settings().name()
                      + ": hook "
                      + hook
                      + " failed:\n"
                      + StackTraces.of(failure));
          return new RoleInput.HookFailed(run, FailureText.of(failure));
        });
  }

  @Override
  public void openAdapter(long run) {
    answer(
        CompletableFuture.runAsync(parts.adapter()::open, parts.executor()),
        (done, failure) ->
            failure == null
                ? new RoleInput.AdapterOpened(run)
                : new RoleInput.AdapterFailed(run, FailureText.of(failure)));
  }

  @Override
  public void holdAdapter(long run) {
    // What was bound early has sockets that stay open: there it is the gate that takes nothing new.
    answer(
        CompletableFuture.runAsync(parts.adapter()::hold, parts.executor())
            .thenCompose(held -> parts.gate().idle()),
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
            parts
                .logger()
                .warning(
                    "component "
                        + parts.settings().name()
                        + ": requests on its Service adapter do not end: "
                        + FailureText.of(failure));
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
                role.tell(new RoleInput.Registered(run));
              }

              @Override
              public void failed(String reason) {
                role.tell(new RoleInput.RegisterFailed(run, reason));
              }

              @Override
              public void refused(long currentEpoch) {
                role.tell(new RoleInput.RegisterRefused(run, currentEpoch));
              }
            });
  }

  @Override
  public void unregister(long run) {
    answer(parts.registrar().unregister(), (done, failure) -> new RoleInput.Unregistered(run));
  }

  @Override
  public void startPublishing(long epoch, boolean wholeState) {
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
                : new RoleInput.FlushFailed(run, FailureText.of(failure)));
  }

  @Override
  public void stopPublishing() {
    parts.hooks().readOnly();
    parts.publisher().close();
    parts.stream().ifPresent(StreamClient::stopPublishing);
  }

  @Override
  public void releaseLease(long epoch, boolean leave) {
    role.campaign(new CampaignInput.Release(epoch, leave));
  }

  @Override
  public void notifyListeners(boolean active) {
    parts.notifyListeners(active);
  }

  @Override
  public void reply(RoleRequestId request, RoleAnswer answer) {
    role.reply(request, answer);
  }

  @Override
  public void stateChanged(RoleState from, RoleState to, String reason) {
    role.changed(from, to, reason);
  }

  @Override
  public void report(RoleOutput.Severity severity, String text) {
    log.report(severity, text);
  }

  @Override
  public void end() {
    role.end();
  }
}
