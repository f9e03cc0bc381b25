package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.UserAccountMapperPrx;
import dev.firn.registry.CollocatedRegistry;
import dev.firn.registry.LogFiles;
import dev.firn.wire.Exceptions;
import dev.firn.wire.ProcessFacet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A node: starts everything in order, waits, stops everything in order.
 *
 * <p>{@link #start}, {@link #awaitShutdown}, {@link #stopServers} and {@link #stop} belong to one
 * thread; {@link #shutdown} may be called from any, also before the start is complete.
 */
final class NodeProcess implements NodeContext {
  private static final int PUSH_QUEUE_MAX = 10_000;
  private static final int LOCATOR_PING_MILLIS = 1_000;
  private static final int FIRST_CONTACT_SECONDS = 3;

  private final Communicator communicator;
  private final NodeSettings settings;
  private final NodeOptions options;
  private final @Nullable CollocatedRegistry registry;
  private final NodeTraces traces;
  private final Platform platform;
  private final NodeStates states;
  private final LinuxLauncher launcher;
  private final FileDirectories directories;
  private final CompletableFuture<Void> shutdownWanted = new CompletableFuture<>();

  private @Nullable NodeLock lock;
  private @Nullable ObjectAdapter adapter;
  private @Nullable Accounts accounts;
  private @Nullable NodeServers servers;
  private volatile @Nullable NodeSessions sessions;

  /**
   * @param registry in the same process, null if there is none; it ends with the node
   */
  NodeProcess(
      Communicator communicator,
      NodeSettings settings,
      NodeOptions options,
      @Nullable CollocatedRegistry registry) {
    this.communicator = communicator;
    this.registry = registry;
    this.settings = settings;
    this.options = options;
    Properties properties = communicator.getProperties();
    launcher =
        new LinuxLauncher(
            NodeProperty.STDOUT.of(properties),
            NodeProperty.STDERR.of(properties),
            System.getenv().getOrDefault("FIRN_OPEN_FILES", ""));
    Logger logger = communicator.getLogger();
    traces = new NodeTraces(properties, logger);
    platform = new Platform(settings);
    states = new NodeStates(platform::info, PUSH_QUEUE_MAX);
    directories = new FileDirectories(settings, logger::warning);
  }

  /**
   * Starts; on an exception it has to be stopped all the same.
   *
   * @throws NodeConfigurationException with what is wrong with the configuration
   */
  void start() throws NodeConfigurationException, InterruptedException {
    lock = NodeLock.acquire(settings.data());
    try {
      directories.create();
    } catch (IOException e) {
      throw new NodeConfigurationException(
          "property `IceGrid.Node.Data' is set to an invalid path:\n"
              + FileTree.reason(e)
              + ": "
              + settings.dataText());
    }
    ObjectAdapter created = communicator.createObjectAdapter("IceGrid.Node");
    adapter = created;
    NodeServers hosted = new NodeServers(this);
    servers = hosted;
    accounts = accounts(created, hosted.pool());
    MasterSynchronisation synchronisation = new MasterSynchronisation(directories, hosted, traces);
    NodePrx node = NodePrx.uncheckedCast(created.createDirectProxy(settings.node()));
    NodeSessions registries = new NodeSessions(this, platform, node, synchronisation);
    sessions = registries;
    created.add(
        new NodeServant(
            settings.name(),
            platform,
            hosted,
            synchronisation,
            registries,
            new NodePatcher(this, hosted),
            new LogFiles(communicator.getProperties()),
            this::shutdown),
        settings.node());
    ServerAdminRouter router = new ServerAdminRouter(hosted, traces);
    created.addDefaultServant(router, settings.instance() + "-NodeServerAdminRouter");
    created.addDefaultServant(router, settings.instance() + "-NodeRouter");
    // Before the tasks of servers use the adapter, too: see ProcessFacet.
    createAdmin(created, hosted);
    hosted.adopt();
    warnOfUnreachableLocator();
    // Registries that knew an earlier run of this node ask whether it lives: see NodeServant.
    created.activate();
    awaitFirstContact(registries);
    if (!shutdownWanted.isDone()) {
      registries.activate();
    }
  }

  private Accounts accounts(ObjectAdapter created, Executor pool)
      throws NodeConfigurationException {
    Properties properties = communicator.getProperties();
    String mapper = NodeProperty.USER_ACCOUNT_MAPPER.of(properties);
    String file = NodeProperty.USER_ACCOUNTS.of(properties);
    ObjectPrx proxy = null;
    if (!mapper.isEmpty()) {
      try {
        proxy = communicator.propertyToProxy(NodeProperty.USER_ACCOUNT_MAPPER.key());
      } catch (LocalException e) {
        throw new NodeConfigurationException(
            "user account mapper `IceGrid.Node.UserAccountMapper' is invalid:\n"
                + Exceptions.text(e));
      }
    } else if (!file.isEmpty()) {
      proxy = created.addWithUUID(FileAccounts.load(Path.of(file)));
    }
    return new SystemAccounts(
        SystemAccounts.ownUid(),
        settings.allowRunningServersAsRoot(),
        proxy == null ? null : UserAccountMapperPrx.uncheckedCast(proxy),
        pool);
  }

  private void warnOfUnreachableLocator() {
    LocatorPrx locator = communicator.getDefaultLocator();
    if (options.nowarn() || locator == null) {
      return;
    }
    try {
      locator.ice_invocationTimeout(LOCATOR_PING_MILLIS).ice_ping();
    } catch (LocalException e) {
      traces
          .logger()
          .warning(
              "couldn't reach the IceGrid registry (this is expected if it's down, otherwise"
                  + " please check the value of the Ice.Default.Locator property):\n"
                  + Exceptions.text(e));
    }
  }

  private void awaitFirstContact(NodeSessions registries) throws InterruptedException {
    try {
      CompletableFuture.anyOf(registries.start(), shutdownWanted)
          .get(FIRST_CONTACT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Sessions come when registries do.
    }
  }

  private void createAdmin(ObjectAdapter created, NodeServers hosted) {
    Properties properties = communicator.getProperties();
    if (properties.getPropertyAsInt(NodeProperty.ADMIN_ENABLED.key()) <= 0) {
      return;
    }
    Identity id = settings.id("NodeAdmin-" + settings.name());
    RestartsFacet restarts = new RestartsFacet(hosted::views, hosted::nowMillis);
    if (registry == null) {
      communicator.addAdminFacet(restarts, RestartsFacet.NAME);
      ProcessFacet.install(communicator, this::shutdown);
      ProcessFacet.createAdmin(communicator, created, id);
      return;
    }
    // The registry has made the process's Admin object; its facets serve under this name, too. Who
    // ends the registry ends the node.
    registry.adminFacets().forEach((facet, servant) -> created.addFacet(servant, id, facet));
    List<String> wanted = List.of(properties.getPropertyAsList("Ice.Admin.Facets"));
    if (wanted.isEmpty() || wanted.contains(RestartsFacet.NAME)) {
      created.addFacet(restarts, id, RestartsFacet.NAME);
    }
  }

  /** Carries out {@code --deploy}. Returns when that is done, or the node is to end. */
  void deploy() throws InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                new ApplicationDeploy(communicator, settings)
                    .deploy(options.deploy(), options.targets());
              } finally {
                done.complete(null);
              }
            },
            "firn-node-deploy");
    thread.setDaemon(true);
    thread.start();
    await(done);
  }

  /** Waits for something that never fails, or until the node is to end. */
  private void await(CompletableFuture<Void> event) throws InterruptedException {
    try {
      CompletableFuture.anyOf(event, shutdownWanted).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("neither ever fails", e);
    }
  }

  /** Waits for a session with the master; false if the node is to end first. */
  boolean awaitMaster() throws InterruptedException {
    NodeSessions registries = sessions;
    if (registries == null) {
      return false;
    }
    await(registries.masterConnected());
    return !shutdownWanted.isDone();
  }

  void awaitShutdown() throws InterruptedException {
    await(shutdownWanted);
  }

  boolean isShutdownWanted() {
    return shutdownWanted.isDone();
  }

  /** The node is to end, in order. */
  void shutdown() {
    shutdownWanted.complete(null);
  }

  /**
   * Stops all servers while registries still hear of it. Blocks as long as servers take to stop.
   */
  void stopServers() throws InterruptedException {
    launcher.stop();
    try {
      NodeServers hosted = servers;
      if (hosted != null) {
        hosted.stopAll().toCompletableFuture().get();
      }
    } catch (ExecutionException e) {
      traces.logger().warning("unexpected exception while shutting down node:\n" + cause(e));
    }
  }

  /** Ends all else, after {@link #stopServers}. */
  void stop() throws InterruptedException {
    ObjectAdapter created = adapter;
    if (created != null) {
      created.deactivate();
    }
    NodeSessions registries = sessions;
    if (registries != null) {
      registries.end();
    }
    if (registry != null) {
      registry.stop();
    }
    communicator.shutdown();
    communicator.waitForShutdown();
    if (lock != null) {
      lock.close();
    }
  }

  private static String cause(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return Exceptions.text(cause == null ? failure : cause);
  }

  @Override
  public Communicator communicator() {
    return communicator;
  }

  @Override
  public ObjectAdapter adapter() {
    return required(adapter);
  }

  @Override
  public NodeSettings settings() {
    return settings;
  }

  @Override
  public NodeTraces traces() {
    return traces;
  }

  @Override
  public ProcessLauncher launcher() {
    return launcher;
  }

  @Override
  public FileDirectories directories() {
    return directories;
  }

  @Override
  public Accounts accounts() {
    return required(accounts);
  }

  @Override
  public MasterSession master() {
    return (uuid, revision) -> required(sessions).waitForApplicationUpdate(uuid, revision);
  }

  @Override
  public NodeStates states() {
    return states;
  }

  private static <T> T required(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not started yet");
    }
    return part;
  }
}
