package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.IceGrid.Admin;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.RegistryInfo;
import dev.firn.failover.LeaseConfig;
import dev.firn.model.RegistryTables;
import dev.firn.replication.Master;
import dev.firn.replication.RegistryStore;
import dev.firn.replication.ReplicationConfig;
import dev.firn.replication.Slave;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.LmdbRegistryStore;
import dev.firn.wire.Firn.Replica;
import dev.firn.wire.ProcessFacet;
import dev.firn.wire.StackTraces;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A registry: starts everything in order, waits, stops everything in order.
 *
 * <p>{@link #start}, {@link #awaitShutdown} and {@link #stop} belong to one thread; {@link
 * #shutdown} may be called from any, also before the start is complete.
 */
final class RegistryProcess implements RegistryContext, AdminContext {
  private static final int PUSH_QUEUE_MAX = 10_000;
  private static final long CONNECT_PERIOD_MILLIS = 1_000;
  private static final long REFUSED_PERIOD_MILLIS = 15_000;
  private static final int PUBLISH_LIMIT_SECONDS = 5;
  private static final int NODE_TIMEOUT_MILLIS = 30_000;
  private static final long SLOW_NODE_MILLIS = 500;

  private final Communicator communicator;
  private final RegistrySettings settings;
  private final RegistryOptions options;
  private final Traces traces;
  private final RegistryNames names;
  private final String hostname = Hostname.local();
  private final LargeAnswers large = new LargeAnswers();
  private final CountDownLatch shutdownWanted = new CountDownLatch(1);
  private volatile boolean failed;

  private @Nullable DirectoryLock directoryLock;
  private @Nullable RegistryStore store;
  private volatile @Nullable Started started;
  private @Nullable Sessions sessions;

  /** What exists once the database is open. */
  private record Started(Engine engine, ReplicationRole role) {}

  private final ClosedConnections connections = new ClosedConnections();
  private volatile @Nullable RegistryNodes nodes;
  private volatile @Nullable ApplicationUpdates applicationUpdates;
  private volatile @Nullable WellKnownProxies proxies;
  private volatile @Nullable LocatorPrx internalLocator;
  private volatile @Nullable ObjectPrx admin;
  private @Nullable ObjectAdapter internalAdapter;
  private @Nullable LeaseDesk leases;

  RegistryProcess(Communicator communicator, RegistrySettings settings, RegistryOptions options) {
    this.communicator = communicator;
    this.settings = settings;
    this.options = options;
    this.names = settings.names();
    this.traces = new Traces(communicator.getProperties(), communicator.getLogger());
  }

  /**
   * Starts; on an exception {@link #stop} has to be called all the same.
   *
   * @param configuredLocator the default locator as configured, null if there is none
   */
  void start(@Nullable LocatorPrx configuredLocator) throws ConfigurationException {
    if (!options.nowarn()) {
      RegistryAdapters.warnOfSessionManagers(communicator);
    }
    RunningProbe.check(communicator, names);
    directoryLock = DirectoryLock.acquire(settings.directory());
    RegistryStore opened =
        LmdbRegistryStore.open(settings.directory(), settings.mapSizeMegabytes());
    store = opened;
    ObjectAdapter internal = communicator.createObjectAdapter("IceGrid.Registry.Internal");
    internalAdapter = internal;
    // First of all: nodes and slaves that know this registry come as soon as they can.
    createAdmin(internal);
    internal.activate();

    StartTables tables = new StartTables(communicator, names, opened, configuredLocator);
    if (options.initFrom() != null) {
      tables.initFrom(options.initFrom());
    }
    RegistryTables initial = tables.take(names.master(), options.readOnly());
    Engine engine = new Engine(core(initial), opened, traces, this::bug);
    ReplicationRole role = role(engine, internal, configuredLocator);
    started = new Started(engine, role);
    Sessions created = Sessions.create(this);
    sessions = created;
    created.topics().publish(initial, List.of());
    DeploymentTraces.report(traces, initial, initial.applications());
    RegistryNodes deployment = nodes(engine, role, created, internal);
    nodes = deployment;
    applicationUpdates = new ApplicationUpdates(this::engine, deployment.entries(), traces);

    addInternalServants(engine, role, created, internal);
    engine.start(
        role.peers(),
        role.link(),
        published(created.topics(), deployment.entries(), created.allocatables(), initial));
    role.awaitFirstContact();
    if (shutdownWanted.getCount() > 0) {
      startClientSide(engine, role, created, internal);
    }
  }

  /** Passes on what changed; runs on the engine's thread, after readers see it. */
  private Engine.Observer published(
      ObserverTopics topics,
      ServerEntries servers,
      Allocatables allocatables,
      RegistryTables initial) {
    // Nodes with a session may say at any time from now on that a server is disabled.
    allocatables.watch();
    servers.start(initial);
    allocatables.update(RegistryTables.EMPTY, initial);
    return (before, after, events) -> {
      topics.publish(after, events);
      servers.update(before, after);
      allocatables.update(before, after);
    };
  }

  private void startClientSide(
      Engine engine, ReplicationRole role, Sessions created, ObjectAdapter internal) {
    RegistryAdapters adapters = RegistryAdapters.create(communicator, internal);
    Supplier<RegistryTables> snapshot = engine::tables;
    PluginFacade plugins = RegistryPlugins.of(communicator);
    NodeViews nodes = nodeViews();
    plugins.open(communicator, snapshot, nodes);
    LocateTable table = new LocateTable(communicator, snapshot, plugins.filters());
    AdapterCalls calls =
        new AdapterCalls(communicator, nodes, nodeTimeoutMillis(), SLOW_NODE_MILLIS);
    DeployedLocator deployed =
        new DeployedLocator(communicator, snapshot, nodes, calls, plugins.filters(), traces);
    WellKnownProxies known =
        new WellKnownProxies(communicator, names, adapters.client(), adapters.server(), snapshot);
    proxies = known;
    LocatorServant locator = new LocatorServant(communicator, table, deployed, known);
    internalLocator = LocatorPrx.uncheckedCast(internal.addWithUUID(locator));

    adapters.client().add(locator, names.id("Locator"));
    adapters.client().add(locator, names.id("Locator-" + names.replica()));
    adapters
        .client()
        .add(
            new QueryServant(communicator, snapshot, nodes, table, plugins.filters(), large),
            names.id("Query"));
    adapters
        .server()
        .add(
            new LocatorRegistryServant(
                communicator,
                engine,
                traces,
                new NodeRegistrar(nodes, traces, nodeTimeoutMillis()),
                settings.dynamicRegistration() && !(names.master() && options.readOnly()),
                role.registrar()),
            names.id("LocatorRegistry"));
    addRoleLeases(adapters);
    created.activate(
        adapters.client(),
        adapters.server(),
        adapters.sessionManager(),
        adapters.adminSessionManager());
    awaitPublished(
        role.publish(
            WellKnownObjects.of(communicator, names, adapters),
            known,
            registryNodes()::callOthers));
    registryNodes().callKnown();
    adapters
        .client()
        .add(
            (com.zeroc.Ice.LocatorFinder) current -> known.locator(),
            new Identity("LocatorFinder", "Ice"));
    adapters.activate(Discovery.create(this));
  }

  /** Reached through the endpoints of the locator as well as of what it calls its registry. */
  private void addRoleLeases(RegistryAdapters adapters) {
    long fallbackSeconds =
        communicator.getProperties().getPropertyAsInt("Firn.Registry.FallbackAfter");
    LeaseDesk desk =
        new LeaseDesk(
            LeaseConfig.defaults().withFallbackAfter(1_000 * Math.max(0, fallbackSeconds)),
            communicator,
            this::bug);
    leases = desk;
    RoleLeasesServant servant = new RoleLeasesServant(desk);
    adapters.client().add(servant, names.id("RoleLeases"));
    adapters.server().add(servant, names.id("RoleLeases"));
    if (names.master()) {
      desk.becameMaster();
    } else {
      desk.notMaster(
          "replica `" + names.replica() + "' is a slave; `" + RegistryNames.MASTER + "' decides");
    }
  }

  /** A node that is silent for longer loses its session. */
  private int nodeTimeoutMillis() {
    int seconds = settings.nodeSessionTimeoutSeconds();
    return seconds == 0 ? NODE_TIMEOUT_MILLIS : (int) Math.min(Integer.MAX_VALUE, seconds * 1_000L);
  }

  /** Clients that come as soon as they can must not see the endpoints of the last run. */
  private void awaitPublished(CompletionStage<?> published) {
    try {
      published.toCompletableFuture().get(PUBLISH_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      traces.logger().warning("the well-known objects of this registry are not published yet");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private dev.firn.replication.Replica core(RegistryTables tables) {
    long sessionMillis = 1_000L * Math.max(1, settings.replicaSessionTimeoutSeconds());
    ReplicationConfig config =
        new ReplicationConfig(
            settings.replicaSessionTimeoutSeconds() == 0 ? Long.MAX_VALUE / 4 : sessionMillis,
            settings.ackTimeoutMillis(),
            PUSH_QUEUE_MAX,
            CONNECT_PERIOD_MILLIS,
            REFUSED_PERIOD_MILLIS);
    return names.master()
        ? new Master(config, tables, options.readOnly())
        : new Slave(config, tables);
  }

  private ReplicationRole role(
      Engine engine, ObjectAdapter internal, @Nullable LocatorPrx configuredLocator) {
    MasterFinder finder = new MasterFinder(communicator, names, configuredLocator, engine::tables);
    if (!names.master()) {
      SlaveLink link = new SlaveLink(communicator, engine, internal, names, hostname, finder);
      return new SlaveRole(communicator, engine, names, traces, link);
    }
    ReplicaSessionServant.Settings sessionSettings =
        new ReplicaSessionServant.Settings(
            settings.replicaSessionTimeoutSeconds(),
            settings.dynamicRegistration() && !options.readOnly());
    ReplicaSessions slaves =
        new ReplicaSessions(
            communicator, engine, internal, sessionSettings, connections, slaveListener());
    MasterWatch watch = new MasterWatch(communicator, engine, names, traces, internal, finder);
    return new MasterRole(
        communicator, engine, traces, slaves, watch, settings.requireReplicaCertificate());
  }

  private ReplicaSessions.Listener slaveListener() {
    return new ReplicaSessions.Listener() {
      @Override
      public void replicaUp(RegistryInfo info, InternalRegistryPrx proxy) {
        sessions().topics().registryUp(info);
        registryNodes().sessions().replicaAdded(proxy);
      }

      @Override
      public void replicaDown(String name, InternalRegistryPrx proxy) {
        sessions().topics().registryDown(name);
        registryNodes().sessions().replicaRemoved(proxy);
      }
    };
  }

  private RegistryNodes nodes(
      Engine engine, ReplicationRole role, Sessions created, ObjectAdapter internal) {
    return new RegistryNodes(
        new RegistryNodes.Settings(
            communicator,
            traces,
            names,
            names.master() && options.readOnly()
                ? RegistryNames.MASTER + " (read-only)"
                : names.replica(),
            internal,
            engine,
            created.reaper(),
            connections,
            created.topics(),
            settings.nodeSessionTimeoutSeconds(),
            role::slaveProxies,
            (uuid, revision) -> applicationUpdates().waitForReplication(uuid, revision)));
  }

  private void addInternalServants(
      Engine engine, ReplicationRole role, Sessions created, ObjectAdapter internal) {
    internal.add(
        new InternalRegistryServant(
            communicator,
            engine::tables,
            role,
            registryNodes().sessions(),
            created.logFiles(),
            this::shutdown),
        names.internalRegistry());
    internal.addFacet(
        (Replica) current -> engine.tables().epoch().number(),
        names.internalRegistry(),
        RegistryNames.FIRN_FACET);
    Properties properties = communicator.getProperties();
    String accounts = properties.getProperty("IceGrid.Registry.UserAccounts");
    if (!accounts.isEmpty()) {
      internal.add(
          UserAccounts.load(Path.of(accounts)), names.suffixed("RegistryUserAccountMapper"));
    }
  }

  private void createAdmin(ObjectAdapter internal) {
    if (communicator.getProperties().getPropertyAsInt("Ice.Admin.Enabled") > 0) {
      ProcessFacet.install(communicator, this::shutdown);
      admin = ProcessFacet.createAdmin(communicator, internal, names.registryAdmin());
    }
  }

  /** By name; empty if there is no Admin object. After the start. */
  Map<String, com.zeroc.Ice.Object> adminFacets() {
    ObjectAdapter internal = internalAdapter;
    return internal == null ? Map.of() : internal.findAllFacets(names.registryAdmin());
  }

  /** Waits until this registry is to end; whether that is in order. */
  boolean awaitShutdown() throws InterruptedException {
    shutdownWanted.await();
    return !failed;
  }

  @Override
  public void shutdown() {
    shutdownWanted.countDown();
  }

  /** Ends everything that was started, in the order that leaves peers informed. */
  void stop() {
    RegistryPlugins.of(communicator).close();
    if (leases != null) {
      leases.shutdown();
    }
    Started running = started;
    RegistryNodes withNodes = nodes;
    if (withNodes != null) {
      withNodes.stop();
    }
    if (running != null) {
      running.role().shutdown();
      running.engine().shutdown();
    }
    communicator.shutdown();
    if (sessions != null) {
      sessions.deactivate();
    }
    communicator.waitForShutdown();
    if (sessions != null) {
      sessions.shutdown();
    }
    if (withNodes != null) {
      withNodes.shutdown();
    }
    if (store != null) {
      store.close();
    }
    if (directoryLock != null) {
      directoryLock.close();
    }
  }

  private void bug(Throwable failure) {
    communicator
        .getLogger()
        .error("service terminating after catching exception:\n" + StackTraces.of(failure));
    failed = true;
    shutdown();
  }

  private Sessions sessions() {
    Sessions created = sessions;
    if (created == null) {
      throw new IllegalStateException("a slave appeared before sessions exist");
    }
    return created;
  }

  @Override
  public Optional<ObjectPrx> admin() {
    return Optional.ofNullable(admin);
  }

  @Override
  public RegistryNodes registryNodes() {
    RegistryNodes created = nodes;
    if (created == null) {
      throw new com.zeroc.Ice.ObjectNotExistException();
    }
    return created;
  }

  private Started running() {
    Started running = started;
    if (running == null) {
      throw new com.zeroc.Ice.ObjectNotExistException();
    }
    return running;
  }

  @Override
  public Communicator communicator() {
    return communicator;
  }

  @Override
  public Traces traces() {
    return traces;
  }

  @Override
  public RegistryNames names() {
    return names;
  }

  @Override
  public String instanceName() {
    return names.instance();
  }

  @Override
  public String replicaName() {
    return names.replica();
  }

  @Override
  public boolean master() {
    return names.master();
  }

  @Override
  public boolean nowarn() {
    return options.nowarn();
  }

  @Override
  public boolean readOnly() {
    return !names.master() || options.readOnly();
  }

  @Override
  public RegistryInfo registryInfo() {
    return new RegistryInfo(names.replica(), hostname);
  }

  @Override
  public LocatorPrx locator() {
    WellKnownProxies known = proxies;
    if (known == null) {
      throw new com.zeroc.Ice.ObjectNotExistException();
    }
    return known.locator();
  }

  @Override
  public LocatorPrx verifierLocator() {
    LocatorPrx internal = internalLocator;
    if (internal == null) {
      throw new com.zeroc.Ice.ObjectNotExistException();
    }
    return internal;
  }

  @Override
  public Optional<InternalRegistryPrx> findReplica(String name) {
    return running().role().findSlave(name);
  }

  @Override
  public List<RegistryInfo> slaves() {
    return running().role().slaves();
  }

  @Override
  public Engine engine() {
    return running().engine();
  }

  @Override
  public DeployedServers deployedServers() {
    return registryNodes().entries();
  }

  @Override
  public NodeViews nodeViews() {
    return registryNodes().entries();
  }

  @Override
  public ApplicationUpdates applicationUpdates() {
    ApplicationUpdates created = applicationUpdates;
    if (created == null) {
      throw new com.zeroc.Ice.ObjectNotExistException();
    }
    return created;
  }

  @Override
  public LargeAnswers large() {
    return large;
  }

  @Override
  public Admin createAdmin(ExclusiveLock.Holder holder) {
    return new AdminServant(this, holder);
  }
}
