package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.UserException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** One run of {@code firn bench storm}: each load against each storm in turn, round by round. */
final class StormRun {
  private static final double LATENCY_PER_SECOND = 1000;
  private static final int LATENCY_SECONDS = 2;
  private static final int STALLED_PAYLOAD = 1024;
  private static final long STALLED_EVENTS = 100_000;
  private static final int STALLED_QUEUE = 10_000;
  private static final int PORTS_OF_A_SERVER = 4;

  /** Firn and the reference, to be told apart. */
  private static final List<ServerKind> KINDS = List.of(ServerKind.REFERENCE, ServerKind.FIRN);

  /**
   * @param only which loads, by their labels; latency/N and stalled are labels too
   * @param seconds of each measurement
   */
  record Plan(int rounds, double seconds, Predicate<String> only) {
    Plan {
      if (rounds < 1 || seconds <= 0) {
        throw new IllegalArgumentException("needs rounds >= 1 and seconds > 0");
      }
    }
  }

  private final Plan plan;
  private final Map<ServerKind, Path> programs;
  private final Path directory;
  private final Communicator communicator;
  private final PrintWriter out;
  private final StormBench bench;
  private int nextPort;
  private int nextDirectory;

  /**
   * @param firstPort about 120 from here on are used
   */
  StormRun(
      Plan plan,
      Map<ServerKind, Path> programs,
      Path directory,
      int firstPort,
      Communicator communicator,
      PrintWriter out) {
    this.plan = plan;
    this.programs = Map.copyOf(programs);
    this.directory = directory;
    this.communicator = communicator;
    this.out = out;
    this.bench = new StormBench(firstPort + 10 * PORTS_OF_A_SERVER);
    this.nextPort = firstPort;
  }

  void run() throws IOException, InterruptedException, UserException {
    try (var fleet = start(Map.of())) {
      direct();
      throughput(fleet);
      latency(fleet);
    }
    stalled();
  }

  private record Fleet(List<StormServer> servers) implements AutoCloseable {
    @Override
    public void close() {
      servers.forEach(StormServer::close);
    }
  }

  private Fleet start(Map<String, String> options) throws IOException, InterruptedException {
    var fleet = new Fleet(new ArrayList<>());
    try {
      for (ServerKind kind : KINDS) {
        Path home = directory.resolve(kind.label() + nextDirectory++);
        Path program = programs.get(kind);
        if (program == null) {
          throw new IllegalStateException("no program for " + kind);
        }
        fleet
            .servers()
            .add(StormServer.start(kind, program, home, nextPort, options, communicator));
        nextPort += PORTS_OF_A_SERVER;
      }
      return fleet;
    } catch (IOException | InterruptedException | RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  private long nanos() {
    return (long) (plan.seconds() * 1e9);
  }

  private void line(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    out.flush();
  }

  /** The limit: the load itself, publisher and one subscriber. */
  private void direct() throws IOException {
    for (int payload : List.of(16, 1024)) {
      var shape = new StormShape(StormShape.Mode.ONEWAY, 1, payload, false);
      if (plan.only().test("direct/" + payload)) {
        line(
            "direct/%d: %.0f events/s from a publisher to a subscriber",
            payload, bench.direct(shape, nanos()).perSecond());
      }
    }
  }

  private void throughput(Fleet fleet) throws IOException, UserException {
    line("");
    line("events/s delivered, all subscribers together (us: CPU time of the server for each)");
    line(
        "%-22s%13s%13s%26s%9s%9s",
        "mode/subs/bytes/pub", "reference", "firn", "firn/reference", "us ref", "us firn");
    for (StormShape shape : shapes()) {
      if (!plan.only().test(shape.label())) {
        continue;
      }
      Map<ServerKind, List<Double>> rates = new EnumMap<>(ServerKind.class);
      Map<ServerKind, List<Double>> cpu = new EnumMap<>(ServerKind.class);
      for (int round = 0; round < plan.rounds(); round++) {
        for (StormServer server : fleet.servers()) {
          var result = bench.throughput(server, shape, nanos());
          rates.computeIfAbsent(server.kind(), k -> new ArrayList<>()).add(result.perSecond());
          cpu.computeIfAbsent(server.kind(), k -> new ArrayList<>()).add(result.cpuMicros());
        }
      }
      List<Double> reference = rates.getOrDefault(ServerKind.REFERENCE, List.of());
      List<Double> firn = rates.getOrDefault(ServerKind.FIRN, List.of());
      Spread ratio = Spread.ofRatios(firn, reference);
      line(
          "%-22s%13.0f%13.0f%26s%9.2f%9.2f",
          shape.label(),
          Spread.of(reference).median(),
          Spread.of(firn).median(),
          String.format(Locale.ROOT, "%.2f (%.2f..%.2f)", ratio.median(), ratio.min(), ratio.max()),
          Spread.of(cpu.getOrDefault(ServerKind.REFERENCE, List.of())).median(),
          Spread.of(cpu.getOrDefault(ServerKind.FIRN, List.of())).median());
    }
  }

  private static List<StormShape> shapes() {
    List<StormShape> shapes = new ArrayList<>();
    for (StormShape.Mode mode : StormShape.Mode.values()) {
      for (int subscribers : List.of(1, 10, 100)) {
        for (int payload : List.of(16, 1024)) {
          shapes.add(new StormShape(mode, subscribers, payload, false));
          shapes.add(new StormShape(mode, subscribers, payload, true));
        }
      }
    }
    return shapes;
  }

  private void latency(Fleet fleet) throws IOException, UserException {
    line("");
    line("latency, us, at %.0f events/s to oneway subscribers", LATENCY_PER_SECOND);
    line("%-14s%-12s%10s%10s%10s", "", "", "p50", "p99", "p99.9");
    for (int subscribers : List.of(1, 10, 100)) {
      if (!plan.only().test("latency/" + subscribers)) {
        continue;
      }
      for (int round = 0; round < plan.rounds(); round++) {
        for (StormServer server : fleet.servers()) {
          var latency =
              bench.latency(
                  server, subscribers, LATENCY_PER_SECOND, LATENCY_SECONDS * 1_000_000_000L);
          line(
              "%-14s%-12s%10.0f%10.0f%10.0f",
              "latency/" + subscribers,
              server.kind().label(),
              latency.p50() / 1e3,
              latency.p99() / 1e3,
              latency.p999() / 1e3);
        }
      }
    }
  }

  private void stalled() throws IOException, InterruptedException, UserException {
    if (!plan.only().test("stalled")) {
      return;
    }
    line("");
    line(
        "resident MB before, and with a subscriber that does not read %d B events",
        STALLED_PAYLOAD);
    stalled("no limit", Map.of());
    stalled(
        STALLED_QUEUE + " events",
        Map.of(
            "Send.QueueSizeMax",
            Integer.toString(STALLED_QUEUE),
            "Send.QueueSizeMaxPolicy",
            "DropEvents"));
  }

  private void stalled(String limit, Map<String, String> options)
      throws IOException, InterruptedException, UserException {
    try (var fleet = start(options)) {
      for (StormServer server : fleet.servers()) {
        var stalled = bench.stalled(server, STALLED_PAYLOAD, STALLED_EVENTS);
        line(
            "%-14s%-12s%10.1f%10.1f   %d events published, queue: %s",
            "stalled",
            server.kind().label(),
            stalled.before() / 1024.0,
            stalled.after() / 1024.0,
            stalled.events(),
            limit);
      }
    }
  }

  /** An empty directory for databases and logs. */
  static Path newDirectory() throws IOException {
    return Files.createTempDirectory("firn-bench-storm");
  }
}
