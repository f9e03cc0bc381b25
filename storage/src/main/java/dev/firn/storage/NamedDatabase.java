package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A named database of an LMDB environment. */
interface NamedDatabase {
  String databaseName();

  default byte[] nameBytes() {
    return databaseName().getBytes(UTF_8);
  }

  /** Whether a key may have many values. */
  boolean duplicates();

  /** The order of encoded keys; null for LMDB's own, by their bytes. */
  default @Nullable Comparator<byte[]> keyOrder() {
    return null;
  }
}
