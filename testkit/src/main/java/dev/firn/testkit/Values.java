package dev.firn.testkit;

import dev.firn.election.ReplicaId;
import dev.firn.model.AdapterEntry;
import dev.firn.model.EncodedProxy;
import dev.firn.model.EncodingWriter;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;

/** Rows whose proxies tell them apart. */
final class Values {
  private static final String WELL_KNOWN = "IceGrid";
  private static final byte[] VERSIONS = {1, 0, 1, 1};

  private Values() {}

  static ObjectId id(String name) {
    return new ObjectId(name, "");
  }

  static ObjectId wellKnownId(String name) {
    return new ObjectId(name, WELL_KNOWN);
  }

  static boolean isWellKnown(ObjectId id) {
    return id.category().equals(WELL_KNOWN);
  }

  static ObjectEntry object(ObjectId id, String value) {
    return new ObjectEntry(id, proxy(id, value), "::T" + value.length() % 2);
  }

  static AdapterEntry adapter(String id, String value, String replicaGroupId) {
    return new AdapterEntry(id, proxy(id("dummy"), value), replicaGroupId);
  }

  /** Where a replica takes updates. */
  static EncodedProxy observer(ReplicaId replica) {
    return proxy(id("observer"), "replica" + replica);
  }

  /** A replica's topic manager. */
  static EncodedProxy manager(ReplicaId replica) {
    return proxy(id("manager"), "replica" + replica);
  }

  static EncodedProxy proxy(ObjectId id, String value) {
    return EncodedProxy.of(
        new EncodingWriter()
            .writeObjectId(id)
            .writeSize(0) // no facet
            .writeByte(0) // twoway
            .writeByte(0) // not secure
            .writeBytes(VERSIONS)
            .writeSize(0) // no endpoint, so an adapter id follows
            .writeString(value)
            .toBytes());
  }
}
