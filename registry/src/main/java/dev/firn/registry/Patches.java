package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.InternalDistributionDescriptor;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.PatchException;
import com.zeroc.IceGrid.PatcherFeedback;
import com.zeroc.IceGrid.PatcherFeedbackPrx;
import com.zeroc.IceGrid.ServerNotExistException;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.DeployedServer;
import dev.firn.model.DescriptorException;
import dev.firn.model.DistributionDescriptor;
import dev.firn.model.ServerLoading;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.InternalDescriptors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Has nodes fetch the distributions of applications and servers; nothing blocks. */
final class Patches {
  private static final int CALL_LIMIT_MILLIS = 15_000;

  private final AdminContext context;

  Patches(AdminContext context) {
    this.context = context;
  }

  /**
   * Every node that has a server with something to fetch.
   *
   * @param shutdown whether running servers are stopped for it
   * @return fails with PatchException
   */
  CompletionStage<Void> application(String name, boolean shutdown)
      throws ApplicationNotExistException {
    ApplicationEntry entry = context.engine().tables().findApplication(name);
    if (entry == null) {
      throw new ApplicationNotExistException(name);
    }
    DistributionDescriptor distribution = distribution(entry);
    SortedSet<String> nodes = new TreeSet<>();
    entry
        .expanded()
        .ifPresent(
            expanded ->
                expanded
                    .servers()
                    .values()
                    .forEach(
                        server -> {
                          if (!distribution.icepatch().isEmpty()
                              || !server.descriptor().distrib().icepatch().isEmpty()) {
                            nodes.add(server.node());
                          }
                        }));
    return all(nodes, name, "", distribution, shutdown);
  }

  /** The node of a server; as {@link #application}. */
  CompletionStage<Void> server(String id, boolean shutdown) throws ServerNotExistException {
    DeployedServer server = context.engine().tables().deployment().findServer(id);
    if (server == null) {
      throw new ServerNotExistException(id);
    }
    ApplicationEntry entry = context.engine().tables().findApplication(server.application());
    DistributionDescriptor distribution =
        entry == null ? DistributionDescriptor.NONE : distribution(entry);
    SortedSet<String> nodes = new TreeSet<>();
    if (!distribution.icepatch().isEmpty() || !server.descriptor().distrib().icepatch().isEmpty()) {
      nodes.add(server.node());
    }
    return all(nodes, server.application(), id, distribution, shutdown);
  }

  private static DistributionDescriptor distribution(ApplicationEntry entry) {
    return entry.expanded().map(expanded -> expanded.distrib()).orElse(DistributionDescriptor.NONE);
  }

  private CompletionStage<Void> all(
      SortedSet<String> nodes,
      String application,
      String server,
      DistributionDescriptor distribution,
      boolean shutdown) {
    String what =
        server.isEmpty() ? "application `" + application + "'" : "server `" + server + "'";
    List<CompletableFuture<Optional<String>>> answers = new ArrayList<>();
    for (String node : nodes) {
      answers.add(
          patch(node, what, application, server, distribution, shutdown)
              .toCompletableFuture()
              .thenApply(
                  failure ->
                      failure.map(reason -> "patch on node `" + node + "' failed:\n" + reason)));
    }
    CompletableFuture<Void> result = new CompletableFuture<>();
    context
        .registryNodes()
        .pending()
        .of(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)))
        .whenComplete(
            (done, stopped) -> {
              if (stopped != null) {
                result.completeExceptionally(Async.cause(stopped));
                return;
              }
              String[] reasons =
                  answers.stream()
                      .flatMap(each -> each.join().stream())
                      .sorted()
                      .toArray(String[]::new);
              if (reasons.length == 0) {
                result.complete(null);
              } else {
                result.completeExceptionally(new PatchException(reasons));
              }
            });
    return result;
  }

  /** Why it failed, if it did. */
  private CompletionStage<Optional<String>> patch(
      String node,
      String what,
      String application,
      String server,
      DistributionDescriptor distribution,
      boolean shutdown) {
    return context
        .registryNodes()
        .remembered()
        .session(node)
        .thenCompose(
            session -> {
              trace("started patching of " + what + " on node `" + node + "'");
              return patch(session, application, server, distribution, shutdown);
            })
        .exceptionally(failure -> Optional.of(unreachable(failure)))
        .thenApply(
            failure -> {
              trace(
                  failure
                      .map(
                          reason ->
                              "patching of " + what + " on node `" + node + "' failed:\n" + reason)
                      .orElse("finished patching of " + what + " on node `" + node + "'"));
              return failure;
            });
  }

  private CompletionStage<Optional<String>> patch(
      NodeSessionServant session,
      String application,
      String server,
      DistributionDescriptor distribution,
      boolean shutdown) {
    InternalDistributionDescriptor resolved;
    try {
      resolved =
          InternalDescriptors.distribution(
              ServerLoading.resolve(distribution, application, session.variables()));
    } catch (DescriptorException e) {
      return CompletableFuture.completedFuture(Optional.of(e.reason()));
    }
    CompletableFuture<Optional<String>> result = new CompletableFuture<>();
    ObjectAdapter adapter = context.registryNodes().internalAdapter();
    Identity id = new Identity(UUID.randomUUID().toString(), "");
    PatcherFeedbackPrx feedback =
        PatcherFeedbackPrx.uncheckedCast(adapter.add(new Feedback(result), id));
    Runnable forget = session.onEnd(() -> result.complete(Optional.of("node is down")));
    result.whenComplete(
        (failure, never) -> {
          forget.run();
          remove(adapter, id);
        });
    NodePrx.uncheckedCast(session.proxy().ice_invocationTimeout(CALL_LIMIT_MILLIS))
        .patchAsync(feedback, application, server, resolved, shutdown)
        .whenComplete(
            (accepted, failure) -> {
              if (failure != null) {
                result.complete(Optional.of("node unreachable:\n" + Exceptions.text(failure)));
              }
            });
    return result;
  }

  private static void remove(ObjectAdapter adapter, Identity id) {
    try {
      adapter.remove(id);
    } catch (com.zeroc.Ice.NotRegisteredException
        | com.zeroc.Ice.ObjectAdapterDeactivatedException e) {
      // The registry stops.
    }
  }

  private static String unreachable(Throwable failure) {
    Throwable cause = Async.cause(failure);
    return cause instanceof NodeUnreachableException unreachable
        ? "node is unreachable: " + unreachable.reason
        : "node unreachable:\n" + Exceptions.text(cause);
  }

  private void trace(String text) {
    context.registryNodes().traces().trace(Traces.Category.PATCH, 1, () -> text);
  }

  /** What a node says when it has finished, or failed. */
  private record Feedback(CompletableFuture<Optional<String>> result) implements PatcherFeedback {
    @Override
    public void finished(Current current) {
      result.complete(Optional.empty());
    }

    @Override
    public void failed(String reason, Current current) {
      result.complete(Optional.of(reason));
    }
  }
}
