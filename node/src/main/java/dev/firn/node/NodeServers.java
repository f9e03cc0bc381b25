package dev.firn.node;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Object;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.DistributionDescriptor;
import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.server.ServerAnswer;
import dev.firn.server.ServerConfig;
import dev.firn.server.ServerInput;
import dev.firn.server.ServerView;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Mapping;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The servers of this node and their servants.
 *
 * <p>A few threads do what servers have to do, for each server one task at a time; one thread
 * watches the time. Any thread may ask; nobody waits.
 */
final class NodeServers {
  /** What a registry gets for a loaded server. */
  record Loaded(
      ServerPrx server,
      Map<String, AdapterPrx> adapters,
      int activationTimeoutSeconds,
      int deactivationTimeoutSeconds) {}

  private static final int THREADS = 8;
  private static final int IDLE_SECONDS = 30;
  private static final int STOP_ROUNDS_MAX = 3;

  private final NodeContext context;
  private final ServerConfig config;
  private final Map<String, HostedServer> servers = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor pool;
  private final ScheduledThreadPoolExecutor time;
  private volatile boolean ending;

  NodeServers(NodeContext context) {
    this.context = context;
    NodeSettings settings = context.settings();
    config =
        ServerConfig.of(
            settings.waitTimeSeconds(),
            settings.disableOnFailureSeconds(),
            settings.allowEndpointsOverride());
    pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads("firn-server"));
    pool.allowCoreThreadTimeOut(true);
    time = new ScheduledThreadPoolExecutor(1, threads("firn-server-time"));
    time.setRemoveOnCancelPolicy(true);
  }

  /** What is known of the servers that had anything to do yet. */
  Collection<ServerView> views() {
    return servers.values().stream().flatMap(server -> server.view().stream()).toList();
  }

  private static ThreadFactory threads(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  // For servers.

  Executor pool() {
    return pool;
  }

  ServerConfig config() {
    return config;
  }

  RandomGenerator random() {
    return new SplittableRandom();
  }

  long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }

  Future<?> schedule(Runnable task, long delayMillis) {
    return time.schedule(task, Math.max(0, delayMillis), TimeUnit.MILLISECONDS);
  }

  /** There is no such server any more. */
  void ended(HostedServer server) {
    servers.computeIfPresent(
        server.id(),
        (id, known) -> {
          if (known != server) {
            return known;
          }
          removeServants(server);
          return null;
        });
  }

  /** Another object has to go on with the server, first of all with its process. */
  void broken(HostedServer server, Optional<RunCodec.Remembered> process) {
    servers.computeIfPresent(
        server.id(),
        (id, known) -> {
          if (known != server) {
            return known;
          }
          removeServants(server);
          if (process.isEmpty()) {
            return null;
          }
          HostedServer next = create(id);
          next.adopt(process.get());
          return next;
        });
  }

  /** Whether no other server here belongs to the application. */
  boolean isLast(HostedServer server, String application) {
    return servers.values().stream()
        .filter(other -> other != server)
        .flatMap(other -> descriptor(other).stream())
        .noneMatch(descriptor -> descriptor.application().equals(application));
  }

  void adapterAdded(HostedServer server, String adapterId) {
    try {
      add(new AdapterServant(context, server, adapterId), adapterIdentity(server.id(), adapterId));
    } catch (LocalException e) {
      context
          .traces()
          .logger()
          .error("couldn't add adapter `" + adapterId + "':\n" + Exceptions.text(e));
    }
  }

  void adapterRemoved(HostedServer server, String adapterId) {
    remove(adapterIdentity(server.id(), adapterId));
  }

  private void removeServants(HostedServer server) {
    remove(serverIdentity(server.id()));
    server
        .view()
        .ifPresent(view -> view.adapters().keySet().forEach(id -> adapterRemoved(server, id)));
  }

  private void add(Object servant, Identity identity) {
    context.adapter().add(servant, identity);
  }

  private void remove(Identity identity) {
    try {
      context.adapter().remove(identity);
    } catch (LocalException e) {
      // Not there any more, or the adapter itself is not.
      context.traces().trace(NodeTraces.Category.SERVER, 3, () -> Exceptions.text(e));
    }
  }

  private Identity serverIdentity(String id) {
    return new Identity(id, context.settings().instance() + "-Server");
  }

  private Identity adapterIdentity(String serverId, String adapterId) {
    return new Identity(
        serverId + "-" + adapterId, context.settings().instance() + "-ServerAdapter");
  }

  private HostedServer server(String id) {
    return servers.computeIfAbsent(id, this::create);
  }

  private HostedServer create(String id) {
    HostedServer server = new HostedServer(id, context, this);
    add(new ServerServant(context, server), serverIdentity(id));
    return server;
  }

  private static Optional<InternalServerDescriptor> descriptor(HostedServer server) {
    return server.view().flatMap(ServerView::descriptor);
  }

  // For registries.

  /**
   * @param replica the registry that asks
   * @return fails with a DeploymentException, or with an ObjectNotExistException once the node ends
   */
  CompletionStage<Loaded> load(
      InternalServerDescriptor descriptor, String replica, boolean noRestart) {
    try {
      context.directories().check(descriptor);
      return attemptLoad(descriptor, replica, noRestart);
    } catch (DeploymentException | LocalException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<Loaded> attemptLoad(
      InternalServerDescriptor descriptor, String replica, boolean noRestart) {
    if (ending) {
      throw new ObjectNotExistException();
    }
    HostedServer server = server(descriptor.id());
    return server
        .request(caller -> new ServerInput.Load(caller, descriptor, replica, noRestart))
        .thenCompose(
            answer -> {
              if (answer instanceof ServerAnswer.Gone) {
                // It is being replaced: there is a new one to ask, or one can be made.
                ended(server);
                return attemptLoad(descriptor, replica, noRestart);
              } else if (answer instanceof ServerAnswer.Loaded loaded) {
                return CompletableFuture.completedFuture(loaded(descriptor.id(), loaded));
              }
              return CompletableFuture.failedFuture(Answers.failure(descriptor.id(), answer));
            });
  }

  private Loaded loaded(String id, ServerAnswer.Loaded loaded) {
    Map<String, AdapterPrx> adapters = new TreeMap<>();
    for (String adapterId : loaded.adapterIds()) {
      adapters.put(
          adapterId,
          AdapterPrx.uncheckedCast(
              context.adapter().createDirectProxy(adapterIdentity(id, adapterId))));
    }
    return new Loaded(
        ServerPrx.uncheckedCast(context.adapter().createDirectProxy(serverIdentity(id))),
        adapters,
        loaded.activationTimeoutSeconds(),
        loaded.deactivationTimeoutSeconds());
  }

  /**
   * @param uuid empty for a server that the master does not know: user data stays
   */
  CompletionStage<Void> destroy(
      String id, String uuid, int revision, String replica, boolean noRestart) {
    if (ending) {
      return CompletableFuture.failedFuture(new ObjectNotExistException());
    }
    return server(id)
        .request(caller -> new ServerInput.Destroy(caller, uuid, revision, replica, noRestart))
        .thenCompose(
            answer ->
                answer instanceof ServerAnswer.Done || answer instanceof ServerAnswer.Gone
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(Answers.failure(id, answer)));
  }

  // For the node.

  /** The servers that are loaded or being loaded. */
  Collection<String> ids() {
    return new TreeSet<>(servers.keySet());
  }

  /**
   * The Process proxy of a server for routed requests: only while the server is starting or active.
   */
  Optional<ObjectPrx> process(String serverId) {
    HostedServer server = servers.get(serverId);
    Optional<ServerView> view = server == null ? Optional.empty() : server.view();
    return view.filter(now -> now.life().isUp()).map(ServerView::process).flatMap(this::decode);
  }

  private Optional<ObjectPrx> decode(EncodedProxy proxy) {
    return Optional.ofNullable(Mapping.decode(context.communicator(), proxy));
  }

  /** What a server was last loaded with; empty for one that is not loaded. */
  Optional<InternalServerDescriptor> descriptor(String serverId) {
    HostedServer server = servers.get(serverId);
    return server == null ? Optional.empty() : descriptor(server);
  }

  /**
   * Takes over the processes that an earlier run of this node left running. Called once, before
   * anybody can ask for anything; blocks briefly.
   */
  void adopt() {
    context
        .directories()
        .remembered()
        .forEach(
            (id, state) ->
                RunCodec.read(context.communicator(), state)
                    .ifPresentOrElse(
                        remembered -> server(id).adopt(remembered),
                        () ->
                            context
                                .traces()
                                .logger()
                                .warning(
                                    "what was remembered of server `"
                                        + id
                                        + "' cannot be read; if it still runs, end it by hand")));
  }

  /**
   * Gets servers ready for patching: they stay inactive until {@link #patched}.
   *
   * @param serverId empty for all servers of the application
   * @param withApplication whether the application has a distribution
   * @param shutdown whether running servers are stopped; otherwise they prevent patching
   * @return what is to be fetched; fails with a DeploymentException that names those which are
   *     active
   */
  CompletionStage<PatchTargets> patch(
      String application, String serverId, boolean withApplication, boolean shutdown) {
    boolean applicationToo =
        withApplication
            && (serverId.isEmpty()
                || loaded(serverId)
                    .filter(server -> server.application().equals(application))
                    .map(InternalServerDescriptor::applicationDistrib)
                    .orElse(false));
    List<HostedServer> concerned =
        servers.values().stream()
            .filter(server -> isPatched(server, application, serverId, applicationToo))
            .sorted(Comparator.comparing(HostedServer::id))
            .toList();
    return Patching.prepare(concerned, shutdown)
        .thenApply(ids -> new PatchTargets(applicationToo, ids, distributions(ids, serverId)));
  }

  private static boolean isPatched(
      HostedServer server, String application, String serverId, boolean applicationToo) {
    Optional<InternalServerDescriptor> known =
        descriptor(server).filter(loaded -> loaded.application().equals(application));
    if (known.isEmpty()) {
      return false;
    }
    boolean named = serverId.isEmpty() || serverId.equals(server.id());
    return (applicationToo && known.get().applicationDistrib())
        || (named && known.get().distrib().isPresent());
  }

  private Optional<InternalServerDescriptor> loaded(String serverId) {
    return Optional.ofNullable(servers.get(serverId)).flatMap(NodeServers::descriptor);
  }

  private SortedMap<String, DistributionDescriptor> distributions(
      List<String> serverIds, String serverId) {
    SortedMap<String, DistributionDescriptor> found = new TreeMap<>();
    for (String id : serverIds) {
      if (serverId.isEmpty() || serverId.equals(id)) {
        loaded(id).flatMap(InternalServerDescriptor::distrib).ifPresent(own -> found.put(id, own));
      }
    }
    return found;
  }

  /** Servers that {@link #patch} has named may run again. */
  void patched(Collection<String> serverIds) {
    for (String id : serverIds) {
      HostedServer server = servers.get(id);
      if (server != null) {
        server.post(new ServerInput.Patched());
      }
    }
  }

  /** Stops all servers and ends when the last process is gone; nothing is started any more. */
  CompletionStage<Void> stopAll() {
    ending = true;
    return stopAll(STOP_ROUNDS_MAX);
  }

  /** Once more where a server failed meanwhile: another object has its process now. */
  private CompletionStage<Void> stopAll(int rounds) {
    List<HostedServer> asked = List.copyOf(servers.values());
    CompletableFuture<Void> stopped =
        CompletableFuture.allOf(
            asked.stream()
                .map(server -> server.request(ServerInput.NodeShutdown::new))
                .toArray(CompletableFuture[]::new));
    return stopped
        .handle((ok, failure) -> failure == null && asked.containsAll(servers.values()))
        .thenCompose(all -> all || rounds == 1 ? stopped : stopAll(rounds - 1));
  }
}
