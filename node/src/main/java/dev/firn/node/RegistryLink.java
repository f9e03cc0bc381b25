package dev.firn.node;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.NodeActiveException;
import com.zeroc.IceGrid.NodeObserverPrx;
import com.zeroc.IceGrid.NodeSessionPrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import dev.firn.server.RegistrySession;
import dev.firn.server.RegistrySessionConfig;
import dev.firn.server.RegistrySessionInput;
import dev.firn.server.RegistrySessionInput.Failure;
import dev.firn.server.RegistrySessionOutput;
import dev.firn.wire.Exceptions;
import dev.firn.wire.OwnConnection;
import dev.firn.wire.StackTraces;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of this node to one registry: carries out what the {@link RegistrySession} decides.
 *
 * <p>Owned by the thread of {@link NodeSessions}; registering, which may block for long, has a
 * thread of its own and comes back as an input.
 */
final class RegistryLink {
  private static final String PREFIX = "InternalRegistry-";
  private static final int GOODBYE_TIMEOUT_MILLIS = 1_000;
  private static final RegistrySessionConfig TIMES = new RegistrySessionConfig(10_000, 1_000);

  /** A session that was granted. */
  record Session(
      InternalRegistryPrx registry, NodeSessionPrx proxy, @Nullable ObjectPrx observer) {}

  private final NodeSessions sessions;
  private final Identity id;
  private final RegistrySession machine;
  private final Map<Long, Session> granted = new HashMap<>();
  private final List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
  private @Nullable InternalRegistryPrx registry;
  private @Nullable Session session;
  private boolean introduced;
  private @Nullable ScheduledFuture<?> timer;

  RegistryLink(NodeSessions sessions, Identity id) {
    this.sessions = sessions;
    this.id = id;
    machine = new RegistrySession(TIMES, new Random(), NodeSessions.now());
  }

  /** The name of the replica. */
  String replica() {
    return id.name.startsWith(PREFIX) ? id.name.substring(PREFIX.length()) : id.name;
  }

  /** Whether there is a first session yet to come that this node is asking for right now. */
  boolean isIntroducing() {
    return !introduced && machine.state() == RegistrySession.State.CONNECTING;
  }

  boolean isConnected() {
    return machine.state() == RegistrySession.State.CONNECTED;
  }

  boolean isDisconnected() {
    return machine.state() == RegistrySession.State.DISCONNECTED;
  }

  @Nullable Session session() {
    return session;
  }

  /** Where the registry may be found. */
  void hint(InternalRegistryPrx proxy) {
    registry = proxy;
  }

  /**
   * A session is wanted now.
   *
   * @return ends with the attempt, or once an existing session has proved to live; at once after
   *     {@link #end}
   */
  CompletableFuture<Boolean> connect() {
    if (machine.state() == RegistrySession.State.ENDED) {
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    waiting.add(done);
    step(new RegistrySessionInput.ConnectWanted());
    return done;
  }

  /**
   * Ends the session, also one that was granted a moment ago.
   *
   * @return ends once the registry has been told, or did not answer
   */
  CompletableFuture<?> end() {
    CompletableFuture<?> told =
        CompletableFuture.allOf(
            granted.values().stream().map(this::goodbye).toArray(CompletableFuture[]::new));
    granted.clear();
    forget();
    step(new RegistrySessionInput.Ended());
    finish(false);
    return told;
  }

  private void step(RegistrySessionInput input) {
    List<RegistrySessionOutput> outputs = machine.step(NodeSessions.now(), input);
    sessions.introducing();
    outputs.forEach(this::perform);
    sessions.introducing();
    if (timer != null) {
      timer.cancel(false);
    }
    long due = machine.dueMillis();
    timer =
        due == Long.MAX_VALUE
            ? null
            : sessions.schedule(
                () -> step(new RegistrySessionInput.Tick()),
                Math.max(1, due - NodeSessions.now()),
                TimeUnit.MILLISECONDS);
  }

  private void post(RegistrySessionInput input) {
    sessions.post(() -> step(input));
  }

  private void perform(RegistrySessionOutput output) {
    if (output instanceof RegistrySessionOutput.Register register) {
      trace(2, "trying to establish session with replica `" + replica() + "'");
      InternalRegistryPrx known = registry;
      int timeoutMillis = (int) machine.periodMillis();
      sessions.call(() -> register(register.attempt(), known, timeoutMillis));
    } else if (output instanceof RegistrySessionOutput.KeepAlive keepAlive) {
      keepAlive(keepAlive.attempt());
    } else if (output instanceof RegistrySessionOutput.Destroy destroy) {
      Session ended = granted.remove(destroy.attempt());
      if (ended != null) {
        goodbye(ended);
      }
    } else if (output instanceof RegistrySessionOutput.Established established) {
      established(established.attempt());
    } else if (output instanceof RegistrySessionOutput.Lost lost) {
      trace(1, "lost session with replica `" + replica() + "':\n" + lost.reason());
      forget();
    } else if (output instanceof RegistrySessionOutput.Failed failed) {
      report(failed);
      finish(false);
      sessions.attempted(this);
    } else {
      throw new IllegalStateException("unknown output " + output);
    }
  }

  private void established(long attempt) {
    Session created = granted.get(attempt);
    if (created == null) {
      throw new IllegalStateException("no session was granted in attempt " + attempt);
    }
    session = created;
    introduced = true;
    registry = created.registry();
    trace(1, "established session with replica `" + replica() + "'");
    if (created.observer() != null) {
      sessions
          .states()
          .subscribe(
              created.observer(),
              new RegistryObserver(
                  sessions.settings().name(), NodeObserverPrx.uncheckedCast(created.observer())));
    }
    finish(true);
    sessions.attempted(this);
  }

  private void forget() {
    Session lost = session;
    session = null;
    if (lost != null && lost.observer() != null) {
      sessions.states().unsubscribe(lost.observer());
    }
  }

  private void finish(boolean connected) {
    List<CompletableFuture<Boolean>> done = List.copyOf(waiting);
    waiting.clear();
    done.forEach(waiter -> waiter.complete(connected));
  }

  private void report(RegistrySessionOutput.Failed failed) {
    switch (failed.kind()) {
      case NAME_IN_USE ->
          sessions
              .traces()
              .logger()
              .error(
                  "a node with the same name is already active with the replica `"
                      + replica()
                      + "'");
      case DENIED ->
          sessions
              .traces()
              .logger()
              .error(
                  "connection to the registry `" + replica() + "' was denied:\n" + failed.reason());
      case UNREACHABLE ->
          trace(
              2,
              "failed to establish session with replica `" + replica() + "':\n" + failed.reason());
    }
  }

  private void keepAlive(long attempt) {
    Session current = session;
    if (current == null) {
      return; // lost meanwhile
    }
    trace(3, "sending keep alive message to replica `" + replica() + "'");
    try {
      current
          .proxy()
          .ice_invocationTimeout((int) machine.periodMillis())
          .keepAliveAsync(Platform.load())
          .whenComplete(
              (ok, failure) -> {
                if (failure == null) {
                  sessions.post(
                      () -> {
                        step(new RegistrySessionInput.KeptAlive(attempt));
                        if (current.observer() != null) {
                          sessions.states().resume(current.observer());
                        }
                        finish(true);
                      });
                  sessions.call(() -> watch(attempt, current.proxy()));
                } else {
                  post(new RegistrySessionInput.Lost(attempt, Exceptions.text(failure)));
                }
              });
    } catch (LocalException e) {
      post(new RegistrySessionInput.Lost(attempt, Exceptions.text(e)));
    }
  }

  /** Tries where the registry was last, then where other registries know it to be. */
  private void register(long attempt, @Nullable InternalRegistryPrx known, int timeoutMillis) {
    RegistrySessionInput result =
        new RegistrySessionInput.Failed(
            attempt, Failure.UNREACHABLE, "failed to get replica proxy");
    Set<ObjectPrx> tried = new LinkedHashSet<>();
    try {
      if (known != null
          && (known.ice_getEndpoints().length > 0 || known.ice_getLocator() != null)) {
        tried.add(known);
        result = attempt(attempt, known, timeoutMillis);
      }
      if (isUnreachable(result)) {
        for (ObjectPrx found : sessions.finder().find(id)) {
          if (tried.add(found) && isUnreachable(result)) {
            result = attempt(attempt, InternalRegistryPrx.uncheckedCast(found), timeoutMillis);
          }
        }
      }
    } catch (LocalException e) {
      result = new RegistrySessionInput.Failed(attempt, Failure.UNREACHABLE, Exceptions.text(e));
    } catch (RuntimeException | Error e) {
      // A bug; without a result there would never be another attempt.
      sessions
          .traces()
          .logger()
          .error("unexpected exception in session manager:\n" + StackTraces.of(e));
      result = new RegistrySessionInput.Failed(attempt, Failure.UNREACHABLE, Exceptions.text(e));
    }
    post(result);
  }

  private static boolean isUnreachable(RegistrySessionInput result) {
    return result instanceof RegistrySessionInput.Failed failed
        && failed.kind() == Failure.UNREACHABLE;
  }

  private RegistrySessionInput attempt(
      long attempt, InternalRegistryPrx target, int timeoutMillis) {
    NodeSessionPrx created = null;
    try {
      NodeSessionPrx given =
          InternalRegistryPrx.uncheckedCast(
                  OwnConnection.of(target, attempt).ice_invocationTimeout(timeoutMillis))
              .registerNode(
                  sessions.platform().internalInfo(), sessions.nodeProxy(), Platform.load());
      if (given == null) {
        return new RegistrySessionInput.Failed(
            attempt, Failure.DENIED, "the registry granted no session");
      }
      created = NodeSessionPrx.uncheckedCast(OwnConnection.of(given, attempt));
      NodeSessionPrx bounded =
          NodeSessionPrx.uncheckedCast(created.ice_invocationTimeout(timeoutMillis));
      int timeoutSeconds = bounded.getTimeout();
      NodeObserverPrx observer = bounded.getObserver();
      Session complete =
          new Session(
              target, created, observer == null ? null : OwnConnection.of(observer, attempt));
      if (!sessions.post(() -> granted.put(attempt, complete))) {
        goodbye(complete); // the node has ended meanwhile
      }
      watch(attempt, created);
      return new RegistrySessionInput.Granted(attempt, timeoutSeconds);
    } catch (NodeActiveException e) {
      return new RegistrySessionInput.Failed(attempt, Failure.NAME_IN_USE, e.ice_id());
    } catch (PermissionDeniedException e) {
      return new RegistrySessionInput.Failed(attempt, Failure.DENIED, e.reason);
    } catch (LocalException e) {
      if (created != null) {
        goodbye(new Session(target, created, null));
      }
      return new RegistrySessionInput.Failed(attempt, Failure.UNREACHABLE, Exceptions.text(e));
    }
  }

  /**
   * A registry that dies closes its connections: no need to wait for the next sign of life. A
   * connection may also close because it was idle, which costs one call.
   */
  private void watch(long attempt, NodeSessionPrx proxy) {
    try {
      Connection connection = proxy.ice_getConnection();
      if (connection != null) {
        connection.setCloseCallback(
            closed -> post(new RegistrySessionInput.ConnectionClosed(attempt)));
      }
    } catch (LocalException e) {
      post(new RegistrySessionInput.ConnectionClosed(attempt));
    }
  }

  private CompletableFuture<Void> goodbye(Session ended) {
    try {
      return ended
          .proxy()
          .ice_invocationTimeout(GOODBYE_TIMEOUT_MILLIS)
          .destroyAsync()
          .whenComplete(
              (ok, failure) -> {
                if (failure == null) {
                  trace(1, "destroyed replica `" + replica() + "' session");
                } else {
                  trace(
                      2,
                      "couldn't destroy replica `"
                          + replica()
                          + "' session:\n"
                          + Exceptions.text(failure));
                }
              });
    } catch (LocalException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private void trace(int level, String message) {
    sessions.traces().trace(NodeTraces.Category.REPLICA, level, () -> message);
  }
}
