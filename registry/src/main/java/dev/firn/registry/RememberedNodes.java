package dev.firn.registry;

import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeUnreachableException;
import dev.firn.wire.Exceptions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Nodes that had a session before this registry started, or have one with another registry: each is
 * asked once to register here. Any thread; nothing here blocks.
 */
final class RememberedNodes {
  static final String NOT_ACTIVE = "the node is not active";
  private static final int LIMIT_SECONDS = 10;

  private final NodeSessions sessions;
  private final Traces traces;
  private final Reaper reaper;
  private final Supplier<InternalRegistryPrx> self;

  /** Nodes that are being asked, or were: by name. */
  private final Map<String, CompletableFuture<NodeSessionServant>> asked =
      new ConcurrentHashMap<>();

  /**
   * @param self how nodes reach this registry
   */
  RememberedNodes(
      NodeSessions sessions, Traces traces, Reaper reaper, Supplier<InternalRegistryPrx> self) {
    this.sessions = sessions;
    this.traces = traces;
    this.reaper = reaper;
    this.self = self;
  }

  /** Asks a node, unless it has a session or was asked before. */
  void ask(String name, NodePrx node) {
    CompletableFuture<NodeSessionServant> answer = new CompletableFuture<>();
    if (sessions.find(name).isPresent() || asked.putIfAbsent(name, answer) != null) {
      return;
    }
    traces.trace(Traces.Category.NODE, 1, () -> "creating node `" + name + "' session");
    reaper.schedule(() -> failed(name, answer, ""), TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
    try {
      NodePrx.uncheckedCast(node.ice_invocationTimeout(LIMIT_SECONDS * 1_000))
          .registerWithReplicaAsync(self.get())
          .whenComplete((ok, failure) -> answered(name, answer, failure));
    } catch (LocalException e) {
      answered(name, answer, e);
    }
  }

  private void answered(
      String name,
      CompletableFuture<NodeSessionServant> answer,
      @org.jspecify.annotations.Nullable Throwable failure) {
    if (failure != null) {
      failed(name, answer, ":\n" + Exceptions.text(failure));
    } else if (sessions.find(name).isEmpty()) {
      failed(name, answer, "");
    } else {
      up(name);
    }
  }

  private void failed(String name, CompletableFuture<NodeSessionServant> answer, String reason) {
    if (answer.completeExceptionally(new NodeUnreachableException(name, NOT_ACTIVE))) {
      traces.trace(
          Traces.Category.NODE, 1, () -> "node `" + name + "' session creation failed" + reason);
    }
  }

  /** A node has its session: who waits for it goes on. */
  void up(String name) {
    CompletableFuture<NodeSessionServant> waiting = asked.get(name);
    if (waiting == null) {
      return;
    }
    sessions
        .find(name)
        .filter(waiting::complete)
        .ifPresent(
            session ->
                traces.trace(Traces.Category.NODE, 1, () -> "node `" + name + "' session created"));
  }

  /**
   * The session of a node, waiting for one that is being asked.
   *
   * @return fails with NodeUnreachableException, within the limit for asking
   */
  CompletionStage<NodeSessionServant> session(String node) {
    return sessions
        .find(node)
        .<CompletionStage<NodeSessionServant>>map(CompletableFuture::completedFuture)
        .orElseGet(
            () -> {
              CompletableFuture<NodeSessionServant> waiting = asked.get(node);
              return waiting == null || waiting.isDone()
                  ? CompletableFuture.failedFuture(new NodeUnreachableException(node, NOT_ACTIVE))
                  : waiting;
            });
  }
}
