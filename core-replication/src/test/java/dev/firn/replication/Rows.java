package dev.firn.replication;

import dev.firn.model.AdapterEntry;
import dev.firn.model.Command;
import dev.firn.model.EncodedProxy;
import dev.firn.model.EncodingWriter;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;

/** Rows and commands for tests. */
final class Rows {
  private Rows() {}

  static ObjectId id(String name) {
    return new ObjectId(name, "test");
  }

  /** An indirect proxy that differs with its adapter id. */
  static EncodedProxy proxy(String name, String adapterId) {
    return EncodedProxy.of(
        new EncodingWriter()
            .writeObjectId(id(name))
            .writeSize(0) // no facet
            .writeByte(0) // twoway
            .writeByte(0) // not secure
            .writeBytes(new byte[] {1, 0, 1, 1})
            .writeSize(0) // no endpoint
            .writeString(adapterId)
            .toBytes());
  }

  static ObjectEntry object(String name) {
    return object(name, "A");
  }

  static ObjectEntry object(String name, String adapterId) {
    return new ObjectEntry(id(name), proxy(name, adapterId), "::Test");
  }

  static AdapterEntry adapter(String id) {
    return new AdapterEntry(id, proxy("dummy", id), "");
  }

  static Command addObject(String name) {
    return new Command.AddObject(object(name));
  }

  static Command setAdapter(String id) {
    return new Command.SetAdapter(adapter(id));
  }
}
