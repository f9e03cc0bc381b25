package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.QueryPrx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long a fresh slave takes to get a master's objects: the time from the start of the
 * slave's process until its Query knows the last object, less the time a slave of an empty master
 * takes to answer at all.
 */
final class SyncBench {
  private static final long POLL_MILLIS = 2;
  private static final long SECONDS_MAX = 120;

  /** Seconds of each repetition: slave of an empty master, slave of a full one. */
  record Result(ServerKind kind, List<Double> emptySeconds, List<Double> fullSeconds) {

    /** The share of the start that the entries cost. */
    List<Double> syncSeconds() {
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < fullSeconds.size(); i++) {
        seconds.add(fullSeconds.get(i) - emptySeconds.get(i));
      }
      return seconds;
    }
  }

  /**
   * One slave's start, until it is in sync.
   *
   * @param cpuMillis of the slave's process, milliseconds
   */
  record Sync(double seconds, double cpuMillis) {}

  private final Communicator communicator;
  private final Launcher launcher;
  private final Dataset data;

  SyncBench(Communicator communicator, Launcher launcher, Dataset data) {
    this.communicator = communicator;
    this.launcher = launcher;
    this.data = data;
  }

  double slaveSeconds(ServerProcess master, boolean full) throws IOException, InterruptedException {
    return sync(master, full).seconds();
  }

  /** Starts one slave on an empty database, waits until it is in sync and ends it. */
  Sync sync(ServerProcess master, boolean full) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (var slave = launcher.startSlave(master)) {
      var query =
          QueryPrx.uncheckedCast(
              communicator
                  .stringToProxy("IceGrid/Query:" + slave.endpoint())
                  .ice_invocationTimeout(2_000));
      var last = data.objectId(data.size() - 1);
      while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(SECONDS_MAX)) {
        try {
          if (query.findObjectById(last) != null || !full) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Sync(seconds, ProcFs.cpuMicros(slave.pid()) / 1e3);
          }
        } catch (LocalException e) {
          // Not listening yet.
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      throw new IllegalStateException(
          "a slave of " + master.kind().label() + " was not in sync after " + SECONDS_MAX + " s");
    }
  }
}
