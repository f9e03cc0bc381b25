package dev.firn.model;

import java.util.List;

/** What happened to a replicated table: what slaves apply and observers are told. */
public sealed interface RegistryEvent {
  Topic topic();

  /** The whole table was replaced. Entries in table order. */
  record ApplicationsReplaced(List<ApplicationEntry> entries) implements RegistryEvent {
    public ApplicationsReplaced {
      entries = List.copyOf(entries);
    }

    @Override
    public Topic topic() {
      return Topic.APPLICATIONS;
    }
  }

  record ApplicationAdded(ApplicationEntry entry) implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.APPLICATIONS;
    }
  }

  /**
   * @param entry as it is after the update
   * @param update what has changed
   */
  record ApplicationUpdated(ApplicationEntry entry, ApplicationUpdateDescriptor update)
      implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.APPLICATIONS;
    }
  }

  record ApplicationRemoved(String name) implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.APPLICATIONS;
    }
  }

  /** The whole table was replaced. Entries in table order. */
  record AdaptersReplaced(List<AdapterEntry> entries) implements RegistryEvent {
    public AdaptersReplaced {
      entries = List.copyOf(entries);
    }

    @Override
    public Topic topic() {
      return Topic.ADAPTERS;
    }
  }

  record AdapterAdded(AdapterEntry entry) implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.ADAPTERS;
    }
  }

  record AdapterUpdated(AdapterEntry entry) implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.ADAPTERS;
    }
  }

  record AdapterRemoved(String id) implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.ADAPTERS;
    }
  }

  /** The whole table was replaced. Entries in table order. */
  record ObjectsReplaced(List<ObjectEntry> entries) implements RegistryEvent {
    public ObjectsReplaced {
      entries = List.copyOf(entries);
    }

    @Override
    public Topic topic() {
      return Topic.OBJECTS;
    }
  }

  record ObjectAdded(ObjectEntry entry) implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.OBJECTS;
    }
  }

  record ObjectUpdated(ObjectEntry entry) implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.OBJECTS;
    }
  }

  record ObjectRemoved(ObjectId id) implements RegistryEvent {
    @Override
    public Topic topic() {
      return Topic.OBJECTS;
    }
  }
}
