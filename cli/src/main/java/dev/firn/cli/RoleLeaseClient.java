package dev.firn.cli;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.IceGrid.LocatorPrx;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.LeaseInfo;
import dev.firn.wire.Failover.V1.LeasesBusy;
import dev.firn.wire.Failover.V1.NotLeaseAuthority;
import dev.firn.wire.Failover.V1.RoleLeasesPrx;
import dev.firn.wire.Failover.V1.TransferRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The registry's side of groups whose active instance Firn decides on. */
final class RoleLeaseClient {
  private final RoleLeasesPrx leases;
  private final LeaseInfo info;

  private RoleLeaseClient(RoleLeasesPrx leases, LeaseInfo info) {
    this.leases = leases;
    this.info = info;
  }

  /**
   * The lease of a group.
   *
   * @return empty if no registry is configured, or those that give leases do not know the group:
   *     somebody else decides
   * @throws ComponentFailure none that is configured can say: they are unreachable
   */
  static Optional<RoleLeaseClient> of(ComponentClient client, String group) {
    com.zeroc.Ice.LocatorPrx locator = client.communicator().getDefaultLocator();
    if (locator == null) {
      return Optional.empty();
    }
    List<RoleLeasesPrx> authorities = authorities(client, locator);
    String reason = "";
    int others = 0;
    for (RoleLeasesPrx leases : authorities) {
      try {
        for (LeaseInfo info : leases.leases()) {
          if (info.group.equals(group)) {
            return Optional.of(new RoleLeaseClient(leases, info));
          }
        }
        return Optional.empty();
      } catch (ObjectNotExistException e) {
        // A registry that gives no leases to anybody.
        others++;
      } catch (NotLeaseAuthority e) {
        // A slave; the next may be the master.
        reason = e.reason;
      } catch (LeasesBusy e) {
        throw new ComponentFailure(ComponentToolMain.FAILED, e.reason);
      } catch (LocalException e) {
        reason = Exceptions.text(e).replace('\n', ' ');
      }
    }
    if (others == authorities.size()) {
      return Optional.empty();
    }
    throw new ComponentFailure(
        ComponentToolMain.UNREACHABLE, "no registry says who has the role: " + reason);
  }

  /** The object on each registry that the locator's endpoints name, and on the one it speaks of. */
  private static List<RoleLeasesPrx> authorities(
      ComponentClient client, com.zeroc.Ice.LocatorPrx locator) {
    List<RoleLeasesPrx> authorities = new ArrayList<>();
    Identity identity = new Identity("RoleLeases", locator.ice_getIdentity().category);
    try {
      var registry =
          LocatorPrx.uncheckedCast(locator)
              .ice_invocationTimeout(client.leftMillis())
              .getLocalRegistry();
      // A locator that multicast finds has another category.
      identity = new Identity("RoleLeases", registry.ice_getIdentity().category);
      authorities.add(
          RoleLeasesPrx.uncheckedCast(
              registry.ice_identity(identity).ice_invocationTimeout(client.leftMillis())));
    } catch (LocalException e) {
      // Its endpoints may still answer one by one.
    }
    for (com.zeroc.Ice.Endpoint endpoint : locator.ice_getEndpoints()) {
      authorities.add(
          RoleLeasesPrx.uncheckedCast(
              locator
                  .ice_identity(identity)
                  .ice_endpoints(new com.zeroc.Ice.Endpoint[] {endpoint})
                  .ice_invocationTimeout(client.leftMillis())));
    }
    return authorities;
  }

  String holder() {
    return info.holder;
  }

  /**
   * Moves the role.
   *
   * @return the new epoch
   */
  long transfer(String to, boolean force) {
    try {
      return leases.transfer(info.group, to, force);
    } catch (TransferRefused e) {
      throw new ComponentFailure(ComponentToolMain.FAILED, e.reason);
    } catch (LeasesBusy e) {
      throw new ComponentFailure(ComponentToolMain.FAILED, e.reason);
    } catch (NotLeaseAuthority e) {
      throw new ComponentFailure(ComponentToolMain.FAILED, e.reason);
    } catch (LocalException e) {
      throw new ComponentFailure(
          ComponentToolMain.FAILED,
          "the registry does not answer: " + Exceptions.text(e).replace('\n', ' '));
    }
  }
}
