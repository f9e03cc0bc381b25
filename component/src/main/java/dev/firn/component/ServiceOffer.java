package dev.firn.component;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.EpochContext;
import java.util.List;
import java.util.Optional;

/**
 * One service as it is registered with the service locator.
 *
 * @param guid what identifies the registration: {@code <instance>.<interface>}, or {@code
 *     <group>.<identity>} where an instance that becomes active replaces the one before
 * @param proxy how clients reach the service
 * @param params what it is found by; may be empty, then nobody finds it
 * @param compareGuid the comparator to ask, or empty
 * @param epoch of the active role, for services that only the active instance has
 */
record ServiceOffer(
    String guid,
    ObjectPrx proxy,
    List<ServiceLocatorParams> params,
    String compareGuid,
    Optional<EpochContext> epoch) {
  ServiceOffer {
    requireNonNull(guid, "guid");
    requireNonNull(proxy, "proxy");
    requireNonNull(compareGuid, "compareGuid");
    requireNonNull(epoch, "epoch");
    params = List.copyOf(params);
  }

  /** A service found by one set of names, of no epoch. */
  static ServiceOffer of(String guid, ObjectPrx proxy, String category, String service, String id) {
    return new ServiceOffer(
        guid,
        proxy,
        List.of(new ServiceLocatorParams(category, service, id)),
        "",
        Optional.empty());
  }

  /** The same service, of an epoch of the active role. */
  ServiceOffer in(EpochContext newEpoch) {
    return new ServiceOffer(guid, proxy, params, compareGuid, Optional.of(newEpoch));
  }
}
