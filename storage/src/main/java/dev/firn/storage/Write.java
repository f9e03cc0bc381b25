package dev.firn.storage;

/** One operation on a named database. The arrays are not copied and never changed. */
@SuppressWarnings("ArrayRecordComponent") // only ever performed, never compared
sealed interface Write {
  RegistryDatabase database();

  record Put(RegistryDatabase database, byte[] key, byte[] value) implements Write {}

  record Delete(RegistryDatabase database, byte[] key) implements Write {}

  /** Deletes one value of a key that may have many. */
  record DeleteValue(RegistryDatabase database, byte[] key, byte[] value) implements Write {}

  record Clear(RegistryDatabase database) implements Write {}
}
