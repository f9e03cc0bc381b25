package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.LocatorPrx;
import com.zeroc.IceGrid.RegistryPrx;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** One run of {@code firn bench deploy}. Used by one thread. */
final class DeployRun {
  private static final int ON_DEMAND = 100;
  private static final int LOCATED_MAX = 800;
  private static final long KEEP_ALIVE_SECONDS = 5;

  /**
   * How much to measure.
   *
   * @param sizes servers of the application
   * @param seconds of each lookup measurement
   */
  record Plan(List<ServerKind> kinds, List<Integer> sizes, int nodes, int rounds, double seconds) {
    Plan {
      kinds = List.copyOf(kinds);
      sizes = List.copyOf(sizes);
      if (kinds.isEmpty() || sizes.isEmpty() || nodes < 1 || rounds < 1 || seconds <= 0) {
        throw new IllegalArgumentException(
            "needs servers, sizes, nodes >= 1, rounds >= 1 and seconds > 0");
      }
      if (sizes.stream().anyMatch(size -> size <= ON_DEMAND)) {
        throw new IllegalArgumentException("needs more than " + ON_DEMAND + " servers");
      }
    }
  }

  /** Measured values by what they are, in the order of their measurement; one for each round. */
  record Result(int size, Map<String, Map<ServerKind, List<Double>>> values) {
    void add(String what, ServerKind kind, double value) {
      values
          .computeIfAbsent(what, unused -> new EnumMap<>(ServerKind.class))
          .computeIfAbsent(kind, unused -> new ArrayList<>())
          .add(value);
    }

    void add(String what, ServerKind kind, Cpu cpu) {
      add(what + ", ms of CPU", kind, cpu.all() / 1e3);
      add(what + ", of it compilation", kind, cpu.compilers() / 1e3);
      add(what + ", of it collections", kind, cpu.collections() / 1e3);
    }
  }

  private final Plan plan;
  private final Communicator communicator;
  private final Launcher launcher;
  private final PrintWriter progress;
  private int nodePort;

  /**
   * @param nodePort first of as many ports as there are registries to start
   */
  DeployRun(
      Plan plan, Communicator communicator, Launcher launcher, int nodePort, PrintWriter progress) {
    this.plan = plan;
    this.communicator = communicator;
    this.launcher = launcher;
    this.nodePort = nodePort;
    this.progress = progress;
  }

  List<Result> run() throws Exception {
    List<Result> results = new ArrayList<>();
    for (int size : plan.sizes()) {
      var result = new Result(size, new LinkedHashMap<>());
      for (int round = 0; round < plan.rounds(); round++) {
        for (var kind : plan.kinds()) {
          progress.printf("%d servers, round %d, %s%n", size, round + 1, kind.label());
          progress.flush();
          measure(kind, size, result);
        }
      }
      results.add(result);
    }
    return results;
  }

  private void measure(ServerKind kind, int size, Result result) throws Exception {
    var data = new Dataset(size);
    try (var master = launcher.start(kind)) {
      master.awaitReady();
      SyncBench.Sync empty = new SyncBench(communicator, launcher, data).sync(master, false);
      var internal =
          communicator.stringToProxy(
              "IceGrid/InternalRegistry-Master:" + master.internalEndpoint());
      try (var nodes = new LightNodes(communicator, internal, plan.nodes(), nodePort++);
          var session = new Session(communicator, master)) {
        result.add("memory without application, MB", kind, megabytes(master));
        Cpu beforeAdd = Cpu.of(master);
        double add =
            seconds(() -> session.admin.addApplication(DeployedApplication.of(size, plan.nodes())));
        result.add("add application, s", kind, add);
        awaitLoads(nodes, size);
        result.add("add application", kind, Cpu.of(master).since(beforeAdd));
        locates(kind, data, master, nodes, result);
        Cpu beforeUpdate = Cpu.of(master);
        double update =
            seconds(() -> session.admin.updateApplication(DeployedApplication.update("2")));
        result.add("update a variable of all servers, s", kind, update);
        awaitLoads(nodes, 2 * size);
        result.add("update", kind, Cpu.of(master).since(beforeUpdate));
        result.add("memory with application, MB", kind, megabytes(master));
        Cpu beforeSync = Cpu.of(master);
        SyncBench.Sync full = new SyncBench(communicator, launcher, data).sync(master, true);
        result.add("sync to a fresh slave, s", kind, full.seconds() - empty.seconds());
        result.add("sync, ms of CPU, slave", kind, full.cpuMillis() - empty.cpuMillis());
        result.add("sync, master", kind, Cpu.of(master).since(beforeSync));
      }
    }
  }

  /** CPU time of a registry's process, microseconds; the parts are zero without a JVM. */
  private record Cpu(long all, long compilers, long collections) {
    static Cpu of(ServerProcess process) {
      long pid = process.pid();
      return new Cpu(
          ProcFs.cpuMicros(pid),
          ProcFs.cpuMicros(pid, "C1 ") + ProcFs.cpuMicros(pid, "C2 "),
          ProcFs.cpuMicros(pid, "VM Thread"));
    }

    Cpu since(Cpu before) {
      return new Cpu(
          all - before.all, compilers - before.compilers, collections - before.collections);
    }
  }

  private static double megabytes(ServerProcess process) {
    return ProcFs.residentKilobytes(process.pid()) / 1024.0;
  }

  /** Whether nodes are waited for by the operation itself differs between registries. */
  private static void awaitLoads(LightNodes nodes, int number) throws InterruptedException {
    long begin = System.nanoTime();
    while (nodes.loads() < number) {
      if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(120)) {
        throw new IllegalStateException(
            "only " + nodes.loads() + " of " + number + " servers were loaded after 120 s");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private void locates(
      ServerKind kind, Dataset data, ServerProcess master, LightNodes nodes, Result result)
      throws Exception {
    int located = Math.min(LOCATED_MAX, data.size() - ON_DEMAND);
    List<String> cold = new ArrayList<>();
    for (int i = data.size() - ON_DEMAND; i < data.size(); i++) {
      cold.add(data.adapterId(i));
    }
    nodes.inactive(cold);
    nodes.reportActive();
    var locator =
        LocatorPrx.uncheckedCast(
            communicator.stringToProxy("IceGrid/Locator:" + master.endpoint()));
    var registry = locator.getRegistry();
    var dynamic = new Dataset(located, "Dynamic-");
    var proxy = communicator.stringToProxy(Dataset.CONSTANT_PROXY);
    for (int i = 0; i < located; i++) {
      registry.setAdapterDirectProxy(dynamic.adapterId(i), proxy);
    }
    long nanos = (long) (plan.seconds() * 1e9);
    var deployedClient = new LoadClient(locator, new Dataset(located));
    var dynamicClient = new LoadClient(locator, dynamic);
    for (var shape : List.of(LoadShape.SEQUENTIAL, LoadShape.PIPELINED)) {
      deployedClient.run(Operation.FIND_ADAPTER_BY_ID, shape, nanos);
      dynamicClient.run(Operation.FIND_ADAPTER_BY_ID, shape, nanos);
      double ofDeployed = deployedClient.run(Operation.FIND_ADAPTER_BY_ID, shape, nanos);
      double ofDynamic = dynamicClient.run(Operation.FIND_ADAPTER_BY_ID, shape, nanos);
      result.add("locate active deployed adapter, 1/s, " + shape.label(), kind, ofDeployed);
      result.add("locate dynamic adapter, 1/s, " + shape.label(), kind, ofDynamic);
      result.add("deployed against dynamic, " + shape.label(), kind, ofDeployed / ofDynamic);
    }
    List<Double> micros = new ArrayList<>();
    for (String id : cold) {
      long begin = System.nanoTime();
      if (locator.findAdapterById(id) == null) {
        throw new IllegalStateException(kind.label() + " did not activate " + id);
      }
      micros.add((System.nanoTime() - begin) / 1e3);
    }
    result.add("activation above the server's start, us", kind, Spread.of(micros).median());
  }

  private interface Step {
    void run() throws Exception;
  }

  private static double seconds(Step step) throws Exception {
    long begin = System.nanoTime();
    step.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  /** An admin session that is kept alive. */
  private static final class Session implements AutoCloseable {
    private final AdminSessionPrx session;
    private final AdminPrx admin;
    private final java.util.concurrent.ScheduledExecutorService keepAlives =
        Executors.newSingleThreadScheduledExecutor();

    Session(Communicator communicator, ServerProcess server) throws Exception {
      var registry =
          RegistryPrx.uncheckedCast(
              communicator.stringToProxy("IceGrid/Registry:" + server.endpoint()));
      session = registry.createAdminSession("bench", "bench");
      admin = session.getAdmin();
      keepAlives.scheduleAtFixedRate(
          session::keepAliveAsync, KEEP_ALIVE_SECONDS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
      session.startUpdate();
    }

    @Override
    public void close() {
      keepAlives.shutdownNow();
      session.destroy();
    }
  }
}
