package dev.firn.node;

import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.InternalDistributionDescriptor;
import com.zeroc.IceGrid.PatcherFeedbackPrx;
import dev.firn.model.DistributionDescriptor;
import dev.firn.wire.Async;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Patching of distributions. Servers are made ready and released as ever, but this node has no
 * IcePatch2 client: where there is something to fetch, whoever asked is told so. Any thread.
 */
final class NodePatcher {
  private static final String REFUSAL = "IcePatch2 distributions are not supported by this node";

  private final NodeServers servers;

  NodePatcher(NodeServers servers) {
    this.servers = servers;
  }

  /** Answers through {@code feedback}, exactly once. */
  void patch(
      PatcherFeedbackPrx feedback,
      String application,
      String server,
      @Nullable InternalDistributionDescriptor distribution,
      boolean stop) {
    Optional<DistributionDescriptor> wanted =
        Optional.ofNullable(distribution)
            .map(some -> new DistributionDescriptor(some.icepatch, List.of(some.directories)));
    servers
        .patch(application, server, wanted, stop)
        .whenComplete(
            (ids, failure) -> {
              if (failure != null) {
                failed(feedback, reason(Async.cause(failure)));
              } else if (ids.isEmpty()) {
                finished(feedback);
              } else {
                servers.patched(ids);
                failed(feedback, REFUSAL);
              }
            });
  }

  private static String reason(Throwable failure) {
    return failure instanceof DeploymentException deployment
        ? deployment.reason
        : failure.toString();
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
