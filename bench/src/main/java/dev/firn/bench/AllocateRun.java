package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.RegistryPrx;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One run of {@code firn bench allocate}: each load against each registry in turn. */
final class AllocateRun {
  private static final int SESSIONS_MAX = 1000;

  /** Before the first round of a load: a JVM compiles what is used often. */
  private static final long WARM_UP_NANOS = 3_000_000_000L;

  private static final List<ServerKind> KINDS = List.of(ServerKind.REFERENCE, ServerKind.FIRN);

  /**
   * @param seconds of each measurement
   * @param sessions how many, one number for each load
   */
  record Plan(int rounds, double seconds, List<Integer> sessions) {
    Plan {
      sessions = List.copyOf(sessions);
      if (rounds < 1 || seconds <= 0) {
        throw new IllegalArgumentException("needs rounds >= 1 and seconds > 0");
      }
      if (sessions.isEmpty() || sessions.stream().anyMatch(n -> n < 1 || n > SESSIONS_MAX)) {
        throw new IllegalArgumentException("needs sessions between 1 and " + SESSIONS_MAX);
      }
    }
  }

  private final Plan plan;
  private final Launcher launcher;
  private final Communicator communicator;
  private final PrintWriter out;

  AllocateRun(Plan plan, Launcher launcher, Communicator communicator, PrintWriter out) {
    this.plan = plan;
    this.launcher = launcher;
    this.communicator = communicator;
    this.out = out;
  }

  void run() throws IOException, InterruptedException, UserException {
    List<ServerProcess> servers = new ArrayList<>();
    try {
      for (ServerKind kind : KINDS) {
        servers.add(launcher.start(kind));
        servers.get(servers.size() - 1).awaitReady();
      }
      Map<ServerKind, AllocateBench> benches = new EnumMap<>(ServerKind.class);
      for (ServerProcess server : servers) {
        deploy(server);
        benches.put(server.kind(), new AllocateBench(communicator, server));
      }
      line("pairs of allocate and release per second, all sessions together");
      line("(us: CPU time of the registry for each pair)");
      line(
          "%-14s%13s%13s%26s%9s%9s",
          "load/sessions", "reference", "firn", "firn/reference", "us ref", "us firn");
      for (int sessions : plan.sessions()) {
        measure("own/" + sessions, benches, sessions, false);
        if (sessions > 1) {
          measure("shared/" + sessions, benches, sessions, true);
        }
      }
    } finally {
      servers.forEach(ServerProcess::close);
    }
  }

  /** For each number of sessions a server with as many objects of their own, and half as many. */
  private void deploy(ServerProcess server) throws UserException {
    AdminSessionPrx session =
        RegistryPrx.uncheckedCast(
                communicator.stringToProxy("IceGrid/Registry:" + server.endpoint()))
            .createAdminSession("bench", "bench");
    session.getAdmin().addApplication(AllocateBench.application(plan.sessions()));
    session.destroy();
  }

  private void measure(
      String label, Map<ServerKind, AllocateBench> benches, int sessions, boolean shared)
      throws InterruptedException, UserException {
    Map<ServerKind, List<Double>> rates = new EnumMap<>(ServerKind.class);
    Map<ServerKind, List<Double>> cpu = new EnumMap<>(ServerKind.class);
    for (int round = -1; round < plan.rounds(); round++) {
      for (ServerKind kind : KINDS) {
        AllocateBench bench = benches.get(kind);
        if (bench == null) {
          throw new IllegalStateException("no registry of " + kind);
        }
        if (round < 0) {
          bench.run(sessions, shared, WARM_UP_NANOS);
          continue;
        }
        var result = bench.run(sessions, shared, (long) (plan.seconds() * 1e9));
        rates.computeIfAbsent(kind, k -> new ArrayList<>()).add(result.perSecond());
        cpu.computeIfAbsent(kind, k -> new ArrayList<>()).add(result.cpuMicros());
      }
    }
    List<Double> reference = rates.getOrDefault(ServerKind.REFERENCE, List.of());
    List<Double> firn = rates.getOrDefault(ServerKind.FIRN, List.of());
    Spread ratio = Spread.ofRatios(firn, reference);
    line(
        "%-14s%13.0f%13.0f%26s%9.1f%9.1f",
        label,
        Spread.of(reference).median(),
        Spread.of(firn).median(),
        String.format(Locale.ROOT, "%.2f (%.2f..%.2f)", ratio.median(), ratio.min(), ratio.max()),
        Spread.of(cpu.getOrDefault(ServerKind.REFERENCE, List.of())).median(),
        Spread.of(cpu.getOrDefault(ServerKind.FIRN, List.of())).median());
  }

  private void line(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    out.flush();
  }
}
