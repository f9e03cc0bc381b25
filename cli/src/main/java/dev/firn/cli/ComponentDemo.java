package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.ComponentTypes;
import dev.firn.wire.Failover.V1.RoleLeasesPrx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The chapter of {@code firn demo} about components: two instances of a counter, of which the
 * registry makes one active. It is killed, and paused, while somebody counts all the time.
 */
final class ComponentDemo {
  private static final String GROUP = "Counter";
  private static final long LIMIT_MILLIS = 120_000;
  private static final long COUNTED = 300;
  private static final int STOP_SECONDS = 10;

  private final Grid grid;
  private final Path home;
  private final Path directory;
  private final Consumer<String> lines;
  private final StormDemo.Check check;
  private final Consumer<String> say;
  private final List<ReplicaProcess> servers = new ArrayList<>();
  private final List<DemoInstance> instances = new ArrayList<>();
  private Optional<DemoInstance> paused = Optional.empty();

  ComponentDemo(
      Grid grid,
      Path home,
      Path directory,
      Consumer<String> lines,
      StormDemo.Check check,
      Consumer<String> say) {
    this.grid = grid;
    this.home = home;
    this.directory = directory;
    this.lines = lines;
    this.check = check;
    this.say = say;
  }

  void play() throws Exception {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    data.properties.setProperty("Ice.Default.Locator", grid.locator());
    ComponentTypes.prepare(data.properties);
    try (Communicator communicator = Util.initialize(data)) {
      grid.start();
      ServiceLocatorPrx locator = start(communicator);
      check.check(
          "three registry replicas are up and in step",
          Grid.awaitComplete(communicator, grid.replicas(), LIMIT_MILLIS));
      Optional<DemoInstance> first = awaitActive();
      check.check("the registry gave the role to one of two instances", first.isPresent());
      if (first.isPresent()) {
        count(communicator, locator, first.get());
      }
    } finally {
      stop();
    }
  }

  /** Starts everything; returns the service locator. */
  private ServiceLocatorPrx start(Communicator communicator) throws Exception {
    List<StormPorts> ports = StormPorts.free(3);
    StormPorts common = ports.get(0);
    String locator = "LocatorService:" + StormPorts.endpoint(common.manager());
    String management = "LocatorServiceManagement:" + StormPorts.endpoint(common.publish());
    List<String> found =
        List.of(
            "--ServiceLocatorProxy=" + locator, "--ServiceLocatorManagementProxy=" + management);
    server(
        "locator",
        List.of(
            "--Firn.Locator.Data=" + data("locator"),
            "--Firn.Locator.Endpoints=" + StormPorts.endpoint(common.manager()),
            "--Firn.Locator.Management.Endpoints=" + StormPorts.endpoint(common.publish())));
    List<String> replicator =
        new ArrayList<>(
            List.of(
                "--Firn.Replicator.Data=" + data("replicator"),
                "--Firn.Replicator.Endpoints=" + StormPorts.endpoint(common.node())));
    replicator.addAll(found);
    server("replicator", replicator);
    List<String> properties = new ArrayList<>(found);
    properties.add("--Ice.Default.Locator=" + grid.locator());
    for (int i = 1; i <= 2; i++) {
      StormPorts own = ports.get(i);
      DemoInstance instance =
          new DemoInstance(
              communicator, home, GROUP + "-" + i, own.manager(), own.node(), properties, lines);
      instances.add(instance);
      instance.start();
    }
    return ServiceLocatorPrx.uncheckedCast(communicator.stringToProxy(locator));
  }

  private Path data(String name) throws Exception {
    return Files.createDirectories(directory.resolve(name));
  }

  private void server(String role, List<String> properties) {
    List<String> command =
        new ArrayList<>(List.of(home.resolve("bin/firn").toString(), "component", role));
    command.addAll(properties);
    ReplicaProcess process = new ReplicaProcess(lines, STOP_SECONDS);
    process.start(role, command);
    servers.add(process);
  }

  private void count(Communicator communicator, ServiceLocatorPrx locator, DemoInstance first)
      throws Exception {
    DemoCounting counting = new DemoCounting(locator);
    counting.start();
    long strangers = 0;
    try {
      check.check(first.name() + " is active; a client counts", counted(counting));
      check.check("the other one stands by", other(first).standsBy() || awaitStandby(first));
      DemoInstance second = handOver(communicator, counting, first);
      DemoInstance third = loseActive(counting, second);
      strangers = pauseActive(counting, third);
    } finally {
      counting.stop();
    }
    long value = DemoCounting.find(locator).value();
    check.check(
        counting.answered()
            + " counted, "
            + counting.unknown()
            + " of which nobody knows; every number above the one before",
        counting.wrong() == 0);
    check.check(
        "the counter says " + value + ": nothing that was answered is lost",
        value >= counting.last()
            && value >= counting.answered()
            && value <= counting.answered() + counting.unknown() + strangers);
  }

  private DemoInstance handOver(
      Communicator communicator, DemoCounting counting, DemoInstance active) throws Exception {
    counting.takeGapMillis();
    leases(communicator).transfer(GROUP, "", false);
    DemoInstance next = other(active);
    check.check(
        "as planned, the role went to " + next.name(), awaitActive(next) && !active.isActive());
    check.check("the client counts on", counted(counting));
    say.accept("longest gap between answers: " + counting.takeGapMillis() + " ms");
    check.check(active.name() + " stands by", awaitStandby(next));
    return next;
  }

  private DemoInstance loseActive(DemoCounting counting, DemoInstance active)
      throws InterruptedException {
    DemoInstance next = other(active);
    counting.takeGapMillis();
    active.kill();
    say.accept(active.name() + " (pid " + active.pid() + ") was killed with kill -9");
    check.check(next.name() + " is active", awaitActive(next));
    check.check("the client counts on, from where it was", counted(counting));
    say.accept("longest gap between answers: " + counting.takeGapMillis() + " ms");
    active.start();
    check.check(active.name() + " was started again, and stands by", awaitStandby(next));
    return next;
  }

  /** Returns how often the one that was paused counted for who asked it later. */
  private long pauseActive(DemoCounting counting, DemoInstance active) throws Exception {
    DemoInstance next = other(active);
    counting.takeGapMillis();
    active.pause();
    paused = Optional.of(active);
    say.accept(active.name() + " was paused with kill -STOP");
    check.check(next.name() + " is active", awaitActive(next));
    check.check("the client counts on", counted(counting));
    say.accept("longest gap between answers: " + counting.takeGapMillis() + " ms");
    active.wake();
    paused = Optional.empty();
    boolean answered = active.counts();
    check.check(active.name() + " wakes up, and counts for nobody", !answered);
    check.check(active.name() + " stands by", awaitStandby(next) && !active.isActive());
    check.check("the client counts on", counted(counting));
    return answered ? 1 : 0;
  }

  private RoleLeasesPrx leases(Communicator communicator) {
    return RoleLeasesPrx.uncheckedCast(
        communicator.stringToProxy(
            Grid.INSTANCE + "/RoleLeases:" + StormPorts.endpoint(grid.replica("Master").port())));
  }

  private Optional<DemoInstance> awaitActive() throws InterruptedException {
    Grid.await(LIMIT_MILLIS, () -> instances.stream().anyMatch(DemoInstance::isActive));
    return instances.stream().filter(DemoInstance::isActive).findFirst();
  }

  private static boolean awaitActive(DemoInstance instance) throws InterruptedException {
    return Grid.await(LIMIT_MILLIS, instance::isActive);
  }

  /** Waits until the one that is not this one stands by. */
  private boolean awaitStandby(DemoInstance active) throws InterruptedException {
    return Grid.await(LIMIT_MILLIS, other(active)::standsBy);
  }

  private DemoInstance other(DemoInstance instance) {
    return instances.get(instances.get(0) == instance ? 1 : 0);
  }

  private static boolean counted(DemoCounting counting) throws InterruptedException {
    long goal = counting.answered() + COUNTED;
    return Grid.await(LIMIT_MILLIS, () -> counting.answered() >= goal);
  }

  /** Ends all in order. */
  void stop() {
    try {
      if (paused.isPresent()) {
        paused.get().wake();
      }
    } catch (IOException e) {
      say.accept("cannot wake an instance: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    instances.forEach(DemoInstance::requestStop);
    instances.forEach(DemoInstance::stop);
    servers.forEach(ReplicaProcess::requestStop);
    servers.forEach(ReplicaProcess::stop);
  }
}
