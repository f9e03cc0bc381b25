package dev.firn.systemtests;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * One drill: a grid with an application, what those who updated it were promised, and the next
 * thing to go wrong. At the end all is as deployed, and nothing runs that should not.
 */
final class DeployDrill {
  private static final List<String> NODES = List.of("node", "second");

  private final Grid grid;
  private final GridMix mix;
  private final Random random;
  private final List<String> history = new ArrayList<>();

  /** One of each kind on each node. */
  private final Set<String> servers = new TreeSet<>();

  /** What the property Version of all of them may be: one value, or two while nobody knows. */
  private final Set<Integer> possible = new TreeSet<>(Set.of(0));

  private final Set<Integer> extra = new TreeSet<>();
  private int updates;
  private int version;
  private int disturbances;

  DeployDrill(Lab lab, GridMix mix, Random random) {
    this.mix = mix;
    this.random = random;
    this.grid = Grid.of(lab, mix, 1, "node", "second");
    grid.start();
    for (String node : NODES) {
      servers.add("demand-" + node);
      servers.add("always-" + node);
    }
    grid.add(application(0));
  }

  /** All servers with this value, and what came and went. */
  private GridApplication application(int value) {
    GridApplication application =
        new GridApplication("drill").group("group", "Random", 0, "grouped");
    for (String node : NODES) {
      application.server(
          node,
          GridServer.pythonWithoutAdapters("demand-" + node)
              .activation("on-demand")
              .with("Version", Integer.toString(value))
              .member("Server", "group", "", "demand-" + node));
      application.server(
          node,
          GridServer.python("always-" + node)
              .activation("always")
              .with("Version", Integer.toString(value)));
    }
    extra.forEach(
        number ->
            application.server(
                NODES.get(number % NODES.size()), GridServer.python("extra-" + number)));
    return application;
  }

  void run(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end || disturbances < 5) {
      update("syncApplication");
      use();
      awaitAlways();
      disturb();
      disturbances++;
      use();
    }
    System.out.println(
        "drill of "
            + mix
            + ": "
            + disturbances
            + " disturbances, "
            + updates
            + " acknowledged updates: "
            + history);
  }

  private void disturb() {
    switch (random.nextInt(5)) {
      case 0 -> killServer();
      case 1 -> killNode();
      case 2 -> killMasterDuringAnUpdate();
      case 3 -> killSlave();
      default -> killServerAndNode();
    }
  }

  private String anyServer() {
    List<String> ids = List.copyOf(servers);
    return ids.get(random.nextInt(ids.size()));
  }

  private void killServer() {
    String id = anyServer();
    history.add("kill " + id);
    requireNonNull(running().get(id), id).forEach(Grid::killProcess);
  }

  /** The servers of a killed node go on; the reference's node would start second ones. */
  private void killNode() {
    NodeProcess node = grid.node(NODES.get(random.nextInt(NODES.size())));
    if (node.implementation() == Implementation.ZEROC) {
      history.add("restart " + node.name());
      node.terminate();
      node.start();
      return;
    }
    history.add("kill " + node.name());
    Map<String, List<Long>> before = running();
    node.kill();
    node.start();
    grid.awaitNode(node.name());
    expectUntouched(before);
  }

  private void killServerAndNode() {
    String name = NODES.get(random.nextInt(NODES.size()));
    NodeProcess node = grid.node(name);
    if (node.implementation() == Implementation.ZEROC) {
      killServer();
      return;
    }
    history.add("kill " + name + " and a server");
    Map<String, List<Long>> before = running();
    node.kill();
    requireNonNull(before.remove("demand-" + name), name).forEach(Grid::killProcess);
    node.start();
    expectUntouched(before);
  }

  private void killSlave() {
    history.add("kill slave");
    Map<String, List<Long>> before = running();
    grid.slave(1).kill();
    update("syncApplicationWithoutRestart");
    grid.slave(1).start();
    expectUntouched(before);
  }

  /** Nobody is told what became of the update; it is done or not, as a whole. */
  private void killMasterDuringAnUpdate() {
    history.add("kill master");
    Map<String, List<Long>> before = running();
    int next = ++version;
    CompletableFuture<Json> answer =
        grid.admin().begin("syncApplicationWithoutRestart", application(next).value());
    grid.master().kill();
    boolean acknowledged = true;
    try {
      PythonClient.await(answer);
    } catch (IceFailure unknown) {
      acknowledged = false;
    }
    // Meanwhile the slave serves.
    Await.asserted(
        Grid.LONG,
        () ->
            assertThat(grid.askThrough(grid.slave(1), "demand-node.Server", "id"))
                .isEqualTo("demand-node"));
    grid.master().start();
    grid.restoreConnections();
    expectUntouched(before);
    if (acknowledged) {
      possible.clear();
      updates++;
    }
    possible.add(next);
  }

  /** The processes of all servers, each of which has one. */
  private Map<String, List<Long>> running() {
    Map<String, List<Long>> found = new TreeMap<>();
    servers.forEach(id -> found.put(id, grid.lab().leftovers().ofServer(id)));
    assertThat(found.values()).as("%s before the end of %s", found, this).noneMatch(List::isEmpty);
    return found;
  }

  /** No process that ran is gone. */
  private void expectUntouched(Map<String, List<Long>> before) {
    before.forEach(
        (id, pids) ->
            assertThat(grid.lab().leftovers().ofServer(id))
                .as("processes of %s after %s", id, this)
                .containsAll(pids));
  }

  /** An update that is acknowledged: new values, and a server more or less. */
  private void update(String operation) {
    grid.restoreConnections();
    int number = random.nextInt(4);
    if (!extra.add(number)) {
      extra.remove(number);
    }
    version++;
    grid.admin().call(operation, application(version).value());
    possible.clear();
    possible.add(version);
    updates++;
  }

  private void awaitAlways() {
    for (String node : NODES) {
      Await.until(
          () -> "always-" + node + " is active: " + grid.state("always-" + node) + this,
          Grid.LONG,
          () -> grid.state("always-" + node).equals("Active"));
    }
  }

  /** Every on-demand server can be reached at any time. */
  private void use() {
    for (String node : NODES) {
      Await.asserted(
          Grid.LONG,
          () ->
              assertThat(grid.ask("demand-" + node, "id"))
                  .as(toString())
                  .isEqualTo("demand-" + node));
    }
    Await.asserted(Grid.LONG, () -> assertThat(grid.ask("grouped", "id")).startsWith("demand-"));
  }

  void expectAllAsDeployed() {
    grid.restoreConnections();
    List<String> ids = new ArrayList<>(servers);
    extra.forEach(number -> ids.add("extra-" + number));
    for (RegistryProcess registry : grid.registries()) {
      AdminSession session = grid.client().adminSession(registry);
      assertThat(session.admin().call("getAllServerIds").texts())
          .as("%s after %s", registry, this)
          .containsExactlyInAnyOrderElementsOf(ids);
      session.destroy();
    }
    // An update is done as a whole, or not at all.
    Await.asserted(
        Grid.LONG,
        () -> {
          Set<Integer> seen = new TreeSet<>();
          servers.forEach(id -> seen.add(Integer.parseInt(grid.ask(id, "property Version"))));
          assertThat(seen).as(toString()).hasSize(1).isSubsetOf(possible);
        });
    for (String id : ids) {
      Await.until(
          () -> id + " has one process, or none: " + grid.lab().leftovers().ofServer(id) + this,
          Grid.LONG,
          () -> {
            List<Long> pids = grid.lab().leftovers().ofServer(id);
            long pid = grid.pid(id);
            return pid == 0 ? pids.isEmpty() : pids.equals(List.of(pid));
          });
    }
    awaitAlways();
    grid.remove("drill");
    for (NodeProcess node : grid.nodes()) {
      assertThat(node.servers()).as(toString()).isEmptyDirectory();
      node.terminate();
    }
    assertThat(grid.lab().leftovers().pids()).as(toString()).isEmpty();
  }

  @Override
  public String toString() {
    return "drill " + history;
  }
}
