package dev.firn.model;

/** The replicated tables, each with an event topic and a serial of its own. */
public enum Topic {
  APPLICATIONS,
  ADAPTERS,
  OBJECTS;

  /** The key of this table's serial in a database and in messages: {@code applications} ... */
  public String key() {
    return switch (this) {
      case APPLICATIONS -> "applications";
      case ADAPTERS -> "adapters";
      case OBJECTS -> "objects";
    };
  }
}
