package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.NodePrx;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.Command;
import dev.firn.model.DeployedServer;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Mapping;
import dev.firn.wire.StackTraces;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that a registry has to do with nodes and deployed servers. Any thread; nothing blocks. */
final class RegistryNodes implements NodeSessionContext {
  private static final int THREADS_MAX = 2;

  /**
   * What is needed of the registry.
   *
   * @param replicaName what this registry calls itself towards nodes
   * @param slaves the connected slaves
   * @param replicated waits for the slaves to have a revision of an application, by its uuid
   */
  record Settings(
      Communicator communicator,
      Traces traces,
      RegistryNames names,
      String replicaName,
      ObjectAdapter internalAdapter,
      Engine engine,
      Reaper reaper,
      ClosedConnections connections,
      ObserverTopics topics,
      int timeoutSeconds,
      Supplier<List<InternalRegistryPrx>> slaves,
      BiFunction<String, Integer, CompletionStage<Void>> replicated) {}

  private final Settings settings;
  private final ThreadPoolExecutor executor;
  private final ActiveAdapters active;
  private final NodeStates states;
  private final NodeSessions sessions;
  private final RememberedNodes remembered;
  private final ServerEntries entries;
  private final PendingAnswers pending = new PendingAnswers();
  private final SerialQueue news;

  RegistryNodes(Settings settings) {
    this.settings = settings;
    executor = threads();
    news = new SerialQueue(failure -> settings.traces().logger().error(StackTraces.of(failure)));
    active = new ActiveAdapters(settings.communicator());
    states = NodeStates.both(active, settings.topics());
    sessions = new NodeSessions(this);
    remembered =
        new RememberedNodes(
            sessions,
            settings.traces(),
            settings.reaper(),
            () ->
                InternalRegistryPrx.uncheckedCast(
                    settings
                        .internalAdapter()
                        .createDirectProxy(settings.names().internalRegistry())));
    NodeRequests requests =
        new NodeRequests(
            remembered, settings.traces(), settings.replicaName(), settings.timeoutSeconds());
    entries =
        new ServerEntries(settings.engine()::tables, sessions, requests, active, settings.traces());
  }

  /** Bounded by what lanes let through and by the number of observers. */
  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS_MAX,
            THREADS_MAX,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "firn-nodes");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  RegistryTables tables() {
    return settings.engine().tables();
  }

  NodeSessions sessions() {
    return sessions;
  }

  RememberedNodes remembered() {
    return remembered;
  }

  ServerEntries entries() {
    return entries;
  }

  /** For calls of administrators that wait for nodes. */
  PendingAnswers pending() {
    return pending;
  }

  /** Asks the nodes that had sessions in the last run to register again. Endpoints are known. */
  void callKnown() {
    for (ObjectEntry entry : settings.engine().tables().nodes()) {
      NodePrx node = NodePrx.uncheckedCast(Mapping.decode(communicator(), entry.proxy()));
      if (node != null && !ask(node)) {
        forget(entry.id());
      }
    }
  }

  /** Asks nodes that have sessions with other registries to register here too. */
  void callOthers(NodePrx[] nodes) {
    for (NodePrx node : nodes) {
      if (node != null) {
        ask(node);
      }
    }
  }

  /** False if nothing is deployed on it. */
  private boolean ask(NodePrx node) {
    String prefix = "Node-";
    String identity = node.ice_getIdentity().name;
    String name = identity.startsWith(prefix) ? identity.substring(prefix.length()) : identity;
    if (sessions.find(name).isPresent()) {
      return true;
    } else if (!settings.engine().tables().deployment().nodeNames().contains(name)) {
      return false;
    }
    remembered.ask(name, node);
    return true;
  }

  /** The registry stops: nobody is told, nodes find out. */
  void stop() {
    sessions.stop();
    pending.giveUp();
  }

  /** After the communicator's shutdown. */
  void shutdown() {
    executor.shutdownNow();
  }

  @Override
  public Communicator communicator() {
    return settings.communicator();
  }

  @Override
  public Traces traces() {
    return settings.traces();
  }

  @Override
  public RegistryNames names() {
    return settings.names();
  }

  @Override
  public ObjectAdapter internalAdapter() {
    return settings.internalAdapter();
  }

  @Override
  public Reaper reaper() {
    return settings.reaper();
  }

  @Override
  public ClosedConnections connections() {
    return settings.connections();
  }

  @Override
  public Executor executor() {
    return executor;
  }

  @Override
  public int timeoutSeconds() {
    return settings.timeoutSeconds();
  }

  @Override
  public boolean requireCertificate() {
    return communicator().getProperties().getPropertyAsInt("IceGrid.Registry.RequireNodeCertCN")
        != 0;
  }

  @Override
  public NodeStates states() {
    return states;
  }

  @Override
  public SerialQueue news() {
    return news;
  }

  @Override
  public List<String> serversOf(String node) {
    RegistryTables tables = settings.engine().tables();
    for (ApplicationEntry application : tables.applications()) {
      @Nullable String failure =
          application
              .failure()
              .or(() -> tables.deployment().exclusion(application.name()))
              .orElse(null);
      if (failure != null) {
        // The node would remove the directories of servers that are not listed.
        throw new com.zeroc.Ice.UnknownException(
            "application `" + application.name() + "' is not deployed:\n" + failure);
      }
    }
    return tables.deployment().serversOfNode(node).stream()
        .map(DeployedServer::id)
        .sorted()
        .toList();
  }

  @Override
  public void loadServers(String node) {
    entries.loadServers(node);
  }

  @Override
  public CompletionStage<Void> replicated(String uuid, int revision) {
    return pending.from(() -> settings.replicated().apply(uuid, revision));
  }

  @Override
  public List<InternalRegistryPrx> slaves() {
    return settings.slaves().get();
  }

  @Override
  public void save(ObjectEntry node) {
    settings.engine().submit(new Command.SaveNode(node));
  }

  @Override
  public void forget(ObjectId node) {
    settings.engine().submit(new Command.ForgetNode(node));
  }

  @Override
  public void nodeUp(String node) {
    remembered.up(node);
    entries.nodeUp(node);
  }

  @Override
  public void nodeLost(String node) {
    entries.nodeLost(node);
  }
}
