package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.UserException;
import com.zeroc.Ice.Util;
import dev.firn.failover.LeaseAnswer;
import dev.firn.failover.LeaseConfig;
import dev.firn.wire.Failover.V1.Candidate;
import dev.firn.wire.Failover.V1.Lease;
import dev.firn.wire.Failover.V1.LeaseInfo;
import dev.firn.wire.Failover.V1.LeasesBusy;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.NotLeaseAuthority;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.RoleLeasesPrx;
import dev.firn.wire.Failover.V1.TransferRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The object of the leases, through Ice. */
class RoleLeasesTest {
  private static final int QUEUE_MAX = 3;

  private final AtomicLong now = new AtomicLong(1_000);
  private volatile CountDownLatch busy = new CountDownLatch(1);
  private volatile CountDownLatch released = new CountDownLatch(0);
  private final List<Throwable> bugs = new ArrayList<>();
  private final Communicator communicator =
      // Where the Java classes of the exceptions are.
      Util.initialize(new String[] {"--Ice.Package.Failover=dev.firn.wire"});
  private final LeaseDesk desk = desk();
  private final RoleLeasesPrx leases = serve();

  private LeaseDesk desk() {
    return new LeaseDesk(
        LeaseConfig.defaults(), communicator, bugs::add, this::clockMillis, QUEUE_MAX);
  }

  /** Asked on the thread of the leases with each request. */
  private long clockMillis() {
    busy.countDown();
    await(released);
    return now.get();
  }

  private RoleLeasesPrx serve() {
    ObjectAdapter adapter =
        communicator.createObjectAdapterWithEndpoints("", "tcp -h 127.0.0.1 -p 0");
    adapter.activate();
    return RoleLeasesPrx.uncheckedCast(
        adapter.add(new RoleLeasesServant(desk), new Identity("RoleLeases", "IceGrid")));
  }

  @BeforeEach
  void master() {
    desk.becameMaster();
    desk.leases().toCompletableFuture().join();
  }

  @AfterEach
  void stop() {
    desk.shutdown();
    communicator.destroy();
    assertThat(bugs).isEmpty();
  }

  private Candidate candidate(String instance, ReplicaState state, long epoch) {
    return new Candidate(
        "g",
        instance,
        ManagedReplicaPrx.uncheckedCast(
            communicator.stringToProxy(instance + ".Replica -f ha:tcp -h 127.0.0.1 -p 21000")),
        state,
        epoch,
        5,
        state == ReplicaState.Standby,
        "");
  }

  private LeaseInfo info() throws UserException {
    LeaseInfo[] infos = leases.leases();
    return infos.length == 0 ? new LeaseInfo("g", "", 0, 0, new String[0]) : infos[0];
  }

  /** A campaign that the registry has, and holds. */
  private CompletableFuture<Lease> held(String instance, ReplicaState state, long epoch)
      throws UserException {
    CompletableFuture<Lease> campaign = leases.campaignAsync(candidate(instance, state, epoch));
    for (int i = 0; i < 100_000 && !List.of(info().candidates).contains(instance); i++) {
      Thread.onSpinWait();
    }
    assertThat(info().candidates).contains(instance);
    return campaign;
  }

  @Test
  void theRoleIsGivenAndGivenBack() throws Exception {
    now.addAndGet(4_000);
    CompletableFuture<Lease> campaign = held("a", ReplicaState.Standby, 41);
    now.addAndGet(300);
    leases.leases();
    assertThat(campaign.join().holder).isEqualTo("a");
    assertThat(campaign.join().epoch).isEqualTo(42);
    assertThat(campaign.join().termMillis).isEqualTo(1_000);
    LeaseInfo info = info();
    assertThat(info.group).isEqualTo("g");
    assertThat(info.holder).isEqualTo("a");
    assertThat(info.epoch).isEqualTo(42);
    assertThat(info.remainingMillis).isBetween(1_000L, 1_101L);
    CompletableFuture<Lease> next = held("b", ReplicaState.Standby, 0);
    leases.release("g", "a", 42, true);
    assertThat(next.join().holder).isEqualTo("b");
    assertThat(next.join().epoch).isEqualTo(43);
  }

  @Test
  void aTransferEndsWhenTheNewOneIsActive() throws Exception {
    assertThat(leases.campaign(candidate("a", ReplicaState.Active, 1)).termMillis).isPositive();
    now.addAndGet(1_101);
    leases.campaign(candidate("a", ReplicaState.Active, 2));
    now.addAndGet(4_000);
    CompletableFuture<Lease> first = held("a", ReplicaState.Standby, 2);
    leases.leases();
    assertThat(first.join().epoch).isEqualTo(3);
    CompletableFuture<Lease> next = held("b", ReplicaState.Standby, 1);
    assertThatThrownBy(() -> leases.transfer("nobody", "", true))
        .isInstanceOf(TransferRefused.class);
    CompletableFuture<Long> transfer = leases.transferAsync("g", "", false);
    Lease recall = leases.campaign(candidate("a", ReplicaState.Active, 3));
    for (int i = 0; i < 100_000 && !recall.holder.equals("b"); i++) {
      recall = leases.campaign(candidate("a", ReplicaState.Active, 3));
    }
    assertThat(recall.holder).as("it is to hand over").isEqualTo("b");
    assertThat(recall.termMillis).isPositive();
    leases.release("g", "a", 3, false);
    assertThat(next.join().epoch).isEqualTo(4);
    assertThat(transfer).isNotDone();
    leases.campaign(candidate("b", ReplicaState.Active, 4));
    assertThat(transfer.join()).isEqualTo(4);
  }

  @Test
  void aSlaveGivesNoLeasesAndSaysWhy() {
    CompletableFuture<Lease> waiting =
        leases.campaignAsync(candidate("a", ReplicaState.Standby, 0));
    desk.notMaster("ask the master");
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(NotLeaseAuthority.class);
    assertThatThrownBy(() -> leases.campaign(candidate("a", ReplicaState.Standby, 0)))
        .isInstanceOfSatisfying(
            NotLeaseAuthority.class, e -> assertThat(e.reason).isEqualTo("ask the master"));
    assertThatThrownBy(() -> leases.release("g", "a", 1, true))
        .isInstanceOf(NotLeaseAuthority.class);
    assertThatThrownBy(() -> leases.leases()).isInstanceOf(NotLeaseAuthority.class);
    assertThatThrownBy(() -> leases.campaign(new Candidate()))
        .isInstanceOf(NotLeaseAuthority.class);
  }

  @Test
  void whoFindsNoRoomIsRefusedAtOnce() throws Exception {
    busy = new CountDownLatch(1);
    released = new CountDownLatch(1);
    List<CompletionStage<LeaseAnswer>> taken = new ArrayList<>();
    taken.add(desk.release("g", "a", 1, false));
    await(busy);
    for (int i = 0; i < QUEUE_MAX; i++) {
      taken.add(desk.release("g", "a", 1, false));
    }
    assertThatThrownBy(() -> leases.campaign(candidate("a", ReplicaState.Active, 1)))
        .isInstanceOfSatisfying(LeasesBusy.class, e -> assertThat(e.reason).contains("too many"));
    assertThatThrownBy(() -> leases.release("g", "a", 1, true)).isInstanceOf(LeasesBusy.class);
    assertThatThrownBy(() -> leases.transfer("g", "", true)).isInstanceOf(LeasesBusy.class);
    assertThatThrownBy(() -> leases.leases()).isInstanceOf(LeasesBusy.class);
    released.countDown();
    assertThat(taken)
        .allSatisfy(
            request ->
                assertThat(request.toCompletableFuture().join())
                    .isInstanceOf(LeaseAnswer.Released.class));
    assertThat(leases.leases()).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void nobodyWaitsForARegistryThatEnds() {
    CompletableFuture<Lease> waiting =
        leases.campaignAsync(candidate("a", ReplicaState.Standby, 0));
    leases.ice_ping();
    desk.shutdown();
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(NotLeaseAuthority.class);
    assertThatThrownBy(() -> leases.leases()).isInstanceOf(NotLeaseAuthority.class);
  }
}
