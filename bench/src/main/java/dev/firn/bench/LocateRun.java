package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of {@code firn bench locate}: starts the servers, measures, ends them. */
final class LocateRun {
  private static final int ENTRIES_SMALL = 10;
  private static final long SETTLE_SECONDS = 2;

  /**
   * How much to measure.
   *
   * @param entries objects, and as many adapters, of the large database
   * @param seconds of each lookup measurement
   * @param updates of each kind in a round; 0 leaves them out
   * @param syncs repetitions of the slave's start; 0 leaves them out
   */
  record Plan(
      List<ServerKind> servers, int rounds, double seconds, int entries, int updates, int syncs) {
    Plan {
      servers = List.copyOf(servers);
      if (servers.isEmpty() || rounds < 1 || seconds <= 0 || entries <= ENTRIES_SMALL) {
        throw new IllegalArgumentException(
            "needs servers, rounds >= 1, seconds > 0 and entries > " + ENTRIES_SMALL);
      }
      if (updates < 0 || syncs < 0) {
        throw new IllegalArgumentException("updates and syncs must be >= 0");
      }
    }

    List<ServerKind> registries() {
      return servers.stream().filter(ServerKind::isRegistry).toList();
    }
  }

  private final Plan plan;
  private final Communicator communicator;
  private final Launcher launcher;
  private final Path directory;
  private final PrintWriter progress;

  LocateRun(
      Plan plan,
      Communicator communicator,
      Launcher launcher,
      Path directory,
      PrintWriter progress) {
    this.plan = plan;
    this.communicator = communicator;
    this.launcher = launcher;
    this.directory = directory;
    this.progress = progress;
  }

  Results run() throws Exception {
    var large = new Dataset(plan.entries());
    List<LookupBench.Cell> cells = new ArrayList<>();
    List<MemoryResult> memory = new ArrayList<>();
    List<UpdateBench.Result> updates = new ArrayList<>();
    Map<ServerKind, String> jvmFlags = new EnumMap<>(ServerKind.class);
    try (var few = startAll(new Dataset(ENTRIES_SMALL), "few");
        var many = startAll(large, "many")) {
      for (var server : few.servers()) {
        jvmFlags.put(server.kind(), ProcFs.jvmFlags(server.pid()));
      }
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      var idleFew = few.residentKilobytes();
      var idleMany = many.residentKilobytes();
      cells.addAll(lookups(few));
      cells.addAll(lookups(many));
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      var loadedFew = few.residentKilobytes();
      var loadedMany = many.residentKilobytes();
      for (int i = 0; i < plan.servers().size(); i++) {
        memory.add(
            new MemoryResult(
                plan.servers().get(i),
                plan.entries(),
                idleFew.get(i),
                idleMany.get(i),
                loadedFew.get(i),
                loadedMany.get(i)));
      }
      updates.addAll(updates(few));
    }
    return new Results(plan.servers(), jvmFlags, cells, memory, updates, syncs(large));
  }

  /** Servers of all kinds that hold the same entries, in the plan's order. */
  private record Fleet(Dataset data, List<ServerProcess> servers) implements AutoCloseable {
    List<Long> residentKilobytes() {
      return servers.stream().map(server -> ProcFs.residentKilobytes(server.pid())).toList();
    }

    @Override
    public void close() {
      servers.forEach(ServerProcess::close);
    }
  }

  private Fleet startAll(Dataset data, String name) throws IOException, InterruptedException {
    progress.printf("starting servers with %d entries%n", data.size());
    Path export = directory.resolve(name + ".export");
    data.writeExport(communicator, export, true);
    var fleet = new Fleet(data, new ArrayList<>());
    try {
      for (var kind : plan.servers()) {
        fleet.servers().add(launcher.start(kind, export));
        fleet.servers().get(fleet.servers().size() - 1).awaitReady();
      }
      return fleet;
    } catch (IOException | InterruptedException | RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  private List<LookupBench.Cell> lookups(Fleet fleet) throws Exception {
    progress.printf("lookups, %d entries%n", fleet.data().size());
    var bench = new LookupBench(communicator, fleet.data(), fleet.servers());
    long nanos = (long) (plan.seconds() * 1e9);
    bench.warmUp(nanos / 2);
    return bench.run(plan.rounds(), nanos);
  }

  private List<UpdateBench.Result> updates(Fleet fleet) throws Exception {
    List<UpdateBench> benches = new ArrayList<>();
    if (plan.updates() == 0) {
      return List.of();
    }
    progress.println("updates");
    try {
      for (var server : fleet.servers()) {
        if (server.kind().isRegistry()) {
          benches.add(new UpdateBench(communicator, server));
        }
      }
      for (int round = 0; round < plan.rounds(); round++) {
        for (var bench : benches) {
          bench.round(plan.updates());
        }
      }
      return benches.stream().map(UpdateBench::result).toList();
    } finally {
      benches.forEach(UpdateBench::close);
    }
  }

  private List<SyncBench.Result> syncs(Dataset data) throws IOException, InterruptedException {
    if (plan.syncs() == 0) {
      return List.of();
    }
    progress.printf("initial sync of %d objects%n", data.size());
    Path export = directory.resolve("objects.export");
    data.writeExport(communicator, export, false);
    var bench = new SyncBench(communicator, launcher, data);
    List<SyncBench.Result> results = new ArrayList<>();
    for (var kind : plan.registries()) {
      results.add(new SyncBench.Result(kind, new ArrayList<>(), new ArrayList<>()));
    }
    for (int i = 0; i < plan.syncs(); i++) {
      for (var result : results) {
        try (var empty = launcher.start(result.kind())) {
          result.emptySeconds().add(bench.slaveSeconds(empty.awaitReady(), false));
        }
        try (var full = launcher.start(result.kind(), export)) {
          result.fullSeconds().add(bench.slaveSeconds(full.awaitReady(), true));
        }
      }
    }
    return results;
  }
}
