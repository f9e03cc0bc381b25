package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

  /** What each server's property Version may be: one value, or two while nobody knows. */
  private final Map<String, Set<Integer>> versions = new TreeMap<>();

  private final Set<Integer> extra = new TreeSet<>();
  private int updates;
  private int version;
  private int disturbances;

  DeployDrill(Lab lab, GridMix mix, Random random) {
    this.mix = mix;
    this.random = random;
    this.grid = Grid.of(lab, mix, 1, "node", "second");
    // Clients try again as clients do: a server may be killed between its locate and its call.
    grid.start();
    for (String node : NODES) {
      for (String kind : List.of("demand", "always")) {
        versions.put(kind + "-" + node, new TreeSet<>(Set.of(0)));
      }
    }
    grid.add(application(values(0)));
  }

  private Map<String, Integer> values(int value) {
    Map<String, Integer> values = new LinkedHashMap<>();
    versions.keySet().forEach(id -> values.put(id, value));
    return values;
  }

  /** One server of each kind on each node, with these values; and what came and went. */
  private GridApplication application(Map<String, Integer> values) {
    GridApplication application =
        new GridApplication("drill").group("group", "Random", 0, "grouped");
    for (String node : NODES) {
      application.server(
          node,
          GridServer.pythonWithoutAdapters("demand-" + node)
              .activation("on-demand")
              .with("Version", Integer.toString(values.getOrDefault("demand-" + node, -1)))
              .member("Server", "group", "", "demand-" + node));
      application.server(
          node,
          GridServer.python("always-" + node)
              .activation("always")
              .with("Version", Integer.toString(values.getOrDefault("always-" + node, -1))));
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
      update();
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
    List<String> ids = List.copyOf(versions.keySet());
    return ids.get(random.nextInt(ids.size()));
  }

  private void killServer() {
    String id = anyServer();
    history.add("kill " + id);
    grid.lab().leftovers().ofServer(id).forEach(Grid::killProcess);
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
    Map<String, List<Long>> before = processes(node.name());
    node.kill();
    node.start();
    grid.awaitNode(node.name());
    before.forEach(
        (id, pids) ->
            assertThat(grid.lab().leftovers().ofServer(id))
                .as("processes of %s after %s", id, this)
                .containsAll(pids));
  }

  private void killServerAndNode() {
    String name = NODES.get(random.nextInt(NODES.size()));
    NodeProcess node = grid.node(name);
    if (node.implementation() == Implementation.ZEROC) {
      killServer();
      return;
    }
    history.add("kill " + name + " and a server");
    node.kill();
    grid.lab().leftovers().ofServer("demand-" + name).forEach(Grid::killProcess);
    node.start();
  }

  private void killSlave() {
    history.add("kill slave");
    Map<String, List<Long>> before = processes();
    grid.slave(1).kill();
    update();
    grid.slave(1).start();
    expectUntouched(before);
  }

  /** Nobody is told what became of the update; it is done or not, as a whole. */
  private void killMasterDuringAnUpdate() {
    history.add("kill master");
    int next = ++version;
    Map<String, Integer> values = new LinkedHashMap<>(values(next));
    CompletableFuture<Json> answer =
        grid.admin().begin("syncApplicationWithoutRestart", application(values).value());
    grid.master().kill();
    boolean acknowledged = true;
    try {
      PythonClient.await(answer);
    } catch (IceFailure unknown) {
      acknowledged = false;
    }
    Map<String, List<Long>> before = processes();
    // Meanwhile the slave serves.
    Await.asserted(
        Grid.LONG,
        () ->
            assertThat(grid.askThrough(grid.slave(1), "demand-node.Server", "id"))
                .isEqualTo("demand-node"));
    grid.master().start();
    grid.restoreConnections();
    expectUntouched(before);
    for (Set<Integer> possible : versions.values()) {
      if (acknowledged) {
        possible.clear();
      }
      possible.add(next);
    }
    if (acknowledged) {
      updates++;
    }
  }

  private Map<String, List<Long>> processes() {
    Map<String, List<Long>> found = new TreeMap<>();
    versions.keySet().forEach(id -> found.put(id, grid.lab().leftovers().ofServer(id)));
    return found;
  }

  private Map<String, List<Long>> processes(String node) {
    Map<String, List<Long>> found = processes();
    found.keySet().removeIf(id -> !id.endsWith("-" + node));
    return found;
  }

  /** No process that ran is gone. */
  private void expectUntouched(Map<String, List<Long>> before) {
    processes()
        .forEach(
            (id, now) ->
                assertThat(now)
                    .as("processes of %s after %s", id, this)
                    .containsAll(before.getOrDefault(id, List.of())));
  }

  /** An update that is acknowledged: new values, and a server more or less. */
  private void update() {
    grid.restoreConnections();
    int number = random.nextInt(4);
    if (!extra.add(number)) {
      extra.remove(number);
    }
    version++;
    grid.sync(application(values(version)));
    versions
        .values()
        .forEach(
            possible -> {
              possible.clear();
              possible.add(version);
            });
    updates++;
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
    List<String> ids = new ArrayList<>(versions.keySet());
    extra.forEach(number -> ids.add("extra-" + number));
    for (RegistryProcess registry : grid.registries()) {
      AdminSession session = grid.client().adminSession(registry);
      assertThat(session.admin().call("getAllServerIds").texts())
          .as("%s after %s", registry, this)
          .containsExactlyInAnyOrderElementsOf(ids);
      session.destroy();
    }
    for (Map.Entry<String, Set<Integer>> entry : versions.entrySet()) {
      String id = entry.getKey();
      Await.asserted(
          Grid.LONG,
          () ->
              assertThat(Integer.parseInt(grid.ask(id, "property Version")))
                  .as("%s after %s", id, this)
                  .isIn(entry.getValue()));
    }
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
    for (String node : NODES) {
      assertThat(grid.state("always-" + node)).isEqualTo("Active");
    }
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
