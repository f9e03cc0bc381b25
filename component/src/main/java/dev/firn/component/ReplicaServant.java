package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.UnknownException;
import dev.firn.failover.RoleAnswer;
import dev.firn.failover.RoleInput;
import dev.firn.wire.AsteriskSCF.System.Component.V1.Replica;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaListenerPrx;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The role of the instance, for cluster managers: the original operations. Any thread. */
class ReplicaServant implements Replica {
  private static final String UNVERSIONED = "::AsteriskSCF::System::Component::Replica";

  private final InstanceParts parts;

  ReplicaServant(InstanceParts parts) {
    this.parts = parts;
  }

  /** With the name of the interface before its module had a version. */
  @Override
  public String[] ice_ids(Current current) {
    return withUnversioned(Replica.super.ice_ids(current));
  }

  static String[] withUnversioned(String[] ids) {
    return Stream.concat(Arrays.stream(ids), Stream.of(UNVERSIONED))
        .sorted()
        .toArray(String[]::new);
  }

  @Override
  public boolean ice_isA(String id, Current current) {
    return Arrays.asList(ice_ids(current)).contains(id);
  }

  @Override
  public CompletionStage<Boolean> isActiveAsync(Current current) {
    return CompletableFuture.completedFuture(parts.role().view().isActive());
  }

  @Override
  public CompletionStage<Boolean> activateAsync(Current current) {
    return parts
        .role()
        .ask(RoleInput.Activate::new)
        .thenApply(answer -> answer instanceof RoleAnswer.Done);
  }

  @Override
  public CompletionStage<Void> standbyAsync(Current current) {
    return parts.role().ask(RoleInput.Standby::new).thenCompose(ReplicaServant::standby);
  }

  static CompletionStage<Void> standby(RoleAnswer answer) {
    return answer instanceof RoleAnswer.Failed failed
        ? CompletableFuture.failedFuture(new UnknownException(failed.reason()))
        : CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> addListenerAsync(
      @Nullable ReplicaListenerPrx listener, Current current) {
    parts.addListener(listener);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> removeListenerAsync(
      @Nullable ReplicaListenerPrx listener, Current current) {
    parts.removeListener(listener);
    return CompletableFuture.completedFuture(null);
  }
}
