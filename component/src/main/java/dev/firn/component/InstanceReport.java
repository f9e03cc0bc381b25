package dev.firn.component;

import dev.firn.failover.RoleState;
import dev.firn.failover.RoleView;
import dev.firn.wire.Failover.V1.Candidate;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.util.function.Supplier;

/** What an instance says of itself, to whoever asks and to the registry. Any thread. */
final class InstanceReport {
  private final ComponentSettings settings;
  private final Supplier<InstanceRole> role;
  private final Supplier<StreamProgress> progress;
  private final ServiceRegistrations registrations;
  private final ManagedReplicaPrx replica;

  InstanceReport(
      ComponentSettings settings,
      Supplier<InstanceRole> role,
      Supplier<StreamProgress> progress,
      ServiceRegistrations registrations,
      ManagedReplicaPrx replica) {
    this.settings = settings;
    this.role = role;
    this.progress = progress;
    this.registrations = registrations;
    this.replica = replica;
  }

  ReplicaStatus status() {
    InstanceRole.Seen seen = role.get().seen();
    RoleView view = seen.view();
    StreamProgress now = progress.get();
    return new ReplicaStatus(
        settings.group(),
        settings.name(),
        state(view.state()),
        settings.standalone(),
        // Who stands by refuses what is older than anything that it has heard of.
        view.isActive() ? view.epoch() : view.knownEpoch(),
        now.appliedSeq(),
        now.headSeq(),
        now.lagMillis(OwnerThread.nowMillis()),
        seen.sinceWallMillis(),
        view.lastError(),
        registrations.registered().toArray(String[]::new));
  }

  Candidate candidate() {
    RoleView view = role.get().view();
    return new Candidate(
        settings.group(),
        settings.name(),
        replica,
        state(view.state()),
        view.knownEpoch(),
        progress.get().appliedSeq(),
        view.ready(),
        settings.preferred());
  }

  private static ReplicaState state(RoleState state) {
    return switch (state) {
      case STARTING -> ReplicaState.Starting;
      case SYNCING -> ReplicaState.Syncing;
      case STANDBY -> ReplicaState.Standby;
      case ACTIVATING -> ReplicaState.Activating;
      case ACTIVE -> ReplicaState.Active;
      case DEACTIVATING -> ReplicaState.Deactivating;
      case FAILED -> ReplicaState.Failed;
      case STOPPING -> ReplicaState.Stopping;
    };
  }
}
