package dev.firn.bench;

import com.zeroc.Ice.UserException;
import com.zeroc.IceStorm.TopicPrx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Measures one storm with one load. Used by one thread. */
final class StormBench {
  private static final double WARM_UP = 0.4;
  private static final long ARRIVAL_SECONDS_MAX = 30;

  /**
   * @param perSecond events delivered, all subscribers together
   * @param cpuMicros of the server for each delivered event
   */
  record Throughput(double perSecond, double cpuMicros) {}

  /** Nanoseconds. */
  record Latency(long p50, long p99, long p999) {}

  /** Resident kilobytes before, and while a subscriber has not read so many events. */
  record Stalled(long before, long after, long events) {}

  private final int sinkPort;

  /**
   * @param sinkPort subscribers listen from here on upwards
   */
  StormBench(int sinkPort) {
    this.sinkPort = sinkPort;
  }

  Throughput throughput(StormServer server, StormShape shape, long nanos)
      throws IOException, UserException {
    try (var sinks = new StormSinks(sinkPort, shape.subscribers())) {
      TopicPrx topic = server.topic(proxies(sinks, shape.subscribers()), shape.mode().option());
      try (var source = StormServer.source(topic, shape.payload(), shape.batchPublisher())) {
        return measure(source, sinks, shape, nanos, server.pid());
      } finally {
        topic.destroy();
      }
    }
  }

  /** Without a storm in between. */
  Throughput direct(StormShape shape, long nanos) throws IOException {
    try (var sinks = new StormSinks(sinkPort, 1);
        var source =
            new StormSource(
                sinks.port(0), "subscriber-0", "", shape.payload(), shape.batchPublisher())) {
      return measure(source, sinks, shape, nanos, ProcessHandle.current().pid());
    }
  }

  private static Throughput measure(
      StormSource source, StormSinks sinks, StormShape shape, long nanos, long pid)
      throws IOException {
    source.publish(
        System.nanoTime() + (long) (nanos * WARM_UP), sinks::least, shape.windowEvents());
    long start = System.nanoTime();
    long before = sinks.total();
    long cpuBefore = ProcFs.cpuMicros(pid);
    source.publish(start + nanos, sinks::least, shape.windowEvents());
    long delivered = sinks.total() - before;
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = ProcFs.cpuMicros(pid) - cpuBefore;
    awaitAll(source, sinks);
    return new Throughput(delivered / seconds, cpu / Math.max(1, delivered));
  }

  /** What was published arrives, or the measurement is void. */
  private static void awaitAll(StormSource source, StormSinks sinks) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ARRIVAL_SECONDS_MAX);
    while (sinks.least() < source.published()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "only " + sinks.least() + " of " + source.published() + " events arrived");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    if (sinks.least() > source.published()) {
      throw new IllegalStateException(
          sinks.least() + " events arrived, but only " + source.published() + " were published");
    }
  }

  Latency latency(StormServer server, int subscribers, double perSecond, long nanos)
      throws IOException, UserException {
    try (var sinks = new StormSinks(sinkPort, subscribers)) {
      TopicPrx topic = server.topic(proxies(sinks, subscribers), StormShape.Mode.ONEWAY.option());
      try (var source = StormServer.source(topic, StormFrames.PAYLOAD_MIN, false)) {
        source.publishAt(perSecond, nanos / 4);
        awaitAll(source, sinks);
        sinks.noteLatencies((int) (perSecond * nanos / 1e9 * subscribers));
        source.publishAt(perSecond, nanos);
        awaitAll(source, sinks);
        long[] sorted = sinks.latencies();
        return new Latency(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999));
      } finally {
        topic.destroy();
      }
    }
  }

  private static long at(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * quantile))];
  }

  /** One subscriber of two takes nothing; the other tells when all was published. */
  Stalled stalled(StormServer server, int payload, long events) throws IOException, UserException {
    try (var reading = new StormSinks(sinkPort, 1);
        var stalled = new StormSinks(sinkPort + 1, 1)) {
      List<String> both = new ArrayList<>(List.of(reading.proxy(0)));
      both.add(stalled.proxy(0).replace("subscriber-0", "stalled"));
      TopicPrx topic = server.topic(both, StormShape.Mode.ONEWAY.option());
      try (var source = StormServer.source(topic, payload, false)) {
        source.publish(1);
        awaitAll(source, reading);
        awaitAll(source, stalled);
        stalled.stall(true);
        long before = ProcFs.residentKilobytes(server.pid());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ARRIVAL_SECONDS_MAX);
        while (source.published() < events && System.nanoTime() - end < 0) {
          source.publish(System.nanoTime() + 10_000_000, reading::least, 5_000);
        }
        awaitAll(source, reading);
        return new Stalled(before, ProcFs.residentKilobytes(server.pid()), source.published());
      } finally {
        topic.destroy();
      }
    }
  }

  private static List<String> proxies(StormSinks sinks, int count) {
    return IntStream.range(0, count).mapToObj(sinks::proxy).toList();
  }
}
