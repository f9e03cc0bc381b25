package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.Admin;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.RegistryPrx;
import dev.firn.model.RegistryTables;
import dev.firn.replication.Master;
import dev.firn.replication.ReplicationConfig;
import dev.firn.storage.InMemoryRegistryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The part of a registry that sessions need, with sessions, on loopback. */
final class TestRegistry implements RegistryContext, AutoCloseable {
  private static final int PORT_MIN = 19500;
  private static final int PORT_MAX = 19899;
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger((int) (ProcessHandle.current().pid() % (PORT_MAX - PORT_MIN)));

  private final RecordingLogger logger = new RecordingLogger();
  private final Communicator communicator;
  private final String instanceName;
  private final String replicaName;
  private final Traces traces;
  private final TestNodes nodes = new TestNodes();
  private final Map<String, InternalRegistryPrx> replicas = new HashMap<>();
  private final List<Communicator> clients = new ArrayList<>();
  private final ObjectAdapter client;
  private final ObjectAdapter server;
  private final ObjectAdapter internal;
  private final ObjectAdapter sessionManager;
  private final ObjectAdapter adminSessionManager;
  private final Sessions sessions;
  private final RegistryNodes registryNodes;
  private final ObjectPrx admin;

  static TestRegistry start(String... properties) {
    return new TestRegistry("IceGrid", "Master", RegistryTables.EMPTY, properties);
  }

  /** Whose nodes have what these tables deploy. */
  static TestRegistry start(RegistryTables tables) {
    TestRegistry started = new TestRegistry("IceGrid", "Master", tables);
    started.registryNodes.entries().start(tables);
    return started;
  }

  static TestRegistry startReplica(String name, String... properties) {
    return new TestRegistry("IceGrid", name, RegistryTables.EMPTY, properties);
  }

  static TestRegistry startInstance(String instanceName, String... properties) {
    return new TestRegistry(instanceName, "Master", RegistryTables.EMPTY, properties);
  }

  private TestRegistry(
      String instanceName, String replicaName, RegistryTables tables, String... options) {
    this.instanceName = instanceName;
    this.replicaName = replicaName;
    InitializationData init = new InitializationData();
    init.logger = logger;
    init.properties = Util.createProperties();
    Properties properties = init.properties;
    properties.setProperty("Ice.Admin.Enabled", "1");
    properties.setProperty("Ice.ThreadPool.Client.SizeMax", "10");
    properties.setProperty("IceGrid.Registry.Trace.Session", "2");
    properties.setProperty("IceGrid.Registry.Trace.Subscriber", "1");
    properties.setProperty("IceGrid.Registry.Trace.Admin", "1");
    properties.setProperty("IceGrid.Registry.Server.ThreadPool.Serialize", "1");
    properties.setProperty(
        "IceGrid.Registry.AdminPermissionsVerifier", instanceName + "/NullPermissionsVerifier");
    properties.setProperty("IceGrid.Registry.Trace.Object", "2");
    properties.setProperty("IceGrid.Registry.Trace.Server", "2");
    for (String option : options) {
      String[] nameAndValue = option.substring(2).split("=", 2);
      properties.setProperty(nameAndValue[0], nameAndValue[1]);
    }
    Sessions.prepare(properties);
    communicator = Util.initialize(init);
    traces = new Traces(properties, logger);
    sessions = Sessions.create(this);
    client =
        communicator.createObjectAdapterWithEndpoints(
            "IceGrid.Registry.Client", clientEndpoints(properties));
    server = adapter("Server");
    internal = adapter("Internal");
    sessionManager = adapter("SessionManager");
    adminSessionManager = adapter("AdminSessionManager");
    registryNodes = newNodes(tables);
    admin =
        communicator.createAdmin(
            internal, new Identity("RegistryAdmin-" + replicaName, instanceName));
    sessions.allocatables().watch();
    sessions.activate(
        client, server, Optional.of(sessionManager), Optional.of(adminSessionManager));
    List.of(client, server, internal, sessionManager, adminSessionManager)
        .forEach(ObjectAdapter::activate);
  }

  /**
   * @param tables never change
   */
  private RegistryNodes newNodes(RegistryTables tables) {
    RegistryNames names = new RegistryNames(instanceName, replicaName);
    Engine engine =
        new Engine(
            new Master(new ReplicationConfig(1_000, 1_000, 10, 1, 1), tables, false),
            new InMemoryRegistryStore(),
            traces,
            failure -> {});
    return new RegistryNodes(
        new RegistryNodes.Settings(
            communicator,
            traces,
            names,
            replicaName,
            internal,
            engine,
            sessions.reaper(),
            new ClosedConnections(),
            sessions.topics(),
            30,
            List::of,
            (uuid, revision) -> CompletableFuture.completedFuture(null)));
  }

  private ObjectAdapter adapter(String name) {
    return communicator.createObjectAdapterWithEndpoints("IceGrid.Registry." + name, endpoint());
  }

  /** With the transports of the TLS plug-in if that is configured. */
  private static String clientEndpoints(Properties properties) {
    String tcp = endpoint();
    return properties.getProperty("Ice.Plugin.IceSSL").isEmpty()
        ? tcp
        : tcp + ":" + endpoint().replace("tcp", "ssl") + ":" + endpoint().replace("tcp", "wss");
  }

  /** The endpoint of the Client adapter with this transport. */
  String clientEndpoint(String transport) {
    return java.util.Arrays.stream(client.getEndpoints())
        .map(Object::toString)
        .filter(endpoint -> endpoint.startsWith(transport + " "))
        .findFirst()
        .orElseThrow();
  }

  /** An endpoint on a port that is free now. */
  static String endpoint() {
    while (true) {
      int port = PORT_MIN + Math.floorMod(NEXT_PORT.getAndIncrement(), PORT_MAX - PORT_MIN);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return "tcp -h 127.0.0.1 -p " + socket.getLocalPort();
      } catch (java.net.BindException taken) {
        // The next one, then.
      } catch (IOException ex) {
        throw new UncheckedIOException(ex);
      }
    }
  }

  /** A client with a communicator, and so connections, of its own. */
  Communicator newClient(String... options) {
    InitializationData init = new InitializationData();
    init.properties = Util.createProperties();
    init.properties.setProperty("Ice.Default.EndpointSelection", "Ordered");
    for (String option : options) {
      String[] nameAndValue = option.substring(2).split("=", 2);
      init.properties.setProperty(nameAndValue[0], nameAndValue[1]);
    }
    Communicator created = Util.initialize(init);
    clients.add(created);
    return created;
  }

  RegistryPrx registry(Communicator from) {
    String name = master() ? "Registry" : "Registry-" + replicaName;
    return RegistryPrx.uncheckedCast(from(from, client.createProxy(id(name))));
  }

  /** A session of a new client. */
  AdminSessionPrx newSession(String user) {
    try {
      return registry(newClient()).createAdminSession(user, "");
    } catch (PermissionDeniedException ex) {
      throw new AssertionError(ex.reason, ex);
    }
  }

  /** The proxy as another process would have it. */
  static ObjectPrx from(Communicator client, ObjectPrx proxy) {
    return client.stringToProxy(proxy.toString());
  }

  static Connection connection(ObjectPrx proxy) {
    return proxy.ice_getConnection();
  }

  Identity id(String name) {
    return new Identity(name, instanceName);
  }

  ObjectAdapter client() {
    return client;
  }

  ObjectAdapter internal() {
    return internal;
  }

  ObjectAdapter sessionManager() {
    return sessionManager;
  }

  ObjectAdapter adminSessionManager() {
    return adminSessionManager;
  }

  TestNodes nodes() {
    return nodes;
  }

  Sessions sessions() {
    return sessions;
  }

  List<String> log() {
    return logger.lines();
  }

  void addReplica(String name, ObjectPrx proxy) {
    replicas.put(name, InternalRegistryPrx.uncheckedCast(proxy));
  }

  @Override
  public Optional<ObjectPrx> admin() {
    return Optional.of(admin);
  }

  @Override
  public RegistryNodes registryNodes() {
    return registryNodes;
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
  public String instanceName() {
    return instanceName;
  }

  @Override
  public String replicaName() {
    return replicaName;
  }

  @Override
  public boolean master() {
    return replicaName.equals("Master");
  }

  @Override
  public boolean nowarn() {
    return false;
  }

  @Override
  public RegistryInfo registryInfo() {
    return new RegistryInfo(replicaName, "here");
  }

  @Override
  public LocatorPrx locator() {
    return LocatorPrx.uncheckedCast(client.createProxy(id("Locator")));
  }

  @Override
  public LocatorPrx verifierLocator() {
    return LocatorPrx.uncheckedCast(internal.createProxy(id("VerifierLocator")));
  }

  @Override
  public Optional<InternalRegistryPrx> findReplica(String name) {
    return Optional.ofNullable(replicas.get(name));
  }

  @Override
  public DeployedServers deployedServers() {
    return nodes.servers();
  }

  @Override
  public NodeViews nodeViews() {
    return nodes.views();
  }

  /** Answers its session's id as the only application, and its lock as that of updates. */
  @Override
  public Admin createAdmin(ExclusiveLock.Holder holder) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
          }
          switch (method.getName()) {
            case "getAllApplicationNames" -> {
              return new String[] {holder.sessionId()};
            }
            case "removeApplication" -> {
              holder.check();
              return null;
            }
            case "hashCode" -> {
              return System.identityHashCode(proxy);
            }
            case "equals" -> {
              return proxy == arguments[0];
            }
            default -> throw new UnsupportedOperationException(method.getName());
          }
        };
    return (Admin)
        Proxy.newProxyInstance(
            TestRegistry.class.getClassLoader(), new Class<?>[] {Admin.class}, handler);
  }

  @Override
  public void close() {
    clients.forEach(Communicator::destroy);
    sessions.deactivate();
    communicator.shutdown();
    communicator.waitForShutdown();
    sessions.shutdown();
    communicator.destroy();
  }
}
