package dev.firn.server;

import dev.firn.model.InternalServerDescriptor;
import dev.firn.server.ServerOutput.Severity;
import dev.firn.server.ServerTimers.Timer;

/**
 * How a process is made to end: it is asked to, by its process proxy or with a signal, and killed
 * if that fails or takes longer than it may.
 */
final class ProcessEnding {
  private final Life life;
  private final Outputs out;

  /** What the process may take that was asked last. */
  private int timeoutSeconds;

  ProcessEnding(Life life) {
    this.life = life;
    this.out = life.out;
  }

  /** Its time runs from now on. */
  void begin(InternalServerDescriptor running) {
    timeoutSeconds = life.config.timeoutSeconds(running.deactivationTimeout());
    life.timers.set(Timer.DEACTIVATION, life.nowMillis() + 1000L * timeoutSeconds);
  }

  void ask(ProcessRun run) {
    if (run.process.isNull()) {
      out.report(
          Severity.ACTIVATOR_2, "no process proxy, deactivating `" + life.id + "' using signal");
      out.add(new ServerOutput.Terminate(run.number));
    } else {
      out.report(Severity.ACTIVATOR_2, "deactivating `" + life.id + "' using process proxy");
      out.add(new ServerOutput.ShutDown(run.number, run.process));
    }
  }

  void shutdownFailed(long run, String reason) {
    if (life.state().isStopping()) {
      out.report(
          Severity.WARNING,
          "exception occurred while deactivating `"
              + life.id
              + "' using process proxy:\n"
              + reason);
      out.add(new ServerOutput.Terminate(run));
    }
  }

  void signalFailed(long run, String reason) {
    if (life.state().isStopping()) {
      out.report(
          Severity.WARNING,
          "graceful server shutdown failed, killing server `" + life.id + "':\n" + reason);
      kill(run);
    }
  }

  /** The deactivation time-out. */
  void timedOut(long run) {
    if (life.state().isStopping()) {
      out.report(
          Severity.WARNING,
          "server `" + life.id + "' did not stop in " + timeoutSeconds + " seconds, killed");
      kill(run);
    }
  }

  void kill(long run) {
    life.timers.cancel(Timer.DEACTIVATION);
    life.timers.set(Timer.KILL, life.nowMillis() + life.config.killWaitMillis());
    out.add(new ServerOutput.Kill(run));
  }

  void killFailed(String reason) {
    out.report(Severity.WARNING, "deactivation failed for server `" + life.id + "':\n" + reason);
  }
}
