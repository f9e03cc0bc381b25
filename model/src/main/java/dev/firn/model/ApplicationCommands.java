package dev.firn.model;

import dev.firn.model.CommandResult.Rejected;
import dev.firn.model.DeployedIds.DynamicIds;
import dev.firn.model.RegistryEvent.ApplicationAdded;
import dev.firn.model.RegistryEvent.ApplicationRemoved;
import dev.firn.model.RegistryEvent.ApplicationUpdated;
import dev.firn.model.Rejection.Reason;
import org.jspecify.annotations.Nullable;

/** How commands change the table of applications. */
final class ApplicationCommands {
  private ApplicationCommands() {}

  static CommandResult add(RegistryTables tables, ApplicationEntry entry) {
    if (tables.findApplication(entry.name()) != null) {
      return rejected(Reason.APPLICATION_EXISTS, entry.name());
    }
    try {
      DeployedIds ids = tables.deployment().ids();
      ids.checkAdd(deployed(entry).ids(), new TableIds(tables));
    } catch (DescriptorException e) {
      return rejected(Reason.APPLICATION_REFUSED, e.reason());
    }
    return new TableChange(tables)
        .write(new RowChange.PutApplication(entry))
        .publish(new ApplicationAdded(entry))
        .counted(Topic.APPLICATIONS);
  }

  static CommandResult update(RegistryTables tables, Command.UpdateApplication command) {
    ApplicationEntry entry = command.entry();
    ApplicationEntry base = command.base();
    ApplicationEntry current = tables.findApplication(entry.name());
    if (current == null) {
      return rejected(Reason.APPLICATION_NOT_EXIST, entry.name());
    }
    if (!sameRevision(current, base)) {
      return rejected(Reason.APPLICATION_CHANGED, entry.name());
    }
    try {
      DeployedIds ids = tables.deployment().ids();
      ids.check(deployedNow(tables, current), deployed(entry).ids(), new TableIds(tables));
    } catch (DescriptorException e) {
      return rejected(Reason.APPLICATION_REFUSED, e.reason());
    }
    return new TableChange(tables)
        .write(new RowChange.PutApplication(entry))
        .publish(new ApplicationUpdated(entry, command.update()))
        .counted(Topic.APPLICATIONS);
  }

  static CommandResult remove(RegistryTables tables, String name) {
    ApplicationEntry current = tables.findApplication(name);
    if (current == null) {
      return rejected(Reason.APPLICATION_NOT_EXIST, name);
    }
    UsedIds used = deployedNow(tables, current);
    if (used != null) {
      try {
        tables.deployment().ids().checkRemove(used);
      } catch (DescriptorException e) {
        return rejected(Reason.APPLICATION_REFUSED, e.reason());
      }
    }
    return new TableChange(tables)
        .write(new RowChange.DeleteApplication(name))
        .publish(new ApplicationRemoved(name))
        .counted(Topic.APPLICATIONS);
  }

  private static boolean sameRevision(ApplicationEntry one, ApplicationEntry other) {
    return one.info().uuid().equals(other.info().uuid())
        && one.info().revision() == other.info().revision();
  }

  private static DeployedApplication deployed(ApplicationEntry entry) throws DescriptorException {
    DeployedApplication deployed = entry.deployed();
    if (deployed == null) {
      throw new DescriptorException(entry.failure().orElseThrow());
    }
    return deployed;
  }

  /** The ids that the application has at present: none if it cannot be deployed. */
  private static @Nullable UsedIds deployedNow(RegistryTables tables, ApplicationEntry entry) {
    DeployedApplication deployed = entry.deployed();
    return deployed == null || tables.deployment().exclusion(entry.name()).isPresent()
        ? null
        : deployed.ids();
  }

  private static CommandResult rejected(Reason reason, String subject) {
    return new Rejected(new Rejection(reason, subject));
  }

  /** What is registered by others than applications. */
  private record TableIds(RegistryTables tables) implements DynamicIds {
    @Override
    public boolean hasAdapterOrGroup(String id) {
      return tables.findAdapter(id) != null || !tables.adaptersOfReplicaGroup(id).isEmpty();
    }

    @Override
    public boolean hasObject(ObjectId id) {
      return tables.findObject(id) != null;
    }
  }
}
