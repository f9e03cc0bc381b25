package dev.firn.model;

import static java.util.Objects.requireNonNull;

/** A well-known object: a row of the objects table. */
public record ObjectEntry(ObjectId id, EncodedProxy proxy, String type) {
  public ObjectEntry {
    requireNonNull(id, "id");
    requireNonNull(proxy, "proxy");
    requireNonNull(type, "type");
  }

  /**
   * @throws IllegalArgumentException for the null proxy, which has no identity to be known by
   */
  public static ObjectEntry of(EncodedProxy proxy, String type) {
    if (proxy.isNull()) {
      throw new IllegalArgumentException("a well-known object needs a proxy: null, type " + type);
    }
    return new ObjectEntry(proxy.identity(), proxy, type);
  }
}
