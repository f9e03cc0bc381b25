package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.ObjectInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The entries a registry is filled with: {@code size} objects and as many adapters. Ids are made
 * once, so that the load client allocates nothing for them. Thread-safe, immutable.
 */
final class Dataset {
  /** What the constant server answers: the size on the wire is that of the real answers. */
  static final String CONSTANT_PROXY = "dummy:tcp -h 127.0.0.1 -p 10000 -t 60000";

  static final String OBJECT_TYPE = "::Bench::Thing";

  /** Written as the exporter's version: 3.7.8. */
  private static final int EXPORT_VERSION = 30708;

  private final String[] adapterIds;
  private final Identity[] objectIds;

  Dataset(int size) {
    this(size, "BenchAdapter-");
  }

  /**
   * @param adapterPrefix what the ids of the adapters begin with
   */
  Dataset(int size, String adapterPrefix) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be >= 1: " + size);
    }
    adapterIds = new String[size];
    objectIds = new Identity[size];
    for (int i = 0; i < size; i++) {
      adapterIds[i] = adapterPrefix + "%06d".formatted(i);
      objectIds[i] = new Identity("object-%06d".formatted(i), "bench");
    }
  }

  int size() {
    return adapterIds.length;
  }

  String adapterId(int index) {
    return adapterIds[index];
  }

  Identity objectId(int index) {
    return objectIds[index];
  }

  /** The direct proxy of an adapter; every index has its own port number. */
  ObjectPrx adapterProxy(Communicator communicator, int index) {
    return communicator.stringToProxy("dummy:" + endpoint(index));
  }

  /** The proxy registered for an object. */
  ObjectPrx objectProxy(Communicator communicator, int index) {
    return communicator.stringToProxy("dummy:" + endpoint(index)).ice_identity(objectIds[index]);
  }

  private static String endpoint(int index) {
    return "tcp -h 127.0.0.1 -p " + (10_000 + index % 50_000) + " -t 60000";
  }

  /**
   * Writes the entries in the format of {@code icegriddb --export}: no applications, the adapters,
   * the objects, no internal objects, the serials.
   *
   * @param adapters false leaves the adapters out
   */
  void writeExport(Communicator communicator, Path file, boolean adapters) throws IOException {
    var out = new OutputStream(communicator, Util.Encoding_1_1);
    out.writeString("IceGrid");
    out.writeInt(EXPORT_VERSION);
    out.writeSize(0);
    int adapterCount = adapters ? size() : 0;
    out.writeSize(adapterCount);
    for (int i = 0; i < adapterCount; i++) {
      AdapterInfo.ice_write(out, new AdapterInfo(adapterIds[i], adapterProxy(communicator, i), ""));
    }
    out.writeSize(size());
    for (int i = 0; i < size(); i++) {
      ObjectInfo.ice_write(out, new ObjectInfo(objectProxy(communicator, i), OBJECT_TYPE));
    }
    out.writeSize(0);
    out.writeSize(3);
    for (String table : new String[] {"adapters", "applications", "objects"}) {
      out.writeString(table);
      out.writeLong(2);
    }
    Files.write(file, out.finished());
  }
}
