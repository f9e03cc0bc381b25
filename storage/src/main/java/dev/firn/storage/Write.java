package dev.firn.storage;

/** One operation on a named database. The arrays are not copied and never changed. */
@SuppressWarnings("ArrayRecordComponent") // only ever performed, never compared
sealed interface Write {
  NamedDatabase database();

  record Put(NamedDatabase database, byte[] key, byte[] value) implements Write {}

  record Delete(NamedDatabase database, byte[] key) implements Write {}

  /** Deletes one value of a key that may have many. */
  record DeleteValue(NamedDatabase database, byte[] key, byte[] value) implements Write {}

  record Clear(NamedDatabase database) implements Write {}
}
