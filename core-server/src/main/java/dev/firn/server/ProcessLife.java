package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.server.ServerOutput.Severity;
import dev.firn.server.ServerTimers.Timer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The process of a server: how it is started, becomes complete, is stopped and ends. */
final class ProcessLife {
  private static final String NODE_ENDS = "The node is being shutdown.";
  private static final String TIMED_OUT = "The server activation timed out.";
  private static final String BEING_DEACTIVATED = "The server is being deactivated.";

  private final Life life;
  private final Outputs out;
  private final Restarts restarts;
  private final ProcessEnding ending;

  private Pending.@Nullable Start start;
  private Pending.@Nullable Stop stop;

  /** The last one, also after its end. */
  private ProcessRun run = ProcessRun.none();

  private boolean replicationKnown;

  ProcessLife(Life life, RestartBackOff backOff) {
    this.life = life;
    this.out = life.out;
    restarts = new Restarts(life, backOff, this::requestStart);
    ending = new ProcessEnding(life);
  }

  /** When the server is started by itself. */
  Restarts restarts() {
    return restarts;
  }

  /** How a process is made to end. */
  ProcessEnding ending() {
    return ending;
  }

  EncodedProxy process() {
    return run.process;
  }

  long run() {
    return run.number;
  }

  /** What the process runs with; empty if there is none. */
  Optional<InternalServerDescriptor> running() {
    return run.descriptor;
  }

  void running(InternalServerDescriptor descriptor) {
    run.descriptor = Optional.of(descriptor);
  }

  boolean isStopPending() {
    return stop != null;
  }

  // Start.

  /**
   * Wants the server to run.
   *
   * @return why it may not
   */
  Optional<String> requestStart(StartKind kind) {
    life.enablement.endFailure(life.nowMillis(), kind == StartKind.MANUAL);
    life.publish();
    if (kind == StartKind.ALWAYS && !life.enablement.is(ActivationMode.ALWAYS)) {
      return Optional.empty();
    }
    Optional<String> refusal = startRefusal(kind);
    if (refusal.isPresent()) {
      return kind == StartKind.ALWAYS && life.is(LifeState.ACTIVE) ? Optional.empty() : refusal;
    }
    life.timers.cancel(Timer.RESTART);
    if (kind == StartKind.MANUAL) {
      restarts.forgetFailures();
    }
    if (start == null) {
      start = new Pending.Start();
    }
    return Optional.empty();
  }

  private Optional<String> startRefusal(StartKind kind) {
    if (life.loaded().isEmpty()) {
      return Optional.of(Enablement.DISABLED);
    }
    Optional<String> refusal = life.enablement.refusal(kind, life.allocated());
    if (refusal.isPresent()) {
      return refusal;
    }
    return switch (life.state()) {
      case ACTIVATION_TIMEOUT -> Optional.of(TIMED_OUT);
      case ACTIVE -> Optional.of("The server is already active.");
      case DESTROYING, DESTROYED -> Optional.of(FilesLife.BEING_DESTROYED);
      default -> life.nodeEnds() ? Optional.of(NODE_ENDS) : Optional.empty();
    };
  }

  void start(CallerId caller) {
    if (life.is(LifeState.DESTROYED)) {
      out.answer(caller, new ServerAnswer.Gone());
      return;
    }
    Optional<String> refusal = requestStart(StartKind.MANUAL);
    if (refusal.isPresent()) {
      out.answer(caller, new ServerAnswer.StartRefused(refusal.get()));
    } else if (start != null) {
      start.callers.add(caller);
    }
  }

  /** Starts what is to be started; called while the server is inactive. */
  boolean startNext() {
    if (start == null) {
      return false;
    }
    if (life.nodeEnds()) {
      failStart(NODE_ENDS);
      life.adapters.giveUpAll(NODE_ENDS);
      return true;
    }
    InternalServerDescriptor descriptor = life.loaded().orElseThrow();
    run = run.next(descriptor, EncodedProxy.NULL);
    life.enter(LifeState.ACTIVATING);
    if (replicationKnown) {
      launch(descriptor);
    } else {
      long wait =
          Math.min(1000L * activationTimeout(descriptor), life.config.replicationWaitMaxMillis());
      life.timers.set(Timer.REPLICATION, life.nowMillis() + wait);
      out.add(
          new ServerOutput.AwaitReplication(run.number, descriptor.uuid(), descriptor.revision()));
    }
    return true;
  }

  /** All registries know what is to be started, or that was waited for long enough. */
  void replicationKnown() {
    if (life.is(LifeState.ACTIVATING) && !run.launching) {
      replicationKnown = true;
      life.timers.cancel(Timer.REPLICATION);
      launch(life.loaded().orElseThrow());
    }
  }

  /** The next start is the first one with this descriptor. */
  void descriptorChanged() {
    replicationKnown = false;
    restarts.forgetFailures();
  }

  private void launch(InternalServerDescriptor descriptor) {
    // What allowed it when it was asked for may be over.
    Optional<String> refusal = life.enablement.refusal(StartKind.MANUAL, life.allocated());
    if (refusal.isPresent()) {
      abandonStart(refusal.get());
      return;
    }
    run.launching = true;
    life.adapters.starting();
    life.timers.set(Timer.ACTIVATION, life.nowMillis() + 1000L * activationTimeout(descriptor));
    out.add(new ServerOutput.Launch(run.number, descriptor));
  }

  void launched(int pid) {
    if (!life.is(LifeState.ACTIVATING)) {
      return;
    }
    life.pid(pid);
    life.enter(LifeState.WAIT_FOR_ACTIVATION);
    if (run.earlyExit.isPresent()) {
      end(run.earlyExit.get());
      return;
    }
    checkActive();
    if (life.is(LifeState.WAIT_FOR_ACTIVATION) && run.timedOut) {
      timeOut();
    }
    if (run.goesByItself && stop == null) {
      stop = new Pending.Stop(true);
    }
  }

  void launchFailed(String reason) {
    if (!life.is(LifeState.ACTIVATING)) {
      return;
    }
    out.report(Severity.WARNING, "server activation failed for `" + life.id + "':\n" + reason);
    life.enablement.failed(life.nowMillis());
    restarts.failed(0, reason);
    abandonStart(reason);
  }

  /** No process came of it. */
  private void abandonStart(String reason) {
    life.adapters.giveUpAll(reason);
    deactivating(reason);
    inactive(reason);
  }

  /** Active, if everything is there that makes the server complete. */
  void checkActive() {
    boolean waiting =
        life.is(LifeState.WAIT_FOR_ACTIVATION) || life.is(LifeState.ACTIVATION_TIMEOUT);
    if (!waiting || run.lacksProcess() || !life.adapters.complete()) {
      return;
    }
    life.timers.cancel(Timer.ACTIVATION);
    life.enter(LifeState.ACTIVE);
    run.activeSinceMillis = OptionalLong.of(life.nowMillis());
    if (start != null) {
      out.answerAll(start.callers, new ServerAnswer.Done());
      start = null;
    }
    life.adapters.completed();
  }

  /** The activation time-out. */
  void activationTimedOut() {
    if (life.is(LifeState.WAIT_FOR_ACTIVATION)) {
      timeOut();
    } else if (life.is(LifeState.ACTIVATING)) {
      // Nobody waits any longer; what comes of the process is seen when there is one.
      run.timedOut = true;
      failStart(TIMED_OUT);
      life.adapters.giveUpAll("server activation timed out");
    }
  }

  private void timeOut() {
    life.timers.cancel(Timer.ACTIVATION);
    out.report(Severity.SERVER_2, "server `" + life.id + "' activation timed out");
    life.enter(LifeState.ACTIVATION_TIMEOUT);
    failStart(TIMED_OUT);
    life.adapters.giveUpAll("server activation timed out");
  }

  void failStart(String reason) {
    if (start != null) {
      out.answerAll(start.callers, new ServerAnswer.StartRefused(reason));
      start = null;
    }
  }

  void setProcess(EncodedProxy proxy) {
    run.process = proxy;
    if (life.is(LifeState.DEACTIVATING_WAIT_FOR_PROCESS) && !proxy.isNull()) {
      life.enter(LifeState.DEACTIVATING);
      ending.ask(run);
    } else {
      checkActive();
    }
  }

  // Stop.

  void stop(CallerId caller) {
    if (life.is(LifeState.DESTROYED)) {
      out.answer(caller, new ServerAnswer.Gone());
    } else if (!life.state().isRunning()) {
      out.answer(caller, new ServerAnswer.StopRefused("The server is already inactive."));
    } else {
      queueStop().callers.add(caller);
    }
  }

  /** The server has to stop; who stops it by itself need not be told. */
  Pending.Stop queueStop() {
    if (stop == null) {
      stop = new Pending.Stop(false);
      stop.begun = life.state().isStopping();
    }
    return stop;
  }

  /** A server-lifetime adapter is gone: the server is shutting itself down. */
  void goesByItself() {
    run.goesByItself = true;
    if ((life.is(LifeState.WAIT_FOR_ACTIVATION) || life.is(LifeState.ACTIVE)) && stop == null) {
      stop = new Pending.Stop(true);
    }
  }

  /** Carries out a pending stop. */
  boolean stopNext() {
    if (stop == null || stop.begun) {
      return false;
    }
    if (life.is(LifeState.ACTIVATING) && !run.launching) {
      abandonStart(BEING_DEACTIVATED);
      return true;
    }
    if (!life.state().canStop()) {
      return false;
    }
    stop.begun = true;
    ending.begin(run.descriptor.or(life::loaded).orElseThrow());
    deactivating(BEING_DEACTIVATED);
    if (stop.bySelf) {
      return true;
    }
    if (run.lacksProcess()) {
      life.enter(LifeState.DEACTIVATING_WAIT_FOR_PROCESS);
    } else {
      ending.ask(run);
    }
    return true;
  }

  /** A killed process is still there: nobody waits for it any longer, and it is killed again. */
  void stillThere(String reason) {
    failStart(reason);
    life.adapters.giveUpAll(reason);
    if (stop != null) {
      out.answerAll(stop.callers, new ServerAnswer.StopRefused(reason));
    }
    ending.kill(run.number);
  }

  // End.

  void exited(ProcessExit exit) {
    if (life.is(LifeState.ACTIVATING)) {
      run.earlyExit = Optional.of(exit);
    } else if (life.state().isRunning()) {
      end(exit);
    }
  }

  private void end(ProcessExit exit) {
    out.report(
        Severity.ACTIVATOR_1, "detected termination of server `" + life.id + "'" + exit.traced());
    life.pid(0);
    if (exit.isFailure()) {
      life.enablement.failed(life.nowMillis());
    }
    boolean wanted = stop != null && stop.begun && !stop.bySelf;
    if (wanted) {
      restarts.forgetFailures();
    } else {
      restarts.failed(run.activeMillis(life.nowMillis()), exit.reason());
    }
    if (!life.state().isStopping()) {
      deactivating(exit.reason());
    }
    inactive("");
  }

  private void deactivating(String reason) {
    life.timers.cancel(Timer.REPLICATION);
    life.timers.cancel(Timer.ACTIVATION);
    life.timers.cancel(Timer.UPDATE);
    life.enter(LifeState.DEACTIVATING, reason);
    failStart(reason);
  }

  private void inactive(String reason) {
    run.descriptor = Optional.empty();
    life.timers.cancel(Timer.DEACTIVATION);
    life.timers.cancel(Timer.KILL);
    life.adapters.exited();
    life.enter(LifeState.INACTIVE, reason);
    if (stop != null) {
      out.answerAll(stop.callers, new ServerAnswer.Done());
      stop = null;
    }
    restarts.schedule();
  }

  // Others.

  /** The node ends: the process has to, too. */
  void endNode() {
    life.timers.cancel(Timer.RESTART);
    if (life.state().isRunning()) {
      queueStop();
    }
  }

  /** Takes over a process that was started by an earlier run of the node. */
  void adopt(RememberedRun remembered, LifeState state, int pid) {
    run = run.next(remembered.descriptor(), remembered.process());
    life.pid(pid);
    run.launching = true;
    replicationKnown = true;
    if (state == LifeState.ACTIVE) {
      run.activeSinceMillis = OptionalLong.of(life.nowMillis());
    }
    life.adopt(state);
    if (state == LifeState.DEACTIVATING) {
      stop = new Pending.Stop(false);
      stop.begun = true;
      ending.begin(remembered.descriptor());
      ending.ask(run);
    } else if (state == LifeState.WAIT_FOR_ACTIVATION) {
      life.timers.set(
          Timer.ACTIVATION, life.nowMillis() + 1000L * activationTimeout(remembered.descriptor()));
      checkActive();
    }
  }

  private int activationTimeout(InternalServerDescriptor server) {
    return life.config.timeoutSeconds(server.activationTimeout());
  }
}
