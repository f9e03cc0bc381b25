package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagement;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceManagement;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceManagementPrx;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Takes registrations, and refuses those of old epochs. */
final class TestLocator implements ServiceLocatorManagement {
  private final Map<String, Long> epochs = new ConcurrentHashMap<>();
  private final Map<String, ObjectPrx> services = new ConcurrentSkipListMap<>();
  private final ObjectAdapter adapter;

  TestLocator(Communicator communicator, int port) {
    adapter =
        communicator.createObjectAdapterWithEndpoints(
            "Locator" + port, "tcp -h 127.0.0.1 -p " + port);
    adapter.add(this, Util.stringToIdentity("LocatorServiceManagement"));
    adapter.activate();
  }

  static ServiceLocatorManagementPrx proxy(Communicator communicator, int port) {
    return ServiceLocatorManagementPrx.uncheckedCast(
        communicator.stringToProxy("LocatorServiceManagement:tcp -h 127.0.0.1 -p " + port));
  }

  /** From now on it listens, and says nothing. */
  void hang() {
    adapter.hold();
    adapter.waitForHold();
  }

  List<String> guids() {
    return List.copyOf(services.keySet());
  }

  /** Another instance has this epoch. */
  void knows(String group, long epoch) {
    epochs.put(group, epoch);
  }

  private void check(Current current) throws StaleEpoch {
    EpochContext caller = EpochContext.of(current.ctx).orElse(null);
    if (caller != null) {
      long newest = epochs.merge(caller.group(), caller.epoch(), Math::max);
      if (caller.epoch() < newest) {
        throw new StaleEpoch(newest);
      }
    }
  }

  @Override
  public CompletionStage<ServiceManagementPrx> addServiceAsync(
      ObjectPrx service, String guid, Current current) throws StaleEpoch {
    check(current);
    services.put(guid, service);
    return CompletableFuture.completedFuture(
        ServiceManagementPrx.uncheckedCast(adapter.addWithUUID(new Management(guid))));
  }

  @Override
  public CompletionStage<Void> addCompareAsync(
      String guid, ServiceLocatorParamsComparePrx comparator, Current current) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> removeCompareAsync(String guid, Current current) {
    return CompletableFuture.completedFuture(null);
  }

  private final class Management implements ServiceManagement {
    private final String guid;

    Management(String guid) {
      this.guid = guid;
    }

    @Override
    public CompletionStage<Void> addLocatorParamsAsync(
        ServiceLocatorParams params, String compareGuid, Current current) throws StaleEpoch {
      check(current);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> suspendAsync(Current current) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> unsuspendAsync(Current current) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> unregisterAsync(Current current) {
      services.remove(guid);
      return CompletableFuture.completedFuture(null);
    }
  }
}
