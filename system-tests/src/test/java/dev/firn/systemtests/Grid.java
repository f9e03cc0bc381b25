package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Registries and nodes of one instance, and a client that sees every server through them. */
final class Grid {
  /** For what takes several session time-outs. */
  static final Duration LONG = Cluster.LONG;

  private final Lab lab;
  private final List<RegistryProcess> registries = new ArrayList<>();
  private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();
  private @Nullable IceClient client;
  private @Nullable AdminSession session;

  private Grid(Lab lab) {
    this.lab = lab;
  }

  /** One registry, not yet started. */
  static Grid of(Lab lab, GridMix mix, String... nodes) {
    return of(lab, mix, 0, nodes);
  }

  /** A master, so many slaves named Replica1, Replica2 ..., and nodes; none yet started. */
  static Grid of(Lab lab, GridMix mix, int slaves, String... nodes) {
    Grid grid = new Grid(lab);
    grid.registries.add(lab.registry(mix.registry(), "Master"));
    for (int i = 1; i <= slaves; i++) {
      grid.registries.add(lab.registry(mix.slave(), "Replica" + i));
    }
    for (RegistryProcess registry : grid.registries) {
      registry.with("Ice.Default.Locator", grid.locator());
      registry.with("IceGrid.Registry.NodeSessionTimeout", "10");
      registry.with("IceGrid.Registry.SessionTimeout", "3600");
      for (String category : List.of("Application", "Node", "Server")) {
        registry.with("IceGrid.Registry.Trace." + category, "2");
      }
    }
    for (String node : nodes) {
      grid.nodes.put(node, lab.node(mix.node(), node).with("Ice.Default.Locator", grid.locator()));
    }
    return grid;
  }

  void startRegistries() {
    registries.get(0).start();
    registries.stream().skip(1).forEach(RegistryProcess::begin);
    registries.forEach(RegistryProcess::awaitReady);
  }

  Grid start() {
    startRegistries();
    nodes.values().forEach(NodeProcess::begin);
    nodes.values().forEach(NodeProcess::awaitReady);
    // A node is ready with the master's session, and has those of the slaves some time later.
    restoreConnections();
    return this;
  }

  /** Starts what does not run, waits until all know each other, and removes all applications. */
  void restore() {
    registries.stream().filter(registry -> !registry.isRunning()).forEach(RegistryProcess::start);
    nodes.values().stream().filter(node -> !node.isRunning()).forEach(NodeProcess::begin);
    restoreConnections();
    removeAll();
  }

  /**
   * Waits until the master has the slaves that run, and all replicas have sessions with all nodes.
   */
  void restoreConnections() {
    String[] slaves =
        registries.stream()
            .skip(1)
            .filter(RegistryProcess::isRunning)
            .map(RegistryProcess::replica)
            .toArray(String[]::new);
    if (slaves.length > 0) {
      Cluster.awaitConnected(client(), master(), slaves);
    }
    nodes.keySet().forEach(this::awaitNode);
  }

  /** Waits until the master and every running slave have a session with a node. */
  void awaitNode(String name) {
    for (RegistryProcess registry : registries) {
      if (registry.isRunning()) {
        Await.until(registry + " knows " + name, LONG, () -> isUp(registry, name));
      }
    }
  }

  /** What one replica says to whether a node is up. */
  boolean isUp(RegistryProcess registry, String node) {
    AdminSession asking = client().adminSession(registry);
    try {
      return asking.admin().call("pingNode", node).bool();
    } catch (IceFailure unknown) {
      return false;
    } finally {
      asking.destroy();
    }
  }

  Lab lab() {
    return lab;
  }

  RegistryProcess master() {
    return registries.get(0);
  }

  RegistryProcess slave(int number) {
    return registries.get(number);
  }

  List<RegistryProcess> registries() {
    return List.copyOf(registries);
  }

  NodeProcess node(String name) {
    NodeProcess node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException(name);
    }
    return node;
  }

  List<NodeProcess> nodes() {
    return List.copyOf(nodes.values());
  }

  /** What clients, nodes and slaves are configured with. */
  String locator() {
    return registries.stream()
        .map(RegistryProcess::endpoint)
        .collect(Collectors.joining(":", "IceGrid/Locator:", ""));
  }

  /** Asks the locator for each call, and tries nothing a second time. */
  IceClient client() {
    if (client == null) {
      client = newClient();
    }
    return client;
  }

  IceClient newClient() {
    return lab.client(
        "Ice.Default.Locator=" + locator(),
        "Ice.Default.LocatorCacheTimeout=0",
        "Ice.RetryIntervals=-1");
  }

  /** The master's; made anew after it was restarted. */
  Remote admin() {
    if (session != null) {
      try {
        session.session().call("keepAlive");
        return session.admin();
      } catch (IceFailure gone) {
        session = null;
      }
    }
    session = client().adminSession(master());
    return session.admin();
  }

  void add(GridApplication application) {
    admin().call("addApplication", application.value());
  }

  void sync(GridApplication application) {
    admin().call("syncApplication", application.value());
  }

  void syncWithoutRestart(GridApplication application) {
    admin().call("syncApplicationWithoutRestart", application.value());
  }

  /** Removes an application if it is there. */
  void remove(String application) {
    if (applications().contains(application)) {
      admin().call("removeApplication", application);
    }
  }

  void removeAll() {
    applications().forEach(this::remove);
  }

  List<String> applications() {
    return admin().call("getAllApplicationNames").texts();
  }

  long revision(String application) {
    return admin().call("getApplicationInfo", application).get("revision").number();
  }

  /** The revision of an application as one replica knows it. */
  long revision(RegistryProcess registry, String application) {
    AdminSession asking = client().adminSession(registry);
    try {
      return asking.admin().call("getApplicationInfo", application).get("revision").number();
    } finally {
      asking.destroy();
    }
  }

  void start(String server) {
    admin().call("startServer", server);
  }

  void stop(String server) {
    admin().call("stopServer", server);
  }

  /** Inactive, Activating, ActivationTimedOut, Active, Deactivating, Destroying, Destroyed. */
  String state(String server) {
    return admin().call("getServerState", server).text();
  }

  void awaitState(String server, String state) {
    // It may be told meanwhile that the server is being updated.
    Await.asserted(() -> assertThat(state(server)).as(server).isEqualTo(state));
  }

  long pid(String server) {
    return admin().call("getServerPid", server).number();
  }

  boolean isEnabled(String server) {
    return admin().call("isServerEnabled", server).bool();
  }

  void enable(String server, boolean enabled) {
    admin().call("enableServer", server, enabled);
  }

  /** The well-known object of a deployed server; calling it starts the server if need be. */
  Remote server(String identity) {
    return client().at("Deployed.Server", identity);
  }

  /** Asks deployed.py a question. */
  String ask(String identity, String question) {
    return server(identity).call("ask", question).text();
  }

  /** An adapter's answer, asked of exactly this replica's locator. */
  String askThrough(RegistryProcess registry, String adapter, String question) {
    Json proxy = client().locator(registry).call("findAdapterById", adapter);
    if (proxy.isNull()) {
      throw new AssertionError(adapter + " has no endpoints at " + registry);
    }
    int port = Cluster.ports(proxy.proxy()).get(0);
    return server("any:tcp -h 127.0.0.1 -p " + port).call("ask", question).text();
  }

  /** What the master's locator says to an adapter or replica group: a proxy or null. */
  Json locate(String adapter) {
    return client().locator(master()).call("findAdapterById", adapter);
  }

  Json findObject(String identity) {
    return client().query(master()).call("findObjectById", identityOf(identity));
  }

  /** The ports of a replica group or adapter in the order in which clients are told them. */
  List<Integer> ports(String adapter) {
    Json proxy = locate(adapter);
    return proxy.isNull() ? List.of() : Cluster.ports(proxy.proxy());
  }

  /** Kill -9 of a server's process. */
  static void killProcess(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
