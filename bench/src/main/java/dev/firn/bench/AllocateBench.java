package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdapterDescriptor;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.DistributionDescriptor;
import com.zeroc.IceGrid.NodeDescriptor;
import com.zeroc.IceGrid.ObjectDescriptor;
import com.zeroc.IceGrid.PropertyDescriptor;
import com.zeroc.IceGrid.PropertySetDescriptor;
import com.zeroc.IceGrid.RegistryPrx;
import com.zeroc.IceGrid.ServerDescriptor;
import com.zeroc.IceGrid.SessionPrx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Sessions that allocate and release, each as fast as it is answered. */
final class AllocateBench {
  private static final int PATIENCE_SECONDS = 60;

  /**
   * @param perSecond pairs of allocation and release
   * @param cpuMicros of the registry for a pair
   */
  record Result(double perSecond, double cpuMicros) {}

  private final Communicator communicator;
  private final ServerProcess server;
  private int connections;

  AllocateBench(Communicator communicator, ServerProcess server) {
    this.communicator = communicator;
    this.server = server;
  }

  /** Objects for all loads: own-N-I, and of type shared-N. The servers never run. */
  static ApplicationDescriptor application(List<Integer> numbersOfSessions) {
    List<ObjectDescriptor> objects = new ArrayList<>();
    for (int sessions : numbersOfSessions) {
      for (int i = 0; i < sessions; i++) {
        objects.add(new ObjectDescriptor(own(sessions, i), "::Bench::Own", ""));
      }
      for (int i = 0; i < sessions / 2; i++) {
        Identity id = new Identity("shared-" + sessions + "-" + i, "");
        objects.add(new ObjectDescriptor(id, sharedType(sessions), ""));
      }
    }
    var noDistribution = new DistributionDescriptor("", new ArrayList<>());
    var adapter =
        new AdapterDescriptor("A", "", "bench.A", "", "", false, true, new ArrayList<>(), objects);
    var described = new ServerDescriptor();
    described.id = "bench";
    described.exe = "/bin/true";
    described.activation = "manual";
    described.distrib = noDistribution;
    described.propertySet =
        new PropertySetDescriptor(
            new String[0],
            new ArrayList<>(List.of(new PropertyDescriptor("A.Endpoints", "tcp -h 127.0.0.1"))));
    described.adapters = new ArrayList<>(List.of(adapter));
    described.dbEnvs = new ArrayList<>();
    described.logs = new String[0];
    described.options = new ArrayList<>();
    described.envs = new ArrayList<>();
    var node =
        new NodeDescriptor(
            Map.of(),
            new ArrayList<>(),
            new ArrayList<>(List.of(described)),
            "",
            "",
            new HashMap<>());
    return new ApplicationDescriptor(
        "Bench",
        Map.of(),
        new ArrayList<>(),
        Map.of(),
        Map.of(),
        Map.of("bench", node),
        noDistribution,
        "",
        Map.of());
  }

  private static Identity own(int sessions, int number) {
    return new Identity("own-" + sessions + "-" + number, "");
  }

  private static String sharedType(int sessions) {
    return "::Bench::Shared" + sessions;
  }

  /**
   * Lets sessions loop until the time is over.
   *
   * @param shared whether they compete for half as many objects of a type
   */
  Result run(int sessions, boolean shared, long nanos) throws InterruptedException, UserException {
    List<SessionPrx> opened = new ArrayList<>();
    try {
      for (int i = 0; i < sessions; i++) {
        opened.add(open());
      }
      long cpu = ProcFs.cpuMicros(server.pid());
      long begin = System.nanoTime();
      List<Loop> loops = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        Loop loop = new Loop(opened.get(i), sessions, i, shared, begin + nanos);
        loops.add(loop);
        loop.next();
      }
      long pairs = 0;
      for (Loop loop : loops) {
        pairs += loop.await();
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      double used = ProcFs.cpuMicros(server.pid()) - cpu;
      return new Result(pairs / seconds, used / pairs);
    } finally {
      for (SessionPrx session : opened) {
        session.destroy();
        session.ice_getConnection().close(com.zeroc.Ice.ConnectionClose.Gracefully);
      }
    }
  }

  /** On a connection of its own, to which the session is bound. */
  private SessionPrx open() throws UserException {
    String connection = server.kind().label() + connections++;
    var registry =
        RegistryPrx.uncheckedCast(
            communicator
                .stringToProxy("IceGrid/Registry:" + server.endpoint())
                .ice_connectionId(connection));
    return SessionPrx.uncheckedCast(
        registry.createSession("bench", "bench").ice_connectionId(connection));
  }

  /** What one session does; its steps follow one another on Ice's threads. */
  private static final class Loop {
    private final SessionPrx session;
    private final int sessions;
    private final int number;
    private final boolean shared;
    private final long endNanos;
    private final AtomicLong pairs = new AtomicLong();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Loop(SessionPrx session, int sessions, int number, boolean shared, long endNanos) {
      this.session = session;
      this.sessions = sessions;
      this.number = number;
      this.shared = shared;
      this.endNanos = endNanos;
    }

    void next() {
      if (System.nanoTime() - endNanos >= 0) {
        done.complete(null);
        return;
      }
      CompletableFuture<ObjectPrx> allocated =
          shared
              ? session.allocateObjectByTypeAsync(sharedType(sessions))
              : session.allocateObjectByIdAsync(own(sessions, number));
      allocated.whenComplete(
          (object, failure) -> {
            if (failure != null) {
              done.completeExceptionally(failure);
            } else {
              release(object.ice_getIdentity());
            }
          });
    }

    private void release(Identity object) {
      session
          .releaseObjectAsync(object)
          .whenComplete(
              (released, failure) -> {
                if (failure != null) {
                  done.completeExceptionally(failure);
                } else {
                  pairs.incrementAndGet();
                  next();
                }
              });
    }

    /** The pairs, once the time is over. */
    long await() throws InterruptedException {
      try {
        done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return pairs.get();
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("a session failed", e);
      }
    }
  }
}
