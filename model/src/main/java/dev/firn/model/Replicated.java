package dev.firn.model;

import java.util.Optional;

/** How a slave writes a master's event: it is true already, so nothing is checked. */
final class Replicated {
  private Replicated() {}

  static void write(TableChange change, RegistryEvent event) {
    if (event instanceof RegistryEvent.ApplicationsReplaced replaced) {
      change.replaceApplications(replaced.entries()).publish(event);
    } else if (event instanceof RegistryEvent.ApplicationAdded added) {
      change.write(new RowChange.PutApplication(added.entry())).publish(event);
    } else if (event instanceof RegistryEvent.ApplicationUpdated updated) {
      change.write(new RowChange.PutApplication(updated.entry())).publish(event);
    } else if (event instanceof RegistryEvent.ApplicationRemoved removed) {
      if (change.tables().findApplication(removed.name()) != null) {
        change.write(new RowChange.DeleteApplication(removed.name())).publish(event);
      }
    } else if (event instanceof RegistryEvent.AdaptersReplaced replaced) {
      change.replaceAdapters(replaced.entries()).publish(event);
    } else if (event instanceof RegistryEvent.AdapterAdded added) {
      changeAdapter(change, added.entry());
    } else if (event instanceof RegistryEvent.AdapterUpdated updated) {
      changeAdapter(change, updated.entry());
    } else if (event instanceof RegistryEvent.AdapterRemoved removed) {
      AdapterEntry previous = change.tables().findAdapter(removed.id());
      if (previous != null) {
        change.write(new RowChange.DeleteAdapter(previous)).publish(event);
      }
    } else if (event instanceof RegistryEvent.ObjectsReplaced replaced) {
      change.replaceObjects(replaced.entries()).publish(event);
    } else if (event instanceof RegistryEvent.ObjectAdded added) {
      changeObject(change, added.entry());
    } else if (event instanceof RegistryEvent.ObjectUpdated updated) {
      changeObject(change, updated.entry());
    } else if (event instanceof RegistryEvent.ObjectRemoved removed) {
      ObjectEntry previous = change.tables().findObject(removed.id());
      if (previous != null) {
        change.write(new RowChange.DeleteObject(previous)).publish(event);
      }
    } else {
      throw new IllegalStateException("unknown event " + event);
    }
  }

  /** Tells this registry's observers what happened here, whatever the master called it. */
  private static void changeAdapter(TableChange change, AdapterEntry entry) {
    boolean known = putAdapter(change, entry);
    change.publish(
        known ? new RegistryEvent.AdapterUpdated(entry) : new RegistryEvent.AdapterAdded(entry));
  }

  private static void changeObject(TableChange change, ObjectEntry entry) {
    boolean known = putObject(change, entry);
    change.publish(
        known ? new RegistryEvent.ObjectUpdated(entry) : new RegistryEvent.ObjectAdded(entry));
  }

  private static boolean putAdapter(TableChange change, AdapterEntry entry) {
    Optional<AdapterEntry> previous = Optional.ofNullable(change.tables().findAdapter(entry.id()));
    change.write(new RowChange.PutAdapter(entry, previous));
    return previous.isPresent();
  }

  private static boolean putObject(TableChange change, ObjectEntry entry) {
    Optional<ObjectEntry> previous = Optional.ofNullable(change.tables().findObject(entry.id()));
    change.write(new RowChange.PutObject(entry, previous));
    return previous.isPresent();
  }
}
