package dev.firn.bench;

import com.zeroc.Ice.UserException;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How fast a state replicator takes updates, and gives a snapshot. One thread. */
final class StreamRun {
  private static final int PAYLOAD = 100;
  private static final int OUTSTANDING = 64;
  private static final int KEYS = 10_000;
  private static final int ITEMS_OF_UPDATE = 1_000;
  private static final long WARM_NANOS = 500_000_000;
  private static final int SNAPSHOT_SECONDS_MAX = 300;
  private static final String[] NOTHING = {};

  private final ComponentPrograms programs;
  private final PrintWriter out;
  private long clientSeq;

  StreamRun(ComponentPrograms programs, PrintWriter out) {
    this.programs = programs;
    this.out = out;
  }

  void run(List<String> levels, List<Integer> standbys, double seconds, int items)
      throws Exception {
    out.printf(
        Locale.ROOT,
        "%-10s %9s %14s %14s %12s %12s%n",
        "level",
        "standbys",
        "updates/s, 64",
        "updates/s, 1",
        "us, median",
        "us, p99");
    for (String level : levels) {
      for (int count : standbys) {
        updates(level, count, seconds);
      }
    }
    if (items > 0) {
      snapshot(items);
    }
    out.flush();
  }

  private StateStreamPrx stream(String name) throws UserException {
    clientSeq = 0;
    return StateStreamPrx.uncheckedCast(
        programs.communicator().stringToProxy("stream/" + name + ":" + programs.endpoint(3)));
  }

  private void updates(String level, int standbys, double seconds) throws Exception {
    List<BenchStandby> all = new ArrayList<>();
    ServerProcess server = programs.replicator("replicator", level, List.of());
    try {
      StateStreamPrx stream = stream("bench");
      long epoch = stream.claim("writer", 0);
      for (int i = 0; i < standbys; i++) {
        var standby = new BenchStandby(programs.communicator(), stream, "standby-" + i);
        all.add(standby);
        standby.join().get(SNAPSHOT_SECONDS_MAX, TimeUnit.SECONDS);
      }
      pipelined(stream, epoch, WARM_NANOS);
      double many = pipelined(stream, epoch, (long) (seconds * 1e9));
      List<Double> each = oneByOne(stream, epoch, (long) (seconds * 1e9));
      out.printf(
          Locale.ROOT,
          "%-10s %9d %14.0f %14.0f %12.0f %12.0f%n",
          level,
          standbys,
          many,
          each.size() / seconds,
          percentile(each, 0.5),
          percentile(each, 0.99));
      out.flush();
      all.forEach(BenchStandby::close);
    } finally {
      server.close();
    }
  }

  private double pipelined(StateStreamPrx stream, long epoch, long nanos) {
    Deque<CompletableFuture<Long>> pending = new ArrayDeque<>();
    long start = System.nanoTime();
    long done = 0;
    while (System.nanoTime() - start < nanos) {
      while (pending.size() < OUTSTANDING) {
        pending.add(publish(stream, epoch, item((int) (clientSeq % KEYS))));
      }
      pending.remove().join();
      done++;
    }
    double rate = done * 1e9 / (System.nanoTime() - start);
    pending.forEach(CompletableFuture::join);
    return rate;
  }

  /** The time of each, in microseconds. */
  private List<Double> oneByOne(StateStreamPrx stream, long epoch, long nanos) {
    List<Double> each = new ArrayList<>();
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      long sent = System.nanoTime();
      publish(stream, epoch, item((int) (clientSeq % KEYS))).join();
      each.add((System.nanoTime() - sent) / 1e3);
    }
    return each;
  }

  private CompletableFuture<Long> publish(StateStreamPrx stream, long epoch, Item... set) {
    return stream.publishAsync(epoch, ++clientSeq, set, NOTHING);
  }

  private static Item item(int key) {
    return new Item("key/" + key, "bench", 0, new byte[PAYLOAD]);
  }

  private void snapshot(int items) throws Exception {
    try (ServerProcess server = programs.replicator("snapshot", "memory", List.of())) {
      StateStreamPrx stream = stream("snapshot");
      long epoch = stream.claim("writer", 0);
      long started = System.nanoTime();
      for (int first = 0; first < items; first += ITEMS_OF_UPDATE) {
        Item[] update = new Item[Math.min(ITEMS_OF_UPDATE, items - first)];
        for (int i = 0; i < update.length; i++) {
          update[i] = item(first + i);
        }
        publish(stream, epoch, update).join();
      }
      double filled = (System.nanoTime() - started) / 1e9;
      try (BenchStandby standby = new BenchStandby(programs.communicator(), stream, "late")) {
        long asked = System.nanoTime();
        long got = standby.join().get(SNAPSHOT_SECONDS_MAX, TimeUnit.SECONDS);
        out.printf(
            Locale.ROOT,
            "snapshot of %d items of %d bytes: %.2f s (%d came); published in %.2f s; replicator"
                + " %.0f MB%n",
            items,
            PAYLOAD,
            (System.nanoTime() - asked) / 1e9,
            got,
            filled,
            resident(server));
      }
    }
  }

  private static double resident(ServerProcess server) {
    return ProcFs.residentKilobytes(server.pid()) / 1e3;
  }

  static double percentile(List<Double> values, double part) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * part)));
  }
}
