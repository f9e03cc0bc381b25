package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import dev.firn.cli.DemoCounting;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.RoleLeasesPrx;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How long nobody counts when the active instance leaves, and when it is killed. One thread. */
final class FailoverRun {
  private static final String GROUP = "Counter";
  private static final int LIMIT_SECONDS = 60;

  private final ComponentPrograms programs;
  private final PrintWriter out;
  private final ServerProcess[] instances = new ServerProcess[2];

  FailoverRun(ComponentPrograms programs, PrintWriter out) {
    this.programs = programs;
    this.out = out;
  }

  /** Hands over and kills in turn, so often each. */
  void run(int rounds) throws Exception {
    Communicator communicator = programs.communicator();
    List<ServerProcess> servers = new ArrayList<>();
    List<Double> planned = new ArrayList<>();
    List<Double> killed = new ArrayList<>();
    try {
      servers.add(programs.registry());
      servers.add(programs.locator());
      servers.add(programs.replicator("counters", "memory", programs.locating()));
      ServiceLocatorPrx services =
          ServiceLocatorPrx.uncheckedCast(
              communicator.stringToProxy("LocatorService:" + programs.endpoint(1)));
      RoleLeasesPrx leases =
          RoleLeasesPrx.uncheckedCast(
              communicator.stringToProxy("IceGrid/RoleLeases:" + programs.endpoint(4)));
      instances[0] = programs.instance(1);
      instances[1] = programs.instance(2);
      DemoCounting client = new DemoCounting(services);
      client.start();
      try {
        await(() -> active() >= 0);
        for (int round = 0; round < rounds; round++) {
          planned.add(handOver(leases, client));
          killed.add(kill(client));
        }
      } finally {
        client.stop();
      }
      long value = DemoCounting.find(services).value();
      out.printf(
          Locale.ROOT,
          "%d counted, %d unknown, the counter says %d: %d acknowledged lost%n",
          client.answered(),
          client.unknown(),
          value,
          Math.max(0, client.answered() - value) + client.wrong());
    } finally {
      for (ServerProcess instance : instances) {
        if (instance != null) {
          instance.close();
        }
      }
      servers.forEach(ServerProcess::close);
    }
    report("planned hand-over", planned);
    report("kill -9", killed);
    out.flush();
  }

  private void report(String what, List<Double> gaps) {
    out.printf(
        Locale.ROOT,
        "%s, ms without an answer: median %.0f, p99 %.0f, longest %.0f (%d times)%n",
        what,
        StreamRun.percentile(gaps, 0.5),
        StreamRun.percentile(gaps, 0.99),
        StreamRun.percentile(gaps, 1),
        gaps.size());
  }

  private double handOver(RoleLeasesPrx leases, DemoCounting client) throws Exception {
    settle(client);
    int before = active();
    client.takeGapMillis();
    leases.transfer(GROUP, "", false);
    await(() -> active() == 1 - before);
    return served(client);
  }

  private double kill(DemoCounting client) throws Exception {
    settle(client);
    int before = active();
    client.takeGapMillis();
    ProcessHandle.of(instances[before].pid()).ifPresent(ProcessHandle::destroyForcibly);
    await(() -> active() == 1 - before);
    double gap = served(client);
    instances[before].close();
    instances[before] = programs.instance(before + 1);
    return gap;
  }

  /** The longest gap until the client has been answered for a while. */
  private static double served(DemoCounting client) throws InterruptedException {
    long goal = client.answered() + 100;
    await(() -> client.answered() >= goal);
    return client.takeGapMillis();
  }

  /** Waits until one is active, the other stands by, and the client is answered. */
  private void settle(DemoCounting client) throws InterruptedException {
    await(
        () -> {
          int active = active();
          return active >= 0 && state(1 - active) == ReplicaState.Standby;
        });
    served(client);
  }

  /** 0 or 1; -1: none. */
  private int active() {
    for (int i = 0; i < instances.length; i++) {
      if (state(i) == ReplicaState.Active) {
        return i;
      }
    }
    return -1;
  }

  private ReplicaState state(int index) {
    try {
      return ManagedReplicaPrx.uncheckedCast(
              programs
                  .communicator()
                  .stringToProxy(
                      "Counter-"
                          + (index + 1)
                          + ".Replica -f ha:"
                          + programs.endpoint(5 + 2 * (index + 1)))
                  .ice_invocationTimeout(1_000))
          .getStatus()
          .state;
    } catch (LocalException e) {
      return ReplicaState.Failed;
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > limit) {
        throw new IllegalStateException(
            "an instance did not get its role in " + LIMIT_SECONDS + " s");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
