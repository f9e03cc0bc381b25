package dev.firn.storage;

import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.EncodedProxy;
import dev.firn.model.EncodingWriter;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RowChange;
import java.util.Optional;

/** Builds rows for tests. */
final class Rows {
  private Rows() {}

  /** A direct proxy with one endpoint, {@code tcp -h 127.0.0.1 -p PORT}. */
  static EncodedProxy proxy(String name, String category, int port) {
    byte[] endpoint =
        new EncodingWriter()
            .writeString("127.0.0.1")
            .writeInt(port)
            .writeInt(60_000)
            .writeByte(0)
            .toBytes();
    byte[] bytes =
        new EncodingWriter()
            .writeString(name)
            .writeString(category)
            .writeSize(0) // no facet
            .writeByte(0) // two-way
            .writeByte(0) // not secure
            .writeByte(1)
            .writeByte(0) // protocol 1.0
            .writeByte(1)
            .writeByte(1) // encoding 1.1
            .writeSize(1)
            .writeByte(1)
            .writeByte(0) // tcp
            .writeInt(endpoint.length + 6)
            .writeByte(1)
            .writeByte(1)
            .writeBytes(endpoint)
            .toBytes();
    return EncodedProxy.of(bytes);
  }

  static ObjectEntry object(String name, String type) {
    return new ObjectEntry(new ObjectId(name, "test"), proxy(name, "test", 19_490), type);
  }

  static AdapterEntry adapter(String id, String replicaGroupId) {
    return new AdapterEntry(id, proxy("dummy", "", 19_490), replicaGroupId);
  }

  /** An application that deploys nothing, with so many bytes of description. */
  static ApplicationEntry application(String name, int bytes) {
    StringBuilder description = new StringBuilder(bytes);
    for (int i = 0; i < bytes; i++) {
      description.append((char) ('a' + Math.floorMod(name.hashCode() + i, 26)));
    }
    ApplicationDescriptor empty = ApplicationDescriptor.named(name);
    ApplicationDescriptor descriptor =
        new ApplicationDescriptor(
            name,
            empty.variables(),
            empty.replicaGroups(),
            empty.serverTemplates(),
            empty.serviceTemplates(),
            empty.nodes(),
            empty.distrib(),
            description.toString(),
            empty.propertySets());
    return ApplicationEntry.of(new ApplicationInfo(name, 1, "a", 2, "b", bytes, descriptor));
  }

  static RowChange put(ObjectEntry entry) {
    return new RowChange.PutObject(entry, Optional.empty());
  }

  static RowChange put(AdapterEntry entry) {
    return new RowChange.PutAdapter(entry, Optional.empty());
  }

  static RowChange put(ApplicationEntry entry) {
    return new RowChange.PutApplication(entry);
  }
}
