package dev.firn.model;

import dev.firn.model.CommandResult.Applied;
import dev.firn.model.CommandResult.Rejected;
import dev.firn.model.RegistryEvent.AdapterAdded;
import dev.firn.model.RegistryEvent.AdapterRemoved;
import dev.firn.model.RegistryEvent.AdapterUpdated;
import dev.firn.model.RegistryEvent.ObjectAdded;
import dev.firn.model.RegistryEvent.ObjectRemoved;
import dev.firn.model.RegistryEvent.ObjectUpdated;
import dev.firn.model.Rejection.Reason;
import java.util.List;
import java.util.Optional;

/** How each {@link Command} changes the tables. */
final class Commands {
  private Commands() {}

  static CommandResult addObject(RegistryTables tables, ObjectEntry entry) {
    if (tables.findObject(entry.id()) != null
        || tables.deployment().ids().objects().containsKey(entry.id())) {
      return rejected(Reason.OBJECT_EXISTS, entry.id().toString());
    }
    return new TableChange(tables)
        .write(new RowChange.PutObject(entry, Optional.empty()))
        .publish(new ObjectAdded(entry))
        .counted(Topic.OBJECTS);
  }

  static CommandResult updateObject(RegistryTables tables, ObjectId id, EncodedProxy proxy) {
    String application = tables.deployment().ids().objects().get(id);
    if (application != null) {
      return rejected(Reason.OBJECT_DEPLOYED, application);
    }
    ObjectEntry previous = tables.findObject(id);
    if (previous == null) {
      return rejected(Reason.OBJECT_NOT_REGISTERED, id.toString());
    }
    ObjectEntry entry = new ObjectEntry(id, proxy, previous.type());
    return new TableChange(tables)
        .write(new RowChange.PutObject(entry, Optional.of(previous)))
        .publish(new ObjectUpdated(entry))
        .counted(Topic.OBJECTS);
  }

  static CommandResult removeObject(RegistryTables tables, ObjectId id) {
    String application = tables.deployment().ids().objects().get(id);
    if (application != null) {
      return rejected(Reason.OBJECT_DEPLOYED, application);
    }
    ObjectEntry previous = tables.findObject(id);
    if (previous == null) {
      return rejected(Reason.OBJECT_NOT_REGISTERED, id.toString());
    }
    return new TableChange(tables)
        .write(new RowChange.DeleteObject(previous))
        .publish(new ObjectRemoved(id))
        .counted(Topic.OBJECTS);
  }

  static CommandResult setAdapter(RegistryTables tables, AdapterEntry entry) {
    DeployedIds deployed = tables.deployment().ids();
    for (String id : List.of(entry.id(), entry.replicaGroupId())) {
      Optional<String> application = applicationOf(deployed, id);
      if (application.isPresent()) {
        return rejected(Reason.ADAPTER_DEPLOYED, application.get());
      }
    }
    AdapterEntry previous = tables.findAdapter(entry.id());
    return new TableChange(tables)
        .write(new RowChange.PutAdapter(entry, Optional.ofNullable(previous)))
        .publish(previous == null ? new AdapterAdded(entry) : new AdapterUpdated(entry))
        .counted(Topic.ADAPTERS);
  }

  static CommandResult clearAdapter(RegistryTables tables, String id) {
    AdapterEntry previous = tables.findAdapter(id);
    return previous == null ? unchanged(tables) : deleteAdapter(tables, previous);
  }

  static CommandResult removeAdapter(RegistryTables tables, String id) {
    Optional<String> application = applicationOf(tables.deployment().ids(), id);
    if (application.isPresent()) {
      return rejected(Reason.ADAPTER_DEPLOYED, application.get());
    }
    AdapterEntry adapter = tables.findAdapter(id);
    if (adapter != null) {
      return deleteAdapter(tables, adapter);
    }
    TableChange change = new TableChange(tables);
    for (AdapterEntry member : tables.adaptersOfReplicaGroup(id)) {
      AdapterEntry entry = new AdapterEntry(member.id(), member.proxy(), "");
      change
          .write(new RowChange.PutAdapter(entry, Optional.of(member)))
          .publish(new AdapterUpdated(entry));
    }
    return change.isEmpty()
        ? rejected(Reason.ADAPTER_NOT_EXIST, id)
        : change.counted(Topic.ADAPTERS);
  }

  static CommandResult publishWellKnown(RegistryTables tables, List<ObjectEntry> entries) {
    TableChange change = new TableChange(tables);
    for (ObjectEntry entry : entries) {
      ObjectEntry previous = change.tables().findObject(entry.id());
      if (!entry.equals(previous)) {
        change
            .write(new RowChange.PutObject(entry, Optional.ofNullable(previous)))
            .publish(previous == null ? new ObjectAdded(entry) : new ObjectUpdated(entry));
      }
    }
    return change.uncounted();
  }

  static CommandResult withdrawWellKnown(RegistryTables tables, List<ObjectId> ids) {
    TableChange change = new TableChange(tables);
    for (ObjectId id : ids) {
      ObjectEntry previous = change.tables().findObject(id);
      if (previous != null) {
        change.write(new RowChange.DeleteObject(previous)).publish(new ObjectRemoved(id));
      }
    }
    return change.uncounted();
  }

  static CommandResult saveNode(RegistryTables tables, ObjectEntry entry) {
    ObjectEntry previous = tables.findNode(entry.id());
    return entry.equals(previous)
        ? unchanged(tables)
        : new TableChange(tables)
            .write(new RowChange.PutNode(entry, Optional.ofNullable(previous)))
            .uncounted();
  }

  static CommandResult forgetNode(RegistryTables tables, ObjectId id) {
    ObjectEntry previous = tables.findNode(id);
    return previous == null
        ? unchanged(tables)
        : new TableChange(tables).write(new RowChange.DeleteNode(previous)).uncounted();
  }

  static CommandResult replicate(RegistryTables tables, Command.Replicate command) {
    TableChange change = new TableChange(tables);
    for (int i = 0; i < command.events().size(); i++) {
      Replicated.write(change, command.events().get(i));
      long serial = command.serials().get(i);
      if (serial != Applied.NO_SERIAL) {
        change.serial(command.events().get(i).topic(), serial);
      }
    }
    long current = tables.epoch().number();
    if (command.epochNumber().isPresent() && command.epochNumber().get() != current) {
      change.write(new RowChange.PutEpoch(new Epoch(command.epochNumber().get(), false)));
    }
    return change.uncounted();
  }

  static CommandResult becomeMaster(RegistryTables tables) {
    return tables.epoch().master()
        ? unchanged(tables)
        : withEpoch(tables, new Epoch(tables.epoch().number() + 1, true));
  }

  static CommandResult becomeReplica(RegistryTables tables) {
    return tables.epoch().master()
        ? withEpoch(tables, new Epoch(tables.epoch().number(), false))
        : unchanged(tables);
  }

  /** The application that has an adapter or a replica group of this id. */
  private static Optional<String> applicationOf(DeployedIds deployed, String id) {
    return deployed.applicationOfAdapter(id).or(() -> deployed.applicationOfReplicaGroup(id));
  }

  private static CommandResult withEpoch(RegistryTables tables, Epoch epoch) {
    return new TableChange(tables).write(new RowChange.PutEpoch(epoch)).uncounted();
  }

  private static CommandResult deleteAdapter(RegistryTables tables, AdapterEntry previous) {
    return new TableChange(tables)
        .write(new RowChange.DeleteAdapter(previous))
        .publish(new AdapterRemoved(previous.id()))
        .counted(Topic.ADAPTERS);
  }

  private static CommandResult unchanged(RegistryTables tables) {
    return new TableChange(tables).uncounted();
  }

  private static CommandResult rejected(Reason reason, String subject) {
    return new Rejected(new Rejection(reason, subject));
  }
}
