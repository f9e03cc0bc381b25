package dev.firn.model;

import java.util.List;
import java.util.Optional;

/**
 * A change of a registry's state. Every change there is, is one of these, applied in one order by
 * {@link #applyTo}, the same way on every replica.
 *
 * <p>Administrative commands are validated and advance the table's serial. {@link Replicate}
 * carries what a master already validated, with the master's serial. {@link PublishWellKnown},
 * {@link WithdrawWellKnown} and the commands for nodes and the epoch leave serials alone.
 */
public sealed interface Command {
  /** Validates and computes; changes nothing itself. */
  CommandResult applyTo(RegistryTables tables);

  /**
   * Whether it is about this registry itself, so that a slave or a read-only master may carry it
   * out: it changes no administered row and no serial.
   */
  default boolean isLocal() {
    return false;
  }

  record AddObject(ObjectEntry entry) implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.addObject(tables, entry);
    }
  }

  /** Replaces the proxy of a registered object; its type stays. */
  record UpdateObject(ObjectId id, EncodedProxy proxy) implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.updateObject(tables, id, proxy);
    }
  }

  record RemoveObject(ObjectId id) implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.removeObject(tables, id);
    }
  }

  /** Registers an adapter, or changes its proxy and replica group. */
  record SetAdapter(AdapterEntry entry) implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.setAdapter(tables, entry);
    }
  }

  /** A server deregistered its adapter; nothing happens if it is not registered. */
  record ClearAdapter(String id) implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.clearAdapter(tables, id);
    }
  }

  /** An administrator removes an adapter, or dissolves a replica group and keeps its members. */
  record RemoveAdapter(String id) implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.removeAdapter(tables, id);
    }
  }

  /** Deploys an application; refused if an id of it is in use. */
  record AddApplication(ApplicationEntry entry) implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return ApplicationCommands.add(tables, entry);
    }
  }

  /**
   * Replaces an application by a later revision of it; refused unless it is still the one that the
   * revision was made from.
   *
   * @param entry with the uuid of {@code base} and a greater revision
   * @param base what the update was made from
   * @param update what leads from the base to the entry
   */
  record UpdateApplication(
      ApplicationEntry entry, ApplicationEntry base, ApplicationUpdateDescriptor update)
      implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return ApplicationCommands.update(tables, this);
    }
  }

  /**
   * A command with what it does to certain tables: to these it need not be applied again, when its
   * turn comes. To any other it is.
   */
  record Tried(Command command, RegistryTables tables, CommandResult result) implements Command {
    /** Applies a command ahead of its turn. */
    public static Tried of(Command command, RegistryTables tables) {
      return new Tried(command, tables, command.applyTo(tables));
    }

    @Override
    public boolean isLocal() {
      return command.isLocal();
    }

    @Override
    public CommandResult applyTo(RegistryTables current) {
      return current == tables ? result : command.applyTo(current);
    }
  }

  record RemoveApplication(String name) implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return ApplicationCommands.remove(tables, name);
    }
  }

  /** Adds or replaces objects that registries publish about themselves. */
  record PublishWellKnown(List<ObjectEntry> entries) implements Command {
    public PublishWellKnown {
      entries = List.copyOf(entries);
    }

    @Override
    public boolean isLocal() {
      return true;
    }

    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.publishWellKnown(tables, entries);
    }
  }

  /** Removes objects that registries published about themselves; unknown ones are skipped. */
  record WithdrawWellKnown(List<ObjectId> ids) implements Command {
    public WithdrawWellKnown {
      ids = List.copyOf(ids);
    }

    @Override
    public boolean isLocal() {
      return true;
    }

    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.withdrawWellKnown(tables, ids);
    }
  }

  record SaveNode(ObjectEntry entry) implements Command {
    @Override
    public boolean isLocal() {
      return true;
    }

    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.saveNode(tables, entry);
    }
  }

  record ForgetNode(ObjectId id) implements Command {
    @Override
    public boolean isLocal() {
      return true;
    }

    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.forgetNode(tables, id);
    }
  }

  /**
   * Applies what a master published.
   *
   * @param events replaced as a whole or one by one; several only in a synchronisation, which is
   *     atomic
   * @param serials the master's serial per event, {@link CommandResult.Applied#NO_SERIAL} to leave
   *     this table's serial alone; same length as {@code events}
   * @param epochNumber the master's epoch, empty if it has none
   */
  record Replicate(List<RegistryEvent> events, List<Long> serials, Optional<Long> epochNumber)
      implements Command {
    public Replicate {
      events = List.copyOf(events);
      serials = List.copyOf(serials);
      if (events.size() != serials.size()) {
        throw new IllegalArgumentException(
            events.size() + " events with " + serials.size() + " serials");
      }
    }

    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.replicate(tables, this);
    }
  }

  /** The database becomes the master's: raises the epoch unless it was the master's already. */
  record BecomeMaster() implements Command {
    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.becomeMaster(tables);
    }
  }

  /** The database becomes a slave's; its epoch stays. */
  record BecomeReplica() implements Command {
    @Override
    public boolean isLocal() {
      return true;
    }

    @Override
    public CommandResult applyTo(RegistryTables tables) {
      return Commands.becomeReplica(tables);
    }
  }
}
