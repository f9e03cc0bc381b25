package dev.firn.server;

import dev.firn.server.ServerOutput.Severity;
import dev.firn.server.ServerTimers.Timer;
import java.util.Optional;
import java.util.function.Function;

/** When a server starts by itself: always, or once it has been disabled for long enough. */
final class Restarts {
  private final Life life;
  private final Outputs out;
  private final RestartBackOff backOff;
  private final Function<StartKind, Optional<String>> start;

  /**
   * @param start wants the server to run, and says why it may not
   */
  Restarts(Life life, RestartBackOff backOff, Function<StartKind, Optional<String>> start) {
    this.life = life;
    this.out = life.out;
    this.backOff = backOff;
    this.start = start;
  }

  /**
   * A run has ended that nobody had ended, or did not begin.
   *
   * @param activeMillis how long the server was active, 0 if it never was
   */
  void failed(long activeMillis, String reason) {
    backOff.failed(activeMillis, reason);
  }

  /** Somebody has looked after the server. */
  void forgetFailures() {
    backOff.clear();
  }

  /** The server is inactive now: when it is to be started by itself, if ever. */
  void schedule() {
    if (life.nodeEnds() || life.loaded().isEmpty()) {
      return;
    }
    if (life.enablement.is(ActivationMode.ALWAYS)) {
      long delay = backOff.delayMillis();
      life.timers.set(Timer.RESTART, life.nowMillis() + delay);
      if (backOff.isPutOff()) {
        out.report(
            Severity.WARNING,
            "server `"
                + life.id
                + "' has failed "
                + backOff.failures()
                + " times in a row, it is started again in "
                + delay
                + " ms:\n"
                + backOff.lastFailure());
      }
    }
    life.enablement
        .enabledAgainMillis()
        .ifPresent(
            millis ->
                life.timers.set(
                    Timer.RESTART,
                    Math.max(millis, life.nowMillis()) + life.config.restartDelayMillis()));
  }

  /** It is time to start by itself. */
  void restart() {
    start
        .apply(StartKind.ALWAYS)
        .ifPresent(
            reason ->
                out.report(
                    Severity.ERROR,
                    "couldn't reactivate server `"
                        + life.id
                        + "' with `always' activation mode after failure:\n"
                        + reason));
  }

  void setEnabled(boolean enabled) {
    if (enabled && !life.enablement.isEnabled()) {
      life.enablement.enable();
      backOff.clear();
      if (life.enablement.is(ActivationMode.ALWAYS) && life.is(LifeState.INACTIVE)) {
        start
            .apply(StartKind.ALWAYS)
            .ifPresent(
                reason ->
                    out.report(
                        Severity.ERROR,
                        "couldn't reactivate server `"
                            + life.id
                            + "' with `always' activation mode:\n"
                            + reason));
      }
    } else if (enabled && backOff.isPutOff() && life.timers.isSet(Timer.RESTART)) {
      backOff.clear();
      restart();
    } else if (!enabled && !life.enablement.isDisabledByUser()) {
      life.enablement.disable();
      life.timers.cancel(Timer.RESTART);
    }
    life.publish();
  }

  /** Whether the next start is put off because of failures, so that clients cannot have it. */
  boolean isPutOff() {
    return life.timers.isSet(Timer.RESTART) && backOff.isPutOff();
  }
}
