package dev.firn.registry;

import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.ServerNotExistException;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.DeployedAdapter;
import dev.firn.model.DeployedServer;
import dev.firn.model.Deployment;
import dev.firn.model.EncodedProxy;
import dev.firn.model.RegistryTables;
import dev.firn.model.UpdatePlan;
import dev.firn.server.ServerSyncInput;
import dev.firn.server.ServerTarget;
import dev.firn.server.SyncFailure;
import dev.firn.wire.StackTraces;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The servers of all applications with what their nodes make of them. */
final class ServerEntries implements DeployedServers, NodeViews, ServerEntry.Owner {
  private final Supplier<RegistryTables> tables;
  private final NodeSessions sessions;
  private final NodeRequests requests;
  private final ActiveAdapters active;
  private final Traces traces;
  private final Map<String, ServerEntry> entries = new ConcurrentHashMap<>();
  private final Map<String, Unrestarted> unrestarted = new ConcurrentHashMap<>();

  /** A change of an application that is on its way and restarts no server. */
  private record Unrestarted(String uuid, int revision) {}

  ServerEntries(
      Supplier<RegistryTables> tables,
      NodeSessions sessions,
      NodeRequests requests,
      ActiveAdapters active,
      Traces traces) {
    this.tables = tables;
    this.sessions = sessions;
    this.requests = requests;
    this.active = active;
    this.traces = traces;
  }

  /** The tables at the start: nodes are told when they come, or when a server is needed. */
  void start(RegistryTables initial) {
    initial
        .deployment()
        .servers()
        .forEach(
            server ->
                input(server.id(), new ServerSyncInput.Update<>(target(server, false), false)));
  }

  /** New tables became visible: servers are loaded, updated, destroyed. Engine thread. */
  void update(RegistryTables before, RegistryTables after) {
    Deployment old = before.deployment();
    Deployment now = after.deployment();
    if (old == now) {
      return;
    }
    for (ApplicationEntry entry : before.applications()) {
      ApplicationEntry next = after.findApplication(entry.name());
      if (isChanged(old, entry, now, next)) {
        remove(entry, next, old, now);
      }
    }
    List<ApplicationEntry> changed = new ArrayList<>();
    for (ApplicationEntry entry : after.applications()) {
      ApplicationEntry previous = before.findApplication(entry.name());
      if (previous == null || isChanged(old, previous, now, entry)) {
        changed.add(entry);
      }
    }
    changed.forEach(entry -> load(entry, old, now));
  }

  /** By application, revision and whether it deploys anything. */
  private static boolean isChanged(
      Deployment old, ApplicationEntry before, Deployment now, @Nullable ApplicationEntry after) {
    return after == null
        || !before.equals(after)
        || !old.exclusion(before.name()).equals(now.exclusion(before.name()));
  }

  /** Destroys what an application does not deploy any more. */
  private void remove(
      ApplicationEntry before, @Nullable ApplicationEntry after, Deployment old, Deployment now) {
    String application = before.name();
    boolean withoutRestart = after != null && isWithoutRestart(after);
    forEachServer(
        before,
        old,
        server -> {
          DeployedServer next = now.findServer(server.id());
          if (next == null || !next.application().equals(application)) {
            traces.trace(Traces.Category.SERVER, 1, () -> "removed server `" + server.id() + "'");
            server.server().adapters().forEach(adapter -> active.removeAdapter(adapter.id()));
            active.removeServer(server.id());
            input(server.id(), new ServerSyncInput.Remove<>(withoutRestart));
          }
        });
  }

  private void load(ApplicationEntry after, Deployment old, Deployment now) {
    boolean withoutRestart = isWithoutRestart(after);
    // Whatever was announced before, this is what became of it.
    unrestarted.remove(after.name());
    forEachServer(
        after,
        now,
        server -> {
          traceChange(server, old.findServer(server.id()), withoutRestart);
          input(server.id(), new ServerSyncInput.Update<>(target(server, withoutRestart), true));
        });
  }

  private boolean isWithoutRestart(ApplicationEntry application) {
    ApplicationInfo info = application.info();
    Unrestarted hint = unrestarted.get(application.name());
    return hint != null && hint.uuid().equals(info.uuid()) && hint.revision() == info.revision();
  }

  private void traceChange(
      DeployedServer server, @Nullable DeployedServer before, boolean withoutRestart) {
    traces.trace(
        Traces.Category.SERVER,
        1,
        () ->
            (before == null ? "added" : "updating")
                + " server `"
                + server.id()
                + "'"
                + (before != null && withoutRestart ? " with no restart" : "")
                + " (`"
                + server.uuid()
                + "', `"
                + server.revision()
                + "')");
  }

  private static void forEachServer(
      ApplicationEntry application,
      Deployment deployment,
      java.util.function.Consumer<DeployedServer> action) {
    if (application.expanded().isEmpty()) {
      return;
    }
    for (String id : application.expanded().get().servers().keySet()) {
      DeployedServer server = deployment.findServer(id);
      if (server != null && server.application().equals(application.name())) {
        action.accept(server);
      }
    }
  }

  /** A new entry is made if there is none; one that ends at this moment lives on. */
  private void input(String id, ServerSyncInput<NodeServer> input) {
    ServerEntry taking =
        entries.compute(
            id,
            (key, present) -> {
              ServerEntry entry = present != null ? present : new ServerEntry(key, this, this::bug);
              entry.add(input);
              return entry;
            });
    taking.drain();
  }

  @Override
  public void gone(ServerEntry entry) {
    entries.computeIfPresent(
        entry.id(), (id, present) -> present == entry && entry.isGone() ? null : present);
  }

  private void bug(RuntimeException failure) {
    traces.logger().error("unexpected failure of a server's entry:\n" + StackTraces.of(failure));
  }

  static ServerTarget target(DeployedServer server, boolean withoutRestart) {
    return new ServerTarget(
        server.application(),
        server.uuid(),
        server.revision(),
        server.server(),
        "",
        withoutRestart);
  }

  @Override
  public void withoutRestart(String application, String uuid, int revision) {
    unrestarted.put(application, new Unrestarted(uuid, revision));
  }

  @Override
  public CompletionStage<UpdateCheck> check(
      UpdatePlan plan, ApplicationInfo after, boolean noRestart) {
    return new UpdateChecks(this, requests, after, noRestart).run(plan);
  }

  @Override
  public CompletionStage<List<String>> synchronised(Collection<String> serverIds) {
    List<String> ids = serverIds.stream().sorted().toList();
    List<CompletableFuture<Optional<SyncFailure>>> settled = new ArrayList<>();
    for (String id : ids) {
      ServerEntry entry = entries.get(id);
      settled.add(
          entry == null
              ? CompletableFuture.completedFuture(Optional.empty())
              : entry.settle().toCompletableFuture());
    }
    return CompletableFuture.allOf(settled.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              List<String> refusals = new ArrayList<>();
              for (int i = 0; i < settled.size(); i++) {
                String id = ids.get(i);
                settled
                    .get(i)
                    .join()
                    .filter(SyncFailure.Refused.class::isInstance)
                    .map(SyncFailure.Refused.class::cast)
                    .ifPresent(refused -> refusals.add(ServerEntry.reason(id, refused)));
              }
              return refusals;
            });
  }

  @Override
  public CompletionStage<Void> assign(String serverId, String sessionId) {
    ServerEntry entry = entries.get(serverId);
    ServerTarget target = entry == null ? null : entry.target();
    if (entry == null || target == null) {
      return CompletableFuture.completedFuture(null);
    }
    if (!target.isActivatedBySession()) {
      if (sessionId.isEmpty()) {
        // It may belong to a session still, from before its activation changed.
        entry.input(new ServerSyncInput.Assign<>(""));
      }
      return CompletableFuture.completedFuture(null);
    }
    return entry.assign(sessionId).thenAccept(loaded -> {});
  }

  /** Has the servers of a node loaded, or checked, begun in the order of their ids. */
  void loadServers(String node) {
    tables.get().deployment().serversOfNode(node).stream()
        .map(DeployedServer::id)
        .sorted()
        .map(entries::get)
        .forEach(
            entry -> {
              if (entry != null) {
                entry.input(new ServerSyncInput.Recheck<>());
              }
            });
  }

  void nodeUp(String node) {
    entries.values().forEach(entry -> entry.input(new ServerSyncInput.NodeUp<>(node)));
  }

  void nodeLost(String node) {
    entries.values().forEach(entry -> entry.input(new ServerSyncInput.NodeLost<>(node)));
  }

  @Override
  public CompletionStage<NodeAdapter> adapter(String adapterId, boolean upToDate) {
    DeployedAdapter adapter = tables.get().deployment().findAdapter(adapterId);
    if (adapter == null) {
      return CompletableFuture.failedFuture(new AdapterNotExistException(adapterId));
    }
    return server(adapter.server().id(), upToDate)
        .thenCompose(
            server -> {
              AdapterPrx proxy = server.adapters().get(adapterId);
              return proxy == null
                  ? CompletableFuture.failedFuture(new AdapterNotExistException(adapterId))
                  : CompletableFuture.completedFuture(
                      new NodeAdapter(
                          proxy,
                          server.activationTimeoutSeconds(),
                          server.deactivationTimeoutSeconds()));
            });
  }

  @Override
  public CompletionStage<NodeServer> server(String serverId, boolean upToDate) {
    ServerEntry entry = entries.get(serverId);
    return entry == null
        ? CompletableFuture.failedFuture(new ServerNotExistException(serverId))
        : entry.demand(upToDate);
  }

  @Override
  public @Nullable AdapterPrx presumedAdapter(String adapterId) {
    DeployedAdapter adapter = tables.get().deployment().findAdapter(adapterId);
    String serverId = adapter == null ? "" : adapter.server().id();
    NodePrx node = presumedNode(serverId);
    return node == null ? null : NodeObjects.adapter(node, serverId, adapterId);
  }

  @Override
  public @Nullable ServerPrx presumedServer(String serverId) {
    NodePrx node = presumedNode(serverId);
    return node == null ? null : NodeObjects.server(node, serverId);
  }

  private @Nullable NodePrx presumedNode(String serverId) {
    ServerEntry entry = entries.get(serverId);
    ServerTarget target = entry == null || !entry.isUnknown() ? null : entry.target();
    return target == null
        ? null
        : sessions.find(target.node()).map(NodeSessionServant::proxy).orElse(null);
  }

  /** As it is to be on its node; null if it is not deployed. */
  @Nullable ServerTarget target(String serverId) {
    ServerEntry entry = entries.get(serverId);
    return entry == null ? null : entry.target();
  }

  @Override
  public @Nullable EncodedProxy activeProxy(String adapterId) {
    DeployedAdapter adapter = tables.get().deployment().findAdapter(adapterId);
    if (adapter == null) {
      return null;
    }
    String serverId = adapter.server().id();
    ServerEntry entry = entries.get(serverId);
    NodeServer server = entry == null ? null : entry.confirmed();
    return server != null && active.isEnabled(serverId)
        ? active.find(adapterId, server.node())
        : null;
  }

  @Override
  public long stamp(String adapterId) {
    return active.stamp(adapterId);
  }

  @Override
  public void learned(String adapterId, long stamp, EncodedProxy proxy) {
    DeployedAdapter adapter = tables.get().deployment().findAdapter(adapterId);
    if (adapter != null) {
      active.learned(adapterId, adapter.server().node(), stamp, proxy);
    }
  }

  @Override
  public void forget(String adapterId) {
    active.forget(adapterId);
  }

  /** What is known of a server's adapters may be wrong from now on. */
  void forgetServer(String serverId) {
    DeployedServer server = tables.get().deployment().findServer(serverId);
    if (server != null) {
      server.server().adapters().forEach(adapter -> active.forget(adapter.id()));
    }
  }

  @Override
  public boolean serverEnabled(String serverId) {
    return active.isEnabled(serverId);
  }

  @Override
  public void onEnabled(BiConsumer<String, Boolean> listener) {
    active.onEnabled(listener);
  }

  @Override
  public @Nullable NodeLoad load(String node) {
    NodeSessionServant session = sessions.find(node).orElse(null);
    if (session == null) {
      return null;
    }
    LoadInfo load = session.load();
    return new NodeLoad(load.avg1, load.avg5, load.avg15, session.processors(), session.info().os);
  }

  @Override
  public @Nullable NodeInfo info(String node) {
    return sessions.find(node).map(NodeSessionServant::info).orElse(null);
  }

  @Override
  public CompletionStage<NodeServer> load(ServerTarget target, Optional<NodeServer> known) {
    return requests.load(target, known);
  }

  @Override
  public CompletionStage<Void> destroy(ServerTarget target, Optional<NodeServer> known) {
    return requests.destroy(target, known);
  }

  @Override
  public void changing(Optional<NodeServer> known) {
    Deployment deployment = tables.get().deployment();
    known.ifPresent(
        server ->
            server.adapters().keySet().stream()
                // What is deployed no more is forgotten as a whole already.
                .filter(adapter -> deployment.findAdapter(adapter) != null)
                .forEach(active::forget));
  }

  @Override
  public void loaded(ServerTarget target) {
    traces.trace(Traces.Category.SERVER, 2, () -> "loaded " + text(target));
  }

  @Override
  public void destroyed(ServerTarget target) {
    traces.trace(Traces.Category.SERVER, 2, () -> "unloaded " + text(target));
  }

  @Override
  public void failed(ServerTarget target, SyncFailure failure) {
    boolean load = !(failure instanceof SyncFailure.Refused refused) || refused.load();
    traces.trace(
        Traces.Category.SERVER,
        2,
        () -> "couldn't " + (load ? "load " : "unload ") + text(target) + ":\n" + failure.reason());
  }

  private static String text(ServerTarget target) {
    return "`" + target.server().id() + "' on node `" + target.node() + "'";
  }
}
