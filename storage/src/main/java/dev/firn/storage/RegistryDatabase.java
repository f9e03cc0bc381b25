package dev.firn.storage;

import java.util.Optional;

/**
 * The named databases of a registry's LMDB environment. All but {@link #FIRN} are those of ZeroC's
 * registry, with its flags and its default order of keys: their encoded bytes.
 */
enum RegistryDatabase implements NamedDatabase {
  /** Application name to ApplicationInfo. */
  APPLICATIONS("applications", false),
  /** Adapter id to AdapterInfo. */
  ADAPTERS("adapters", false),
  /** Replica group id to adapter ids; also for the empty replica group id. */
  ADAPTERS_BY_REPLICA_GROUP_ID("adaptersByReplicaGroupId", true),
  /** Identity to ObjectInfo. */
  OBJECTS("objects", false),
  /** Type to identities. */
  OBJECTS_BY_TYPE("objectsByType", true),
  /** Identity to ObjectInfo, of nodes. */
  NODES("internal-objects", false),
  /** Type to identities, of nodes. */
  NODES_BY_TYPE("internal-objectsByType", true),
  /** Table name to long. */
  SERIALS("serials", false),
  /** Ours; what ZeroC's registry has no place for. Name to long. */
  FIRN("firn", false);

  /** The version of the whole layout; kept in {@link #FIRN}. A newer one is not opened. */
  static final long FORMAT_VERSION = 1;

  static final String FORMAT_VERSION_KEY = "formatVersion";
  static final String EPOCH_NUMBER_KEY = "epochNumber";
  static final String EPOCH_MASTER_KEY = "epochMaster";

  private final String databaseName;
  private final boolean duplicates;

  RegistryDatabase(String databaseName, boolean duplicates) {
    this.databaseName = databaseName;
    this.duplicates = duplicates;
  }

  @Override
  public String databaseName() {
    return databaseName;
  }

  @Override
  public boolean duplicates() {
    return duplicates;
  }

  /** The index over this table. */
  Optional<RegistryDatabase> index() {
    return switch (this) {
      case ADAPTERS -> Optional.of(ADAPTERS_BY_REPLICA_GROUP_ID);
      case OBJECTS -> Optional.of(OBJECTS_BY_TYPE);
      case NODES -> Optional.of(NODES_BY_TYPE);
      default -> Optional.empty();
    };
  }
}
