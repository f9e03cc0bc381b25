package dev.firn.model;

import java.util.List;

/** Rows for tests. */
final class Rows {
  private Rows() {}

  static ObjectId id(String name) {
    return new ObjectId(name, "");
  }

  /** An indirect proxy that differs with its adapter id. */
  static EncodedProxy proxy(String name, String adapterId) {
    return EncodedProxy.of(proxyBytes(id(name), List.of(), adapterId, List.of()));
  }

  static ObjectEntry object(String name, String value, String type) {
    return new ObjectEntry(id(name), proxy(name, value), type);
  }

  static AdapterEntry adapter(String id, String value, String group) {
    return new AdapterEntry(id, proxy("dummy", value), group);
  }

  /**
   * A proxy, written independently of what reads it.
   *
   * @param endpoints the contents of their encapsulations; the adapter id is left out if there are
   *     any
   */
  static byte[] proxyBytes(
      ObjectId id, List<String> facet, String adapterId, List<byte[]> endpoints) {
    EncodingWriter writer = new EncodingWriter().writeObjectId(id);
    if (id.name().isEmpty()) {
      return writer.toBytes();
    }
    writer.writeSize(facet.size());
    facet.forEach(writer::writeString);
    writer.writeByte(0).writeByte(0).writeBytes(new byte[] {1, 0, 1, 1});
    writer.writeSize(endpoints.size());
    if (endpoints.isEmpty()) {
      writer.writeString(adapterId);
    }
    for (byte[] endpoint : endpoints) {
      writer.writeBytes(new byte[] {1, 0}).writeInt(endpoint.length + 6);
      writer.writeBytes(new byte[] {1, 1}).writeBytes(endpoint);
    }
    return writer.toBytes();
  }
}
