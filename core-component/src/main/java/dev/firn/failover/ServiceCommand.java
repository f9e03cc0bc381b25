package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.election.StateCommand;
import java.util.Optional;

/**
 * What somebody wants of the service locator's table. An epoch, where given, is that of who asks.
 */
public sealed interface ServiceCommand extends StateCommand {
  /**
   * Adds a service, or replaces the proxy of the one with this guid.
   *
   * @param kept whether who adds it has promised to be heard of again and again
   */
  record AddService(String guid, String proxy, Optional<GroupEpoch> epoch, boolean kept)
      implements ServiceCommand {
    /** Of somebody who has promised nothing. */
    public AddService(String guid, String proxy, Optional<GroupEpoch> epoch) {
      this(guid, proxy, epoch, false);
    }

    public AddService {
      requireNonNull(guid, "guid");
      requireNonNull(proxy, "proxy");
      requireNonNull(epoch, "epoch");
      if (guid.isEmpty()) {
        throw new IllegalArgumentException("a service has a guid");
      }
    }

    @Override
    public ServiceTable.Result apply(ServiceTable table) {
      return table.add(this);
    }
  }

  /** Lets a service be found by more. */
  record AddParams(String guid, ServiceEntry.Findable findable, Optional<GroupEpoch> epoch)
      implements ServiceCommand {
    @Override
    public ServiceTable.Result apply(ServiceTable table) {
      return table.addParams(this);
    }
  }

  /** Lets a service not be found, or be found again. */
  record Suspend(String guid, boolean suspended, Optional<GroupEpoch> epoch)
      implements ServiceCommand {
    @Override
    public ServiceTable.Result apply(ServiceTable table) {
      return table.suspend(this);
    }
  }

  /** Takes a service out. */
  record RemoveService(String guid, Optional<GroupEpoch> epoch) implements ServiceCommand {
    @Override
    public ServiceTable.Result apply(ServiceTable table) {
      return table.remove(this);
    }
  }

  /** Adds a comparator. */
  record AddComparator(String guid, String proxy) implements ServiceCommand {
    public AddComparator {
      requireNonNull(guid, "guid");
      requireNonNull(proxy, "proxy");
      if (guid.isEmpty()) {
        throw new IllegalArgumentException("a comparator has a guid");
      }
    }

    @Override
    public ServiceTable.Result apply(ServiceTable table) {
      return table.addComparator(this);
    }
  }

  /** Takes a comparator out; services that need it are not found any more. */
  record RemoveComparator(String guid) implements ServiceCommand {
    @Override
    public ServiceTable.Result apply(ServiceTable table) {
      return table.removeComparator(this);
    }
  }

  /** What becomes of a table with this command. */
  ServiceTable.Result apply(ServiceTable table);

  @Override
  default String operation() {
    return "update of services";
  }
}
