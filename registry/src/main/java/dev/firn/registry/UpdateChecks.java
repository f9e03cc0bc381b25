package dev.firn.registry;

import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.IceGrid.InternalServerDescriptor;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.ExpandedServer;
import dev.firn.model.UpdatePlan;
import dev.firn.model.UpdatePlan.Effect;
import dev.firn.model.UpdatePlan.ServerChange;
import dev.firn.server.ServerTarget;
import dev.firn.wire.Async;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes whether servers may be changed, all at the same time, for one update of an
 * application. Limited are the wait for a server that is on its way to its node, and, from its turn
 * among the requests to the node on, the question itself.
 */
final class UpdateChecks {
  private static final int ENTRY_LIMIT_SECONDS = 5;
  private static final int CALL_LIMIT_MILLIS = 10_000;

  /** What came of the question for one server: all empty if the node agrees. */
  private record Finding(String server, Optional<String> refusal, Optional<String> downNode) {}

  private final ServerEntries entries;
  private final NodeRequests requests;
  private final ApplicationInfo after;
  private final boolean noRestart;

  UpdateChecks(
      ServerEntries entries, NodeRequests requests, ApplicationInfo after, boolean noRestart) {
    this.entries = entries;
    this.requests = requests;
    this.after = after;
    this.noRestart = noRestart;
  }

  CompletionStage<UpdateCheck> run(UpdatePlan plan) {
    List<CompletableFuture<Finding>> findings = new ArrayList<>();
    for (ServerChange change : plan.changes()) {
      check(change).ifPresent(finding -> findings.add(finding.toCompletableFuture()));
    }
    return CompletableFuture.allOf(findings.toArray(CompletableFuture[]::new))
        .thenApply(done -> result(findings.stream().map(CompletableFuture::join).toList()));
  }

  /** Empty if there is nothing to ask. */
  private Optional<CompletionStage<Finding>> check(ServerChange change) {
    boolean removed = change.effect() == Effect.REMOVED;
    if (change.effect() == Effect.ADDED || (removed && !noRestart)) {
      return Optional.empty();
    }
    if (noRestart && change.effect() == Effect.RESTARTED) {
      return Optional.of(
          CompletableFuture.completedFuture(
              refused(change, "update requires server to be stopped:\n" + reasons(change))));
    }
    Optional<ExpandedServer> next =
        removed || change.effect() == Effect.MOVED ? Optional.empty() : change.after();
    return Optional.of(
        entries
            .server(change.server(), true)
            .toCompletableFuture()
            .copy()
            .orTimeout(ENTRY_LIMIT_SECONDS, TimeUnit.SECONDS)
            .handle((server, failure) -> answer(change, next, server, failure))
            .thenCompose(finding -> finding));
  }

  private static String reasons(ServerChange change) {
    return String.join("\n", change.reasons());
  }

  private CompletionStage<Finding> answer(
      ServerChange change,
      Optional<ExpandedServer> next,
      @Nullable NodeServer server,
      @Nullable Throwable failure) {
    if (server == null) {
      return CompletableFuture.completedFuture(notLoaded(change, failure));
    }
    return requests
        .onNode(server.node(), session -> ask(server, next, session))
        .handle((inactive, refusal) -> finding(change, server.node(), refusal));
  }

  private CompletionStage<Boolean> ask(
      NodeServer server, Optional<ExpandedServer> next, NodeSessionServant session) {
    InternalServerDescriptor descriptor =
        next.map(
                expanded ->
                    NodeRequests.descriptor(
                        new ServerTarget(
                            after.descriptor().name(),
                            after.uuid(),
                            after.revision(),
                            expanded,
                            sessionOf(expanded.id()),
                            noRestart),
                        session.variables()))
            .orElse(null);
    return ServerPrx.uncheckedCast(server.proxy().ice_invocationTimeout(CALL_LIMIT_MILLIS))
        .checkUpdateAsync(descriptor, noRestart);
  }

  private String sessionOf(String server) {
    ServerTarget target = entries.target(server);
    return target == null ? "" : target.sessionId();
  }

  /** A server that cannot be loaded is no reason against an update that may repair it. */
  private Finding notLoaded(ServerChange change, @Nullable Throwable failure) {
    Throwable cause = failure == null ? new TimeoutException() : Async.cause(failure);
    if (cause instanceof NodeUnreachableException unreachable) {
      return new Finding(change.server(), Optional.empty(), Optional.of(unreachable.name));
    }
    boolean late = cause instanceof TimeoutException;
    if (!noRestart && !late) {
      return agreed(change);
    }
    return refused(
        change,
        late
            ? "timeout while waiting for the server to be loaded on the node"
            : NodeRequests.refusal(cause).orElseGet(() -> NodeRequests.unreachable(cause)));
  }

  private Finding finding(ServerChange change, String node, @Nullable Throwable failure) {
    if (failure == null) {
      return agreed(change);
    }
    Optional<String> refusal = NodeRequests.refusal(failure);
    if (refusal.isPresent()) {
      return refused(change, refusal.get());
    } else if (Async.cause(failure) instanceof OperationNotExistException) {
      return noRestart
          ? refused(change, "server `" + change.server() + "' doesn't support check for updates")
          : agreed(change);
    }
    return new Finding(change.server(), Optional.empty(), Optional.of(node));
  }

  private static Finding agreed(ServerChange change) {
    return new Finding(change.server(), Optional.empty(), Optional.empty());
  }

  private static Finding refused(ServerChange change, String reason) {
    String what = change.effect() == Effect.REMOVED ? "remove" : "update";
    return new Finding(
        change.server(),
        Optional.of("check for server `" + change.server() + "' " + what + " failed: " + reason),
        Optional.empty());
  }

  private UpdateCheck result(List<Finding> findings) {
    List<String> refusals = findings.stream().flatMap(each -> each.refusal().stream()).toList();
    if (!noRestart) {
      return new UpdateCheck(refusals, refusals);
    }
    TreeSet<String> servers = new TreeSet<>();
    TreeSet<String> nodes = new TreeSet<>();
    for (Finding each : findings) {
      each.refusal().ifPresent(reason -> servers.add(each.server()));
      each.downNode().ifPresent(nodes::add);
    }
    List<String> reasons = new ArrayList<>();
    if (!servers.isEmpty()) {
      reasons.add(listed("the server", servers) + " would need to be stopped");
    }
    if (!nodes.isEmpty()) {
      reasons.add(listed("the node", nodes) + (nodes.size() == 1 ? " is down" : " are down"));
    }
    List<String> details = new ArrayList<>(refusals);
    nodes.forEach(node -> details.add("node `" + node + "' is down"));
    return new UpdateCheck(reasons, details);
  }

  private static String listed(String what, SortedSet<String> names) {
    return what + (names.size() == 1 ? "" : "s") + " `" + String.join(", ", names) + "'";
  }
}
