package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectPrx;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures lookups on several servers that hold the same entries, one after the other in turn. */
final class LookupBench {
  private static final List<LoadShape> SHAPES =
      List.of(LoadShape.SEQUENTIAL, LoadShape.FOUR, LoadShape.SIXTEEN, LoadShape.PIPELINED);

  /** Rounds of one operation under one load, per server. */
  record Cell(
      int entries, Operation operation, LoadShape shape, Map<ServerKind, List<Sample>> samples) {

    /** Answers per second, by round. */
    List<Double> perSecond(ServerKind kind) {
      return rounds(kind).stream().map(Sample::perSecond).toList();
    }

    /** CPU time of the server for one answer, microseconds, by round. */
    List<Double> cpuMicros(ServerKind kind) {
      return rounds(kind).stream().map(Sample::cpuMicros).toList();
    }

    private List<Sample> rounds(ServerKind kind) {
      return samples.getOrDefault(kind, List.of());
    }
  }

  record Sample(double perSecond, double cpuMicros) {}

  private record Target(ServerProcess server, LoadClient client) {
    Sample measure(Operation operation, LoadShape shape, long nanos) throws InterruptedException {
      long cpuBefore = ProcFs.cpuMicros(server.pid());
      long begin = System.nanoTime();
      double perSecond = client.run(operation, shape, nanos);
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new Sample(
          perSecond, (ProcFs.cpuMicros(server.pid()) - cpuBefore) / (perSecond * seconds));
    }
  }

  private final Dataset data;
  private final List<Target> targets = new ArrayList<>();

  /**
   * Checks that each server knows the entries.
   *
   * @param servers ready
   * @throws IllegalStateException if a server gives a wrong answer
   */
  LookupBench(Communicator communicator, Dataset data, List<ServerProcess> servers)
      throws Exception {
    this.data = data;
    for (var server : servers) {
      var locator =
          LocatorPrx.uncheckedCast(
              communicator.stringToProxy("IceGrid/Locator:" + server.endpoint()));
      if (server.kind().isRegistry()) {
        int last = data.size() - 1;
        expect(
            data.adapterProxy(communicator, last),
            Operation.FIND_ADAPTER_BY_ID.call(locator, data, last));
        expect(
            data.objectProxy(communicator, last),
            Operation.FIND_OBJECT_BY_ID.call(locator, data, last));
      }
      targets.add(new Target(server, new LoadClient(locator, data)));
    }
  }

  private static void expect(ObjectPrx expected, ObjectPrx actual) {
    if (!expected.equals(actual)) {
      throw new IllegalStateException("expected " + expected + ", was answered " + actual);
    }
  }

  /** Brings the client's and the servers' compilers to rest. */
  void warmUp(long nanosPerCell) throws InterruptedException {
    for (var target : targets) {
      for (var operation : Operation.values()) {
        for (var shape : SHAPES) {
          target.measure(operation, shape, nanosPerCell);
        }
      }
    }
  }

  /** Runs all operations under all loads; within a round the servers take turns. */
  List<Cell> run(int rounds, long nanosPerCell) throws InterruptedException {
    List<Cell> cells = new ArrayList<>();
    for (var operation : Operation.values()) {
      for (var shape : SHAPES) {
        Map<ServerKind, List<Sample>> samples = new EnumMap<>(ServerKind.class);
        for (int round = 0; round < rounds; round++) {
          for (var target : targets) {
            samples
                .computeIfAbsent(target.server().kind(), kind -> new ArrayList<>())
                .add(target.measure(operation, shape, nanosPerCell));
          }
        }
        cells.add(new Cell(data.size(), operation, shape, samples));
      }
    }
    return cells;
  }
}
