package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.server.ServerOutput.Severity;
import dev.firn.server.ServerTimers.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The life of one server on its node, with its adapters. The states and their transitions are those
 * of {@link LifeState}.
 *
 * <p>At most one command of each kind is pending: a stop, a destroy, a load, a patch, a start; that
 * is also their order of precedence. Callers who want the same share one command and its answer.
 * Every caller is answered once, in bounded time.
 *
 * <p>One thread at a time uses it; {@link #view} is for any.
 */
public final class ServerMachine {
  private final Life life;
  private final RestartBackOff backOff;
  private final ProcessLife process;
  private final FilesLife files;
  private final List<CallerId> waitForEnd = new ArrayList<>();
  private @Nullable RememberedRun remembered;
  private volatile ServerView view;

  /**
   * @param stored which revision the server's files are of, empty if there are none
   */
  public ServerMachine(
      String id, Optional<ServerRevision> stored, ServerConfig config, RandomGenerator random) {
    life = new Life(id, config);
    backOff = new RestartBackOff(config, random);
    process = new ProcessLife(life, backOff);
    files = new FilesLife(life, process, stored);
    view = look();
  }

  /**
   * @param nowMillis the host's monotonic time
   * @return what is to be done, in this order
   */
  public List<ServerOutput> step(long nowMillis, ServerInput input) {
    life.now(nowMillis);
    input.apply(this);
    carryOn();
    remember();
    view = look();
    return life.out.take();
  }

  /** When a {@link ServerInput.Tick} is due; empty if not before something else happens. */
  public OptionalLong deadlineMillis() {
    return life.timers.next();
  }

  /** The server after the last step. Any thread. */
  public ServerView view() {
    return view;
  }

  /** Whether a run's input is about the current process. */
  boolean isCurrent(long run) {
    return run == process.run();
  }

  ProcessLife process() {
    return process;
  }

  FilesLife files() {
    return files;
  }

  void answer(CallerId caller, ServerAnswer answer) {
    life.out.answer(caller, answer);
  }

  /** Commands that can be carried out now, one after the other. */
  private void carryOn() {
    boolean again;
    do {
      again =
          files.earlyNext()
              || process.stopNext()
              || files.updateNext()
              || (life.is(LifeState.INACTIVE)
                  && (files.destroyNext()
                      || files.loadNext()
                      || files.patchNext()
                      || process.startNext()));
    } while (again);
    if (!life.state().isRunning()) {
      life.out.answerAll(waitForEnd, new ServerAnswer.Done());
    }
  }

  private void remember() {
    RememberedRun now = life.pid() == 0 ? null : process.running().map(this::running).orElse(null);
    if (now == null && remembered != null) {
      life.out.add(new ServerOutput.Forget());
    } else if (now != null && !now.equals(remembered)) {
      // Who has been told that it is registered does not register again with the next run.
      life.out.addFirst(new ServerOutput.Remember(now));
    }
    remembered = now;
  }

  private RememberedRun running(dev.firn.model.InternalServerDescriptor descriptor) {
    SortedMap<String, EncodedProxy> proxies = new TreeMap<>();
    for (AdapterLife adapter : life.adapters.all()) {
      if (adapter.hasProxy()) {
        proxies.put(adapter.id(), adapter.proxy());
      }
    }
    return new RememberedRun(
        descriptor, life.state().visible(), process.process(), proxies, files.isOutdated());
  }

  void tick() {
    for (Timer timer : life.timers.takeDue(life.nowMillis())) {
      switch (timer) {
        case REPLICATION -> process.replicationKnown();
        case ACTIVATION -> process.activationTimedOut();
        case DEACTIVATION -> process.ending().timedOut(process.run());
        case KILL -> stillThere();
        case RESTART -> process.restarts().restart();
        case UPDATE -> files.updateTimedOut();
        case EARLY -> files.earlyTimedOut();
      }
    }
  }

  private void stillThere() {
    String reason =
        "process "
            + life.pid()
            + " of server `"
            + life.id
            + "' was killed and is still there after "
            + life.config.killWaitMillis() / 1000
            + " seconds";
    life.out.report(Severity.ERROR, reason);
    process.stillThere(reason);
    files.giveUp(reason);
    life.out.answerAll(waitForEnd, new ServerAnswer.Done());
  }

  void setEnabled(CallerId caller, boolean enabled) {
    if (life.state().isGone()) {
      answer(caller, new ServerAnswer.Gone());
      return;
    }
    process.restarts().setEnabled(enabled);
    answer(caller, new ServerAnswer.Done());
  }

  void setProcess(CallerId caller, EncodedProxy proxy) {
    if (life.is(LifeState.DESTROYED)) {
      answer(caller, new ServerAnswer.Gone());
      return;
    }
    answer(caller, new ServerAnswer.Done());
    process.setProcess(proxy);
  }

  void nodeShutdown(CallerId caller) {
    life.endNode();
    waitForEnd.add(caller);
    process.endNode();
  }

  void adopted(RememberedRun run, int pid) {
    files.adopt(run);
    for (AdapterLife adapter : life.adapters.all()) {
      EncodedProxy proxy = run.adapters().getOrDefault(adapter.id(), EncodedProxy.NULL);
      adapter.activated(!proxy.isNull());
      life.adapters.change(adapter, proxy);
    }
    LifeState state =
        switch (run.state()) {
          case ACTIVE -> LifeState.ACTIVE;
          case ACTIVATION_TIMED_OUT -> LifeState.ACTIVATION_TIMEOUT;
          case DEACTIVATING -> LifeState.DEACTIVATING;
          default -> LifeState.WAIT_FOR_ACTIVATION;
        };
    process.adopt(run, state, pid);
  }

  // Adapters.

  void activate(CallerId caller, String adapterId) {
    AdapterLife adapter = life.adapters.find(adapterId).orElse(null);
    if (adapter == null || life.is(LifeState.DESTROYED)) {
      answer(caller, new ServerAnswer.Gone());
      return;
    }
    if (isVisible() && adapter.hasProxy()) {
      answer(caller, new ServerAnswer.Proxy(adapter.proxy()));
      return;
    }
    if (adapter.waiting().isEmpty() && !isActivatable(adapter)) {
      answer(caller, new ServerAnswer.Proxy(EncodedProxy.NULL));
      return;
    }
    adapter.waiting().add(caller);
    if (adapter.waiting().size() > 1) {
      return;
    }
    life.adapters.trace(Severity.ADAPTER_3, "waiting for activation of ", adapter, "");
    adapter.waitsForRestart(life.state().isStopping());
    process
        .requestStart(StartKind.ON_DEMAND)
        .ifPresent(reason -> life.adapters.giveUp(adapter, reason));
  }

  void setDirectProxy(CallerId caller, String adapterId, EncodedProxy proxy) {
    AdapterLife adapter = life.adapters.find(adapterId).orElse(null);
    if (adapter == null || life.state().isGone()) {
      answer(caller, new ServerAnswer.Gone());
      return;
    }
    if (!life.config.allowEndpointsOverride()
        && !proxy.isNull()
        && adapter.hasProxy()
        && life.is(LifeState.ACTIVE)) {
      answer(caller, new ServerAnswer.AdapterActive());
      return;
    }
    boolean wasActivated = adapter.activated();
    life.adapters.change(adapter, proxy);
    answer(caller, new ServerAnswer.Done());
    if (!(life.state().isStopping() && adapter.waitsForRestart())) {
      life.adapters.answer(adapter);
    }
    if (!proxy.isNull()) {
      if (life.state().isUp()) {
        adapter.activated(true);
        process.checkActive();
      }
    } else if (wasActivated && adapter.serverLifetime() && life.state().isUp()) {
      process.goesByItself();
    }
  }

  private boolean isVisible() {
    return !life.enablement.isDisabledByUser();
  }

  private boolean isActivatable(AdapterLife adapter) {
    if (life.loaded().isEmpty()
        || life.nodeEnds()
        || process.restarts().isPutOff()
        || !isVisible()
        || !life.enablement.allowsClients(life.allocated())) {
      return false;
    }
    return switch (life.state()) {
      case LOADING, PATCHING, INACTIVE, ACTIVATING, WAIT_FOR_ACTIVATION -> !adapter.activated();
      case DEACTIVATING, DEACTIVATING_WAIT_FOR_PROCESS -> true;
      case ACTIVATION_TIMEOUT, ACTIVE, DESTROYING, DESTROYED -> false;
    };
  }

  private ServerView look() {
    SortedMap<String, ServerView.AdapterView> adapters = new TreeMap<>();
    for (AdapterLife adapter : life.adapters.all()) {
      adapters.put(
          adapter.id(),
          new ServerView.AdapterView(
              isVisible() ? adapter.proxy() : EncodedProxy.NULL, isActivatable(adapter)));
    }
    return new ServerView(
        life.state(),
        life.status(),
        life.loaded(),
        process.process(),
        adapters,
        backOff.failures(),
        backOff.lastFailure(),
        life.timers.at(Timer.RESTART),
        files.isUnused() && !life.state().isRunning());
  }
}
