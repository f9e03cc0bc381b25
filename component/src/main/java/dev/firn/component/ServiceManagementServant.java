package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectNotExistException;
import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceEntry;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceManagement;
import dev.firn.wire.Async;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stands for all registered services; the name of the identity is the service's guid. */
final class ServiceManagementServant implements ServiceManagement {
  /** Category of the identities. */
  static final String CATEGORY = "service";

  private final Communicator communicator;
  private final ParamsCodec codec;
  private final ServiceRequests requests;

  ServiceManagementServant(Communicator communicator, ServiceRequests requests) {
    this.communicator = communicator;
    this.codec = new ParamsCodec(communicator);
    this.requests = requests;
  }

  @Override
  public CompletionStage<Void> addLocatorParamsAsync(
      @Nullable ServiceLocatorParams params, String compareGuid, Current current) {
    return requests.perform(
        new ServiceCommand.AddParams(
            current.id.name,
            new ServiceEntry.Findable(codec.decode(params), compareGuid),
            ServiceRequests.epoch(current)),
        current.id.name,
        current,
        () -> null);
  }

  @Override
  public CompletionStage<Void> suspendAsync(Current current) {
    return withdraw(
        new ServiceCommand.Suspend(current.id.name, true, ServiceRequests.epoch(current)), current);
  }

  @Override
  public CompletionStage<Void> unsuspendAsync(Current current) {
    return withdraw(
        new ServiceCommand.Suspend(current.id.name, false, ServiceRequests.epoch(current)),
        current);
  }

  @Override
  public CompletionStage<Void> unregisterAsync(Current current) {
    return withdraw(
        new ServiceCommand.RemoveService(current.id.name, ServiceRequests.epoch(current)), current);
  }

  @Override
  public void ice_ping(Current current) {
    ServiceEntry entry =
        requests
            .table()
            .service(current.id.name)
            .orElseThrow(
                () -> new ObjectNotExistException(current.id, current.facet, current.operation));
    Optional<GroupEpoch> epoch = ServiceRequests.epoch(current);
    // What an older epoch says of itself is not said of the service as it is now.
    if (entry.epoch().isEmpty()
        || epoch.isEmpty()
        || epoch.get().epoch() >= entry.epoch().get().epoch()) {
      requests.keepAlive(current.id.name, current);
    }
  }

  /**
   * These operations have no exception for an old epoch, and need none: what somebody of an older
   * epoch withdraws is his no more, and so he has what he wants.
   */
  private CompletionStage<Void> withdraw(ServiceCommand command, Current current) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    requests
        .<Void>perform(command, current.id.name, current, () -> null)
        .whenComplete(
            (unused, failure) -> {
              Throwable cause = failure == null ? null : Async.cause(failure);
              if (cause == null || cause instanceof StaleEpoch) {
                if (cause != null) {
                  communicator
                      .getLogger()
                      .print(
                          current.operation
                              + " of service "
                              + current.id.name
                              + " from an older epoch: ignored");
                }
                done.complete(null);
              } else {
                done.completeExceptionally(cause);
              }
            });
    return done;
  }
}
