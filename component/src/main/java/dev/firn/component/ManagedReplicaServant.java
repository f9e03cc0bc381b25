package dev.firn.component;

import com.zeroc.Ice.Current;
import dev.firn.failover.RoleAnswer;
import dev.firn.failover.RoleInput;
import dev.firn.failover.RoleState;
import dev.firn.wire.Async;
import dev.firn.wire.Failover.V1.ActivationFailed;
import dev.firn.wire.Failover.V1.ManagedReplica;
import dev.firn.wire.Failover.V1.NotSynchronized;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Facet {@code ha} of the replica: epochs, and how the instance is. Any thread. */
final class ManagedReplicaServant extends ReplicaServant implements ManagedReplica {
  private final InstanceParts parts;

  ManagedReplicaServant(InstanceParts parts) {
    super(parts);
    this.parts = parts;
  }

  @Override
  public String[] ice_ids(Current current) {
    return withUnversioned(ManagedReplica.super.ice_ids(current));
  }

  @Override
  public CompletionStage<ReplicaStatus> getStatusAsync(Current current) {
    return CompletableFuture.completedFuture(parts.status());
  }

  @Override
  public CompletionStage<Void> promoteAsync(long epoch, boolean acceptDataLoss, Current current) {
    return parts
        .role()
        .ask(request -> new RoleInput.Promote(request, epoch, acceptDataLoss))
        .thenCompose(ManagedReplicaServant::outcome);
  }

  @Override
  public CompletionStage<Void> demoteAsync(long epoch, Current current) {
    return parts
        .role()
        .ask(request -> new RoleInput.Demote(request, epoch))
        .thenCompose(
            answer -> answer instanceof RoleAnswer.Failed ? standby(answer) : outcome(answer));
  }

  private static CompletionStage<Void> outcome(RoleAnswer answer) {
    if (answer instanceof RoleAnswer.Failed failed) {
      return CompletableFuture.failedFuture(new ActivationFailed(failed.reason()));
    } else if (answer instanceof RoleAnswer.Stale stale) {
      return CompletableFuture.failedFuture(new StaleEpoch(stale.currentEpoch()));
    } else if (answer instanceof RoleAnswer.NotSynchronized behind) {
      return CompletableFuture.failedFuture(
          new NotSynchronized(behind.appliedSeq(), behind.headSeq()));
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> probeAsync(Current current) {
    if (parts.role().view().state() == RoleState.FAILED) {
      return CompletableFuture.failedFuture(new ActivationFailed(parts.role().view().lastError()));
    }
    CompletableFuture<Void> healthy = new CompletableFuture<>();
    parts
        .hooks()
        .probe()
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                healthy.complete(null);
              } else {
                healthy.completeExceptionally(
                    new ActivationFailed(Async.cause(failure).toString()));
              }
            });
    return healthy;
  }

  @Override
  public CompletionStage<Long> getConfigurationRevisionAsync(Current current) {
    return CompletableFuture.completedFuture(parts.configurationRevision());
  }
}
