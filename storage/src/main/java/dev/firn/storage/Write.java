package dev.firn.storage;

import java.util.function.Consumer;

/** One operation on a named database. The arrays are not copied and never changed. */
@SuppressWarnings("ArrayRecordComponent") // only ever performed, never compared
sealed interface Write {
  NamedDatabase database();

  /**
   * What one transaction writes, in order. Made while it is written, so that a large table is never
   * there a third time as writes; perhaps more than once, and then the same again.
   */
  interface Batch {
    void forEach(Consumer<Write> action);
  }

  record Put(NamedDatabase database, byte[] key, byte[] value) implements Write {}

  record Delete(NamedDatabase database, byte[] key) implements Write {}

  /** Deletes one value of a key that may have many. */
  record DeleteValue(NamedDatabase database, byte[] key, byte[] value) implements Write {}

  record Clear(NamedDatabase database) implements Write {}
}
