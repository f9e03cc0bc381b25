package dev.firn.node;

import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.InternalDistributionDescriptor;
import com.zeroc.IceGrid.PatcherFeedbackPrx;
import dev.firn.model.DistributionDescriptor;
import dev.firn.wire.Async;
import dev.firn.wire.StackTraces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Patching of distributions: the servers concerned are stopped, what they need is fetched from
 * IcePatch2 servers, then they may run again. One patch of an application at a time; fetching
 * blocks threads of its own. Any thread.
 */
final class NodePatcher {
  private final NodeContext context;
  private final NodeServers servers;

  /** The last patch of each application that has one under way. */
  private final Map<String, CompletableFuture<Void>> last = new HashMap<>();

  NodePatcher(NodeContext context, NodeServers servers) {
    this.context = context;
    this.servers = servers;
  }

  /** Answers through {@code feedback}, exactly once. */
  void patch(
      PatcherFeedbackPrx feedback,
      String application,
      String server,
      @Nullable InternalDistributionDescriptor distribution,
      boolean stop) {
    DistributionDescriptor wanted =
        distribution == null
            ? DistributionDescriptor.NONE
            : new DistributionDescriptor(distribution.icepatch, List.of(distribution.directories));
    after(application, () -> run(application, server, wanted, stop))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                finished(feedback);
              } else {
                failed(feedback, reason(Async.cause(failure)));
              }
            });
  }

  /** One patch of an application at a time, in the order of the requests. */
  private CompletableFuture<Void> after(String application, Supplier<CompletionStage<Void>> patch) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    CompletableFuture<Void> previous;
    synchronized (last) {
      previous = last.put(application, result);
    }
    CompletableFuture<Void> begin =
        previous == null ? CompletableFuture.completedFuture(null) : previous;
    begin
        .handle((done, failure) -> patch.get())
        .thenCompose(running -> running)
        .whenComplete(
            (done, failure) -> {
              synchronized (last) {
                last.remove(application, result);
              }
              if (failure == null) {
                result.complete(null);
              } else {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  private CompletionStage<Void> run(
      String application, String server, DistributionDescriptor distribution, boolean stop) {
    return servers
        .patch(application, server, !distribution.icepatch().isEmpty(), stop)
        .thenCompose(
            targets ->
                targets.servers().isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.runAsync(
                            () -> fetch(application, distribution, targets), threads())
                        .whenComplete((done, failure) -> servers.patched(targets.servers())));
  }

  /** A thread for each fetch: it waits for a peer all the time. */
  private static Executor threads() {
    return task -> {
      Thread thread = new Thread(task, "firn-patch");
      thread.setDaemon(true);
      thread.start();
    };
  }

  private void fetch(
      String application, DistributionDescriptor distribution, PatchTargets targets) {
    try {
      if (targets.application()) {
        fetch(
            distribution,
            context.directories().applicationDistribution(application),
            "distrib/" + application);
      }
      for (Map.Entry<String, DistributionDescriptor> own : targets.distributions().entrySet()) {
        fetch(own.getValue(), directory(own.getKey()), "servers/" + own.getKey() + "/distrib");
      }
    } catch (DeploymentException e) {
      throw new CompletionException(e);
    } finally {
      targets.servers().forEach(this::give);
    }
  }

  private void fetch(DistributionDescriptor distribution, Path directory, String label)
      throws DeploymentException {
    DistributionFetch.fetch(
        context.communicator(), context.traces(), distribution, directory, label);
  }

  private Path directory(String serverId) {
    return context.directories().directory(serverId).resolve("distrib");
  }

  /** What was fetched for a server belongs to whom its directory belongs to. */
  private void give(String serverId) {
    Path directory = directory(serverId);
    try {
      if (FileTree.isDirectory(directory)) {
        FileTree.give(directory, owner(directory));
      }
    } catch (IOException e) {
      context
          .traces()
          .logger()
          .warning("couldn't change the owner of `" + directory + "':\n" + FileTree.reason(e));
    }
  }

  private static UserAccount owner(Path directory) throws IOException {
    return new UserAccount("", id(directory, "unix:uid"), id(directory, "unix:gid"));
  }

  private static int id(Path directory, String attribute) throws IOException {
    Object id = Files.getAttribute(directory, attribute, LinkOption.NOFOLLOW_LINKS);
    return (Integer) Objects.requireNonNull(id);
  }

  private String reason(Throwable failure) {
    if (failure instanceof DeploymentException deployment) {
      return deployment.reason;
    }
    context.traces().logger().error("patching failed:\n" + StackTraces.of(failure));
    return failure.toString();
  }

  private static void finished(PatcherFeedbackPrx feedback) {
    try {
      feedback.finishedAsync();
    } catch (LocalException e) {
      // Nobody waits for it any more.
    }
  }

  private static void failed(PatcherFeedbackPrx feedback, String reason) {
    try {
      feedback.failedAsync(reason);
    } catch (LocalException e) {
      // Nobody waits for it any more.
    }
  }
}
