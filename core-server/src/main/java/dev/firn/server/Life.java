package dev.firn.server;

import dev.firn.model.InternalServerDescriptor;
import dev.firn.server.ServerOutput.Severity;
import java.util.Optional;

/** What all parts of a server's machine share: its state, its descriptor, and who is told of it. */
final class Life {
  final String id;
  final ServerConfig config;
  final Outputs out = new Outputs();
  final ServerTimers timers = new ServerTimers();
  final Enablement enablement;
  final Adapters adapters;

  private LifeState state = LifeState.INACTIVE;
  private Optional<InternalServerDescriptor> loaded = Optional.empty();
  private int pid;
  private long nowMillis;
  private boolean nodeEnds;
  private ServerStatus published;

  /** Whether registries have heard of the server at all. */
  private boolean told;

  Life(String id, ServerConfig config) {
    this.id = id;
    this.config = config;
    enablement = new Enablement(config);
    adapters = new Adapters(id, out);
    published = new ServerStatus(id, ServerState.INACTIVE, 0, true);
  }

  LifeState state() {
    return state;
  }

  boolean is(LifeState wanted) {
    return state == wanted;
  }

  long nowMillis() {
    return nowMillis;
  }

  void now(long millis) {
    nowMillis = millis;
  }

  int pid() {
    return pid;
  }

  void pid(int newPid) {
    pid = newPid;
  }

  boolean nodeEnds() {
    return nodeEnds;
  }

  void endNode() {
    nodeEnds = true;
  }

  /** What the server's files were written from; empty if it never was loaded. */
  Optional<InternalServerDescriptor> loaded() {
    return loaded;
  }

  void loaded(InternalServerDescriptor descriptor) {
    loaded = Optional.of(descriptor);
  }

  /** The files are not those of any descriptor. */
  void notLoaded() {
    loaded = Optional.empty();
  }

  boolean allocated() {
    return loaded.filter(server -> !server.sessionId().isEmpty()).isPresent();
  }

  /** Begins with a process that is running already. */
  void adopt(LifeState running) {
    state = running;
    told = true;
    published = status();
    out.add(new ServerOutput.ServerChanged(published));
  }

  void enter(LifeState next) {
    enter(next, "");
  }

  /**
   * Changes the state.
   *
   * @param reason for the log, may be empty
   * @throws IllegalStateException if there is no such transition: a bug
   */
  void enter(LifeState next, String reason) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException("server " + id + ": no transition " + state + " -> " + next);
    }
    boolean afterFiles = state == LifeState.LOADING || state == LifeState.PATCHING;
    state = next;
    timers.cancel(ServerTimers.Timer.RESTART);
    out.report(
        next.traceLevel() > 2 || afterFiles ? Severity.SERVER_3 : Severity.SERVER_2,
        "changed server `"
            + id
            + "' state to `"
            + next.label()
            + "'"
            + (reason.isEmpty() ? "" : "\nreason = " + reason));
    publish();
  }

  /** Tells registries if anything is different for them. */
  void publish() {
    ServerStatus now = status();
    boolean changed = now.state() != published.state() || now.enabled() != published.enabled();
    // A process that never came to life is not seen to go.
    boolean seen =
        now.state() != ServerState.DEACTIVATING || published.state() != ServerState.INACTIVE;
    if ((loaded.isPresent() || told) && changed && seen) {
      told = true;
      published = now;
      out.add(new ServerOutput.ServerChanged(now));
    }
  }

  ServerStatus status() {
    return new ServerStatus(id, state.visible(), pid, enablement.isEnabled());
  }
}
