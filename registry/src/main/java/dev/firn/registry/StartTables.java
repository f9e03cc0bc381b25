package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.InternalRegistry;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.ObjectInfo;
import com.zeroc.IceGrid.QueryPrx;
import dev.firn.model.AdapterEntry;
import dev.firn.model.Command;
import dev.firn.model.CommandResult;
import dev.firn.model.DescriptorException;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.replication.RegistryStore;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Firn.ReplicaPrx;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables that a registry starts with: its own, or those of another replica, marked as a
 * master's or a slave's. Used once, before the engine exists.
 */
final class StartTables {
  private static final int CALL_TIMEOUT_MILLIS = 60_000;

  private final Communicator communicator;
  private final RegistryNames names;
  private final RegistryStore store;
  private final @Nullable LocatorPrx configuredLocator;
  private RegistryTables tables;

  StartTables(
      Communicator communicator,
      RegistryNames names,
      RegistryStore store,
      @Nullable LocatorPrx configuredLocator) {
    this.communicator = communicator;
    this.names = names;
    this.store = store;
    this.configuredLocator = configuredLocator;
    this.tables = store.load();
  }

  /** The tables, with the epoch of this start. A look without touching anything keeps the epoch. */
  RegistryTables take(boolean master, boolean readOnly) {
    if (!(master && readOnly)) {
      carryOut(master ? new Command.BecomeMaster() : new Command.BecomeReplica());
    }
    return tables;
  }

  /** Replaces the three replicated tables and their serials by those of a replica, at once. */
  void initFrom(String replica) throws ConfigurationException {
    InternalRegistryPrx source = find(replica);
    if (source == null) {
      throw new ConfigurationException(
          "couldn't find replica `"
              + replica
              + "' to\ninitialize the database (specify the replica endpoints in the endpoints of"
              + "\nthe `Ice.Default.Locator' proxy property to allow finding the replica)");
    }
    try {
      carryOut(fetch(source));
    } catch (OperationNotExistException e) {
      throw new ConfigurationException(
          "couldn't initialize database from replica `"
              + replica
              + "':\nreplica doesn't support this functionality (IceGrid < 3.5.1)");
    } catch (DescriptorException e) {
      throw new ConfigurationException(
          "couldn't initialize database from replica `" + replica + "':\n" + e.reason());
    } catch (LocalException e) {
      throw new ConfigurationException(
          "couldn't initialize database from replica `" + replica + "':\n" + Exceptions.text(e));
    }
  }

  private Command fetch(InternalRegistryPrx source) throws DescriptorException {
    InternalRegistry.GetApplicationsResult applications = source.getApplications();
    InternalRegistry.GetAdaptersResult adapters = source.getAdapters();
    InternalRegistry.GetObjectsResult objects = source.getObjects();
    List<AdapterEntry> adapterEntries = new ArrayList<>();
    for (AdapterInfo info : adapters.returnValue) {
      adapterEntries.add(Mapping.adapterEntry(communicator, info));
    }
    List<ObjectEntry> objectEntries = new ArrayList<>();
    for (ObjectInfo info : objects.returnValue) {
      objectEntries.add(Mapping.objectEntry(communicator, info));
    }
    return new Command.Replicate(
        List.of(
            new RegistryEvent.ApplicationsReplaced(
                Mapping.applicationEntries(applications.returnValue)),
            new RegistryEvent.AdaptersReplaced(adapterEntries),
            new RegistryEvent.ObjectsReplaced(objectEntries)),
        List.of(applications.serial, adapters.serial, objects.serial),
        epoch(source));
  }

  /** Empty for a ZeroC registry, which has none: the own epoch stays. */
  private static Optional<Long> epoch(InternalRegistryPrx source) {
    try {
      return Optional.of(
          ReplicaPrx.uncheckedCast(source.ice_facet(RegistryNames.FIRN_FACET)).epoch());
    } catch (FacetNotExistException e) {
      return Optional.empty();
    }
  }

  private @Nullable InternalRegistryPrx find(String replica) {
    List<InternalRegistryPrx> candidates = new ArrayList<>();
    MasterFinder finder = new MasterFinder(communicator, names, configuredLocator, () -> tables);
    ObjectPrx known = knownQuery(replica);
    if (known != null) {
      addAnswer(known, replica, candidates);
    }
    candidates.addAll(finder.find(replica));
    for (InternalRegistryPrx candidate : candidates) {
      try {
        ObjectPrx timed = candidate.ice_invocationTimeout(CALL_TIMEOUT_MILLIS);
        if (timed.ice_isA(InternalRegistry.ice_staticId())) {
          return InternalRegistryPrx.uncheckedCast(timed);
        }
      } catch (LocalException e) {
        // Not there (any more); another registry may know better.
      }
    }
    return null;
  }

  private @Nullable ObjectPrx knownQuery(String replica) {
    String name = replica.equals(RegistryNames.MASTER) ? "Registry" : "Registry-" + replica;
    ObjectEntry entry = tables.findObject(Mapping.objectId(names.id(name)));
    ObjectPrx proxy = entry == null ? null : Mapping.decode(communicator, entry.proxy());
    return proxy == null ? null : proxy.ice_identity(names.id("Query"));
  }

  private void addAnswer(ObjectPrx query, String replica, List<InternalRegistryPrx> candidates) {
    try {
      ObjectPrx found =
          QueryPrx.uncheckedCast(query.ice_invocationTimeout(CALL_TIMEOUT_MILLIS))
              .findObjectById(names.internalRegistry(replica));
      if (found != null) {
        candidates.add(InternalRegistryPrx.uncheckedCast(found));
      }
    } catch (LocalException e) {
      // That replica is not where it was; others may know where it is.
    }
  }

  private void carryOut(Command command) {
    if (command.applyTo(tables) instanceof CommandResult.Applied applied) {
      if (!applied.rows().isEmpty()) {
        store.commit(applied.rows());
      }
      tables = applied.tables();
    }
  }
}
