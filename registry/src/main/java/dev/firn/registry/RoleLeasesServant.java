package dev.firn.registry;

import com.zeroc.Ice.Current;
import dev.firn.failover.Candidacy;
import dev.firn.failover.LeaseAnswer;
import dev.firn.failover.LeaseView;
import dev.firn.failover.RoleState;
import dev.firn.wire.Failover.V1.Candidate;
import dev.firn.wire.Failover.V1.Lease;
import dev.firn.wire.Failover.V1.LeaseInfo;
import dev.firn.wire.Failover.V1.LeasesBusy;
import dev.firn.wire.Failover.V1.NotLeaseAuthority;
import dev.firn.wire.Failover.V1.RoleLeases;
import dev.firn.wire.Failover.V1.TransferRefused;
import dev.firn.wire.LeaseContext;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The object {@code RoleLeases}: who is active, decided by the master. Dispatch threads. */
final class RoleLeasesServant implements RoleLeases {
  private final LeaseDesk desk;

  RoleLeasesServant(LeaseDesk desk) {
    this.desk = desk;
  }

  @Override
  public CompletionStage<Lease> campaignAsync(Candidate candidate, Current current)
      throws NotLeaseAuthority {
    if (candidate.group.isEmpty() || candidate.instance.isEmpty()) {
      throw new NotLeaseAuthority("a candidate has a group and a name");
    }
    Candidacy says =
        new Candidacy(
            candidate.group,
            candidate.instance,
            candidate.replica == null ? "" : candidate.replica.toString(),
            state(candidate),
            candidate.epoch,
            candidate.appliedSeq,
            LeaseContext.configurationRevision(current.ctx),
            candidate.ready,
            candidate.preferred,
            fallbackAfterMillis(current));
    return desk.campaign(says)
        .thenCompose(
            answer ->
                answer instanceof LeaseAnswer.Lease lease
                    ? CompletableFuture.completedFuture(
                        new Lease(lease.holder(), lease.epoch(), lease.termMillis()))
                    : refused(answer));
  }

  private static OptionalLong fallbackAfterMillis(Current current) {
    OptionalLong seconds = LeaseContext.fallbackAfterSeconds(current.ctx);
    return seconds.isPresent() ? OptionalLong.of(1_000 * seconds.getAsLong()) : seconds;
  }

  private static RoleState state(Candidate candidate) {
    return switch (candidate.state) {
      case Starting -> RoleState.STARTING;
      case Syncing -> RoleState.SYNCING;
      case Standby -> RoleState.STANDBY;
      case Activating -> RoleState.ACTIVATING;
      case Active -> RoleState.ACTIVE;
      case Deactivating -> RoleState.DEACTIVATING;
      case Failed -> RoleState.FAILED;
      case Stopping -> RoleState.STOPPING;
    };
  }

  @Override
  public CompletionStage<Void> releaseAsync(
      String group, String instance, long epoch, boolean leave, Current current) {
    return desk.release(group, instance, epoch, leave)
        .thenCompose(
            answer ->
                answer instanceof LeaseAnswer.Released
                    ? CompletableFuture.completedFuture(null)
                    : refused(answer));
  }

  @Override
  public CompletionStage<Long> transferAsync(
      String group, String to, boolean force, Current current) {
    return desk.transfer(group, to, force)
        .thenCompose(
            answer ->
                answer instanceof LeaseAnswer.Transferred done
                    ? CompletableFuture.completedFuture(done.epoch())
                    : refused(answer));
  }

  @Override
  public CompletionStage<LeaseInfo[]> leasesAsync(Current current) {
    return desk.leases()
        .thenApply(
            listing -> {
              if (listing.busy()) {
                throw new CompletionException(new LeasesBusy(LeaseDesk.BUSY));
              }
              if (!listing.notMaster().isEmpty()) {
                throw new CompletionException(new NotLeaseAuthority(listing.notMaster()));
              }
              return listing.leases().stream()
                  .map(RoleLeasesServant::info)
                  .toArray(LeaseInfo[]::new);
            });
  }

  private static LeaseInfo info(LeaseView lease) {
    return new LeaseInfo(
        lease.group(),
        lease.holder(),
        lease.epoch(),
        lease.remainingMillis(),
        lease.candidates().toArray(String[]::new));
  }

  private static <T> CompletionStage<T> refused(LeaseAnswer answer) {
    if (answer instanceof LeaseAnswer.NotAuthority refusal) {
      return CompletableFuture.failedFuture(new NotLeaseAuthority(refusal.reason()));
    } else if (answer instanceof LeaseAnswer.Busy refusal) {
      return CompletableFuture.failedFuture(new LeasesBusy(refusal.reason()));
    } else if (answer instanceof LeaseAnswer.TransferRefused refusal) {
      return CompletableFuture.failedFuture(new TransferRefused(refusal.reason()));
    }
    throw new IllegalStateException("not an answer to this: " + answer);
  }
}
