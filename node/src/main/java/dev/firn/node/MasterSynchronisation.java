package dev.firn.node;

import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.NodeSessionPrx;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.StackTraces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What happens at the start of a session with the master: once in the life of the process, servers
 * that the master does not know are removed; then the master has the others loaded. Blocks.
 */
final class MasterSynchronisation {
  private static final String MASTER = "Master";
  private static final int CALL_TIMEOUT_MILLIS = 30_000;
  private static final int ROUNDS_MAX = 100;

  private final FileDirectories directories;
  private final NodeServers servers;
  private final NodeTraces traces;
  private final AtomicInteger changes = new AtomicInteger();

  /** Of the run under way, which alone touches it. */
  private boolean checked;

  MasterSynchronisation(FileDirectories directories, NodeServers servers, NodeTraces traces) {
    this.directories = directories;
    this.servers = servers;
    this.traces = traces;
  }

  /** A server is being loaded or destroyed: what the master has just said may be outdated. */
  void changed() {
    changes.incrementAndGet();
  }

  /** One session at a time. */
  synchronized void run(NodeSessionPrx session) {
    NodeSessionPrx bounded =
        NodeSessionPrx.uncheckedCast(session.ice_invocationTimeout(CALL_TIMEOUT_MILLIS));
    // Files that are too many harm nobody; servers that are not loaded do not run.
    attempt(
        () -> {
          if (!checked) {
            check(bounded);
            checked = true;
          }
        });
    attempt(bounded::loadServers);
  }

  private void attempt(Runnable part) {
    try {
      part.run();
    } catch (LocalException e) {
      traces.trace(
          NodeTraces.Category.REPLICA,
          1,
          () -> "failed to synchronize servers:\n" + Exceptions.text(e));
    } catch (RuntimeException bug) {
      traces.logger().error("failed to synchronize servers:\n" + StackTraces.of(bug));
    }
  }

  private void check(NodeSessionPrx session) {
    Set<String> deployed = new HashSet<>();
    int before;
    int rounds = 0;
    do {
      before = changes.get();
      deployed.clear();
      deployed.addAll(Arrays.asList(session.getServers()));
    } while (before != changes.get() && ++rounds < ROUNDS_MAX);
    Set<String> superfluous = new TreeSet<>();
    try {
      superfluous.addAll(directories.servers());
    } catch (IOException e) {
      traces.logger().error("couldn't read server directories:\n" + FileTree.reason(e));
      return;
    }
    Collection<String> loaded = servers.ids();
    superfluous.addAll(loaded);
    superfluous.removeAll(deployed);
    List<CompletableFuture<Void>> destroyed = new ArrayList<>();
    for (String id : superfluous) {
      if (loaded.contains(id)) {
        destroyed.add(destroy(id));
      }
    }
    await(destroyed);
    superfluous.forEach(this::remove);
    warnOfKept(superfluous);
  }

  private CompletableFuture<Void> destroy(String id) {
    return servers
        .destroy(id, "", 0, MASTER, false)
        .toCompletableFuture()
        .exceptionally(
            failure -> {
              traces
                  .logger()
                  .warning(
                      "server `"
                          + id
                          + "' destroy failed:\n"
                          + Exceptions.text(Async.cause(failure)));
              return null;
            });
  }

  private static void await(List<CompletableFuture<Void>> all) {
    try {
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw new IllegalStateException("each failure has been handled", e);
    }
  }

  private void remove(String id) {
    try {
      directories.remove(id, false);
    } catch (DeploymentException e) {
      traces.logger().warning(e.reason);
    }
  }

  private void warnOfKept(Set<String> superfluous) {
    List<String> kept = new ArrayList<>();
    for (String id : superfluous) {
      if (directories.exists(id)) {
        kept.add(directories.directory(id).toString());
      }
    }
    if (!kept.isEmpty()) {
      traces
          .logger()
          .warning(
              "server directories containing data not created or written by IceGrid were not"
                  + " removed:\n"
                  + String.join(" ", kept));
    }
  }
}
