package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.failover.ServiceCommand;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagement;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceManagementPrx;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes registrations of services and comparators. */
final class ServiceLocatorManagementServant implements ServiceLocatorManagement {
  private final ServiceRequests requests;

  ServiceLocatorManagementServant(ServiceRequests requests) {
    this.requests = requests;
  }

  @Override
  public CompletionStage<ServiceManagementPrx> addServiceAsync(
      @Nullable ObjectPrx service, String guid, Current current) {
    String proxy = ServiceRequests.text(service, current);
    ServiceRequests.requireGuid(guid, current);
    return requests.perform(
        new ServiceCommand.AddService(
            guid, proxy, ServiceRequests.epoch(current), ServiceRequests.isKept(current)),
        guid,
        current,
        () -> management(guid, current));
  }

  @Override
  public CompletionStage<Void> addCompareAsync(
      String guid, @Nullable ServiceLocatorParamsComparePrx comparator, Current current) {
    String proxy = ServiceRequests.text(comparator, current);
    ServiceRequests.requireGuid(guid, current);
    return requests.perform(
        new ServiceCommand.AddComparator(guid, proxy), guid, current, () -> null);
  }

  @Override
  public CompletionStage<Void> removeCompareAsync(String guid, Current current) {
    return requests.perform(new ServiceCommand.RemoveComparator(guid), guid, current, () -> null);
  }

  private static ServiceManagementPrx management(String guid, Current current) {
    return ServiceManagementPrx.uncheckedCast(
        current.adapter.createProxy(new Identity(guid, ServiceManagementServant.CATEGORY)));
  }
}
