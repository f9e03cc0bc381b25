package dev.firn.cli;

import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationNotExistException;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaPrx;
import dev.firn.wire.Async;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An instance: its classic face, and the facet that only Firn's have.
 *
 * @param name for messages: the instance's name as far as its identity says it
 */
record ReplicaProxy(String name, ReplicaPrx classic, ManagedReplicaPrx managed) {
  private static final String FACET = "ha";

  /** Only instances have it to which the registry gives the role. */
  private static final String LEASED = "leased";

  private static final String SUFFIX = ".Replica";

  /**
   * @param proxy with whatever facet
   */
  static ReplicaProxy of(ObjectPrx proxy, int timeoutMillis) {
    ObjectPrx limited = proxy.ice_twoway().ice_invocationTimeout(timeoutMillis);
    String identity = limited.ice_getIdentity().name;
    return new ReplicaProxy(
        identity.endsWith(SUFFIX)
            ? identity.substring(0, identity.length() - SUFFIX.length())
            : identity,
        ReplicaPrx.uncheckedCast(limited.ice_facet("")),
        ManagedReplicaPrx.uncheckedCast(limited.ice_facet(FACET)));
  }

  /**
   * Whether the registry gives this instance its role.
   *
   * @throws com.zeroc.Ice.LocalException it does not answer
   */
  boolean isLeased() {
    try {
      classic.ice_facet(LEASED).ice_ping();
      return true;
    } catch (FacetNotExistException e) {
      return false;
    }
  }

  /** With another time limit for each call. */
  ReplicaProxy within(long millis) {
    return of(classic, (int) Math.max(1, Math.min(Integer.MAX_VALUE, millis)));
  }

  /**
   * The instance's status. One that has only the classic face tells no more than its role: its
   * group is empty and its epoch 0.
   */
  CompletionStage<ReplicaStatus> status() {
    CompletableFuture<ReplicaStatus> status = new CompletableFuture<>();
    managed
        .getStatusAsync()
        .whenComplete(
            (known, failure) -> {
              if (failure == null) {
                status.complete(known);
              } else if (Async.cause(failure) instanceof FacetNotExistException) {
                Async.forward(classic.isActiveAsync().thenApply(this::plain), status);
              } else {
                status.completeExceptionally(Async.cause(failure));
              }
            });
    return status;
  }

  /** The revision of the configuration that the instance has taken; empty if it cannot say. */
  CompletionStage<OptionalLong> configurationRevision() {
    CompletableFuture<OptionalLong> revision = new CompletableFuture<>();
    managed
        .getConfigurationRevisionAsync()
        .whenComplete(
            (known, failure) -> {
              if (failure == null) {
                revision.complete(OptionalLong.of(known));
              } else if (Async.cause(failure) instanceof FacetNotExistException
                  || Async.cause(failure) instanceof OperationNotExistException) {
                revision.complete(OptionalLong.empty());
              } else {
                revision.completeExceptionally(Async.cause(failure));
              }
            });
    return revision;
  }

  private ReplicaStatus plain(boolean active) {
    ReplicaStatus status = new ReplicaStatus();
    status.group = "";
    status.instance = name;
    status.state = active ? ReplicaState.Active : ReplicaState.Standby;
    status.lastError = "";
    status.registered = new String[0];
    return status;
  }
}
