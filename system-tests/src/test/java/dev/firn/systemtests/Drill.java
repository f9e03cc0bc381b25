package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * One drill: a cluster, what clients were promised, and the next thing to go wrong. Only one thing
 * is broken at a time as far as data is concerned: a replica is promoted only while it has all that
 * was acknowledged, as an operator would take care of.
 */
final class Drill {
  private final Lab lab;
  private final Cluster cluster;
  private final Random random;
  private final IceClient client;
  private final IceClient locating;
  private final ModelTable objects = new ModelTable();
  private final ModelTable adapters = new ModelTable();
  private final List<String> history = new ArrayList<>();
  private RegistryProcess master;
  private int updates;

  Drill(Lab lab, Cluster cluster, Random random) {
    this.lab = lab;
    this.cluster = cluster.start();
    this.random = random;
    this.master = cluster.master();
    client = lab.client("Ice.Default.Locator=" + cluster.locator(), "Ice.RetryIntervals=-1");
    // Two replicas may die within one look-up; one retry, Ice's default, is for one.
    locating =
        lab.client("Ice.Default.Locator=" + cluster.locator(), "Ice.RetryIntervals=0 0 50 100 200");
    awaitAllConnected();
    client.adminSession(master).addObject("fixed:tcp -h 127.0.0.1 -p 1", "::Fixed");
    objects.promise("fixed", Optional.of("1"));
  }

  void run(Duration length) {
    locating.startLoop(
        "locates",
        locating.at("IceGrid.Locator", cluster.locator()),
        "findObjectById",
        identityOf("fixed"));
    long end = System.nanoTime() + length.toNanos();
    int rounds = 0;
    while (System.nanoTime() < end || rounds < 3) {
      update(10 + random.nextInt(20));
      disturb();
      rounds++;
    }
    Json state = locating.stopLoop("locates");
    assertThat(state.get("errors").items()).as(this::toString).isEmpty();
    assertThat(state.get("count").number()).isPositive();
    System.out.println(
        "drill: "
            + rounds
            + " disturbances, "
            + updates
            + " acknowledged updates, "
            + state.get("count").number()
            + " locates, longest gap "
            + state.get("gapMillis").number()
            + " ms: "
            + history);
  }

  /** At least one replica is up all the time, and all are up and connected afterwards. */
  private void disturb() {
    switch (random.nextInt(4)) {
      case 0 -> killSlave();
      case 1 -> killMasterAndRestartIt();
      case 2 -> promoteAnother();
      default -> killAllButOne();
    }
    awaitAllConnected();
  }

  private void killSlave() {
    RegistryProcess slave = pick(slaves());
    history.add("kill " + slave.replica());
    slave.kill();
    update(3);
    slave.start();
  }

  private void killMasterAndRestartIt() {
    history.add("kill master");
    updateDuring(master::kill);
    master.start();
  }

  private void promoteAnother() {
    RegistryProcess next = pick(slaves());
    RegistryProcess old = master;
    String name = next.replica();
    history.add("promote " + name);
    updateDuring(old::kill);
    RegistryProcess other =
        slaves().stream().filter(slave -> slave != next).findFirst().orElseThrow();
    boolean ahead = Cluster.content(client, other).isAheadOf(Cluster.content(client, next));
    next.kill();
    next.named("Master").start();
    master = next;
    update(3);
    old.named(name);
    rejoin(old);
    if (ahead) {
      // An update that nobody acknowledged reached only this slave, which is refused now.
      history.add(other.replica() + " was ahead");
      other.kill();
      rejoin(other);
    }
  }

  /**
   * Starts a replica with the master's data instead of its own, which has updates that were never
   * acknowledged.
   */
  private static void rejoin(RegistryProcess registry) {
    if (registry.isFirn()) {
      registry.options("--initdb-from-replica=Master");
    } else {
      // The reference would ask whom its own table calls master; with an empty one it is
      // synchronized.
      clear(registry.database());
    }
    registry.start();
    registry.options();
  }

  private void killAllButOne() {
    List<RegistryProcess> up = new ArrayList<>(cluster.all());
    RegistryProcess survivor = pick(up);
    history.add("kill all but " + survivor.replica());
    up.remove(survivor);
    up.forEach(RegistryProcess::kill);
    up.forEach(RegistryProcess::start);
  }

  private List<RegistryProcess> slaves() {
    return cluster.all().stream().filter(registry -> registry != master).toList();
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private void awaitAllConnected() {
    Cluster.awaitConnected(
        lab.client(),
        master,
        slaves().stream().map(RegistryProcess::replica).toArray(String[]::new));
    // A slave that was killed leaves its session behind; only what all know now counts as
    // connected.
    for (RegistryProcess slave : slaves()) {
      Await.until(slave + " follows", Cluster.LONG, () -> follows(slave));
    }
  }

  /** While a slave synchronises, the master may still name its former process. */
  private boolean follows(RegistryProcess slave) {
    try {
      return Cluster.content(client, slave).equals(Cluster.content(client, master));
    } catch (IceFailure notYet) {
      return false;
    }
  }

  /** Updates, each acknowledged. */
  private void update(int count) {
    AdminSession session = client.adminSession(master);
    for (int i = 0; i < count; i++) {
      Change change = nextChange();
      PythonClient.await(change.begin(session));
      change.promised();
      updates++;
    }
    session.destroy();
  }

  /** Updates while something happens: some are acknowledged, of the others nobody knows. */
  private void updateDuring(Runnable disturbance) {
    AdminSession session = client.adminSession(master);
    Map<Change, CompletableFuture<Json>> running = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      Change change = nextChange();
      // Two changes of one name at the same time have no order.
      if (running.keySet().stream().noneMatch(other -> other.name().equals(change.name()))) {
        running.put(change, change.begin(session));
      }
    }
    disturbance.run();
    running.forEach(
        (change, answer) -> {
          try {
            PythonClient.await(answer);
            change.promised();
            updates++;
          } catch (IceFailure failed) {
            change.unknown();
          }
        });
  }

  private Change nextChange() {
    boolean object = random.nextBoolean();
    ModelTable table = object ? objects : adapters;
    String name = (object ? "object" : "adapter") + random.nextInt(30);
    boolean remove = table.mayHave(name) && random.nextInt(3) == 0;
    return new Change(
        object,
        table,
        name,
        remove ? Optional.empty() : Optional.of("" + (1 + random.nextInt(60_000))));
  }

  /** A new port for a name, or its removal. */
  private final class Change {
    private final boolean object;
    private final ModelTable table;
    private final String name;
    private final Optional<String> port;

    Change(boolean object, ModelTable table, String name, Optional<String> port) {
      this.object = object;
      this.table = table;
      this.name = name;
      this.port = port;
    }

    String name() {
      return name;
    }

    CompletableFuture<Json> begin(AdminSession session) {
      String proxy = name + ":tcp -h 127.0.0.1 -p " + port.orElse("0");
      if (!object) {
        RegistryProcess taker = master;
        return client
            .locatorRegistry(taker)
            .begin("setAdapterDirectProxy", name, port.isPresent() ? proxyOf(proxy) : null);
      }
      if (port.isEmpty()) {
        return session.admin().begin("removeObject", identityOf(name));
      }
      boolean known = !client.query(master).call("findObjectById", identityOf(name)).isNull();
      return known
          ? session.admin().begin("updateObject", proxyOf(proxy))
          : session.admin().begin("addObjectWithType", proxyOf(proxy), "::Drill");
    }

    void promised() {
      table.promise(name, port);
    }

    void unknown() {
      table.doubt(name, port);
    }
  }

  void expectEverythingAcknowledgedEverywhere() {
    for (RegistryProcess registry : cluster.all()) {
      Await.until(registry + " follows", Cluster.LONG, () -> follows(registry));
    }
    Cluster.Content first = Cluster.content(client, master);
    for (RegistryProcess registry : cluster.all()) {
      Cluster.Content content = Cluster.content(client, registry);
      assertThat(content).as(registry + " of " + this).isEqualTo(first);
      objects.expect(content.objects(), this::toString);
      adapters.expect(content.adapters(), this::toString);
    }
  }

  private static void clear(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
  }

  @Override
  public String toString() {
    return "drill " + history;
  }
}
