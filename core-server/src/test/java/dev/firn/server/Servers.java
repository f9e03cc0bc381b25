package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.EncodingWriter;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.model.ObjectId;
import dev.firn.model.PropertyDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Descriptors and proxies for tests. */
final class Servers {
  private Servers() {}

  static InternalServerDescriptor server(String activation, int revision) {
    return server(activation, revision, "prog", "1", true, "");
  }

  static InternalServerDescriptor server(
      String activation,
      int revision,
      String exe,
      String property,
      boolean processRegistered,
      String sessionId) {
    SortedMap<String, List<PropertyDescriptor>> properties = new TreeMap<>();
    properties.put("config", List.of(new PropertyDescriptor("Prop", property)));
    return new InternalServerDescriptor(
        "s",
        "app",
        "uuid",
        revision,
        sessionId,
        exe,
        "",
        "",
        activation,
        "5",
        "3",
        false,
        Optional.empty(),
        processRegistered,
        List.of(),
        List.of(),
        List.of(),
        List.of(
            new InternalServerDescriptor.Adapter("a", true),
            new InternalServerDescriptor.Adapter("b", false)),
        List.of(),
        properties,
        List.of());
  }

  /** An indirect proxy: identity, facet, mode and the versions, no endpoints. */
  static EncodedProxy proxy(String name) {
    return EncodedProxy.of(
        new EncodingWriter()
            .writeObjectId(new ObjectId(name, ""))
            .writeSize(0)
            .writeByte(0)
            .writeByte(0)
            .writeBytes(new byte[] {1, 0, 1, 1})
            .writeSize(0)
            .writeString("adapter")
            .toBytes());
  }
}
