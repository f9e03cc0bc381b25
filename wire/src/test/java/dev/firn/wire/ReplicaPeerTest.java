package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InvocationTimeoutException;
import com.zeroc.Ice.Object;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaPeerTest {
  private final Communicator own = Util.initialize();
  private final Communicator other =
      Util.initialize(new String[] {"--Ice.ThreadPool.Server.Size=4"});
  private final Semaphore closed = new Semaphore(0);
  private final ReplicaPeer peer = new ReplicaPeer(closed::release);
  private final Replica replica = new Replica();
  private ObjectPrx proxy;

  /** Answers at once, or when it is let go. */
  private static final class Replica implements Object {
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final Semaphore calls = new Semaphore(0);
    private final AtomicBoolean silent = new AtomicBoolean();
    private final Semaphore answers = new Semaphore(0);

    @Override
    public void ice_ping(Current current) {
      connections.add(current.con);
      calls.release();
      if (silent.get()) {
        answers.acquireUninterruptibly();
      }
    }

    private long connectionsSeen() {
      return connections.stream().distinct().count();
    }
  }

  @BeforeEach
  void start() {
    ObjectAdapter adapter =
        other.createObjectAdapterWithEndpoints("Replica", "tcp -h 127.0.0.1 -p 0");
    ObjectPrx there = adapter.add(replica, Util.stringToIdentity("replica"));
    adapter.activate();
    proxy =
        own.stringToProxy(other.proxyToString(there))
            .ice_collocationOptimized(false)
            .ice_timeout(5000);
  }

  @AfterEach
  void stop() {
    replica.answers.release(1000);
    own.destroy();
    other.destroy();
  }

  @Test
  void aConnectionThatThePeerClosesIsNoticedWithoutAnotherCall() throws InterruptedException {
    call(10_000, false).toCompletableFuture().join();
    assertThat(closed.availablePermits()).isZero();

    other.destroy();

    happens(closed);
  }

  @Test
  void aOnewayIsEnoughToWatchAConnection() throws InterruptedException {
    peer.watch(proxy.ice_oneway().ice_pingAsync(), false).toCompletableFuture().join();
    happens(replica.calls);

    other.destroy();

    happens(closed);
  }

  @Test
  void whoWasSilentIsAskedThroughANewConnection() {
    replica.silent.set(true);
    timesOut(call(300, false));
    replica.silent.set(false);

    call(10_000, false).toCompletableFuture().join();

    assertThat(replica.connectionsSeen()).isEqualTo(2);
    assertThat(closed.availablePermits()).as("closed by this side").isZero();
  }

  @Test
  void whoIsBusyWithALongCallIsNotSilent() throws InterruptedException {
    replica.silent.set(true);
    CompletionStage<Void> patient = call(60_000, true);
    happens(replica.calls);
    timesOut(call(300, false));

    replica.answers.release(2);

    patient.toCompletableFuture().join();
    assertThat(replica.connectionsSeen()).isEqualTo(1);
  }

  @Test
  void aLongCallThatIsNotAnsweredInTimeIsSilenceToo() {
    replica.silent.set(true);
    timesOut(call(300, true));
    replica.silent.set(false);

    call(10_000, false).toCompletableFuture().join();

    assertThat(replica.connectionsSeen()).isEqualTo(2);
  }

  @Test
  void theCallIsTheSame() {
    assertThatThrownBy(
            () ->
                peer.watch(proxy.ice_facet("none").ice_pingAsync(), false)
                    .toCompletableFuture()
                    .join())
        .hasCauseInstanceOf(com.zeroc.Ice.FacetNotExistException.class);
    assertThat(closed.availablePermits()).isZero();
  }

  private CompletionStage<Void> call(int millis, boolean patient) {
    return peer.watch(proxy.ice_invocationTimeout(millis).ice_pingAsync(), patient);
  }

  private static void happens(Semaphore what) throws InterruptedException {
    assertThat(what.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void timesOut(CompletionStage<Void> call) {
    assertThatThrownBy(() -> call.toCompletableFuture().join())
        .hasCauseInstanceOf(InvocationTimeoutException.class);
  }
}
