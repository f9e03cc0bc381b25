package dev.firn.wire;

import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.MarshalException;
import com.zeroc.Ice.OutputStream;
import com.zeroc.IceGrid.ApplicationInfo;
import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.DescriptorException;
import dev.firn.model.EncodedProxy;
import dev.firn.model.EncodingReader;
import dev.firn.model.EncodingWriter;
import dev.firn.model.MalformedEncodingException;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryTables;
import dev.firn.model.Serials;
import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The file that icegriddb exports and imports, the same as of ZeroC's icegriddb: a type, the
 * writer's Ice version and the tables in one stream of Ice's encoding 1.1. All classes in the
 * stream share one table of instances, so applications are decoded and encoded here; everything
 * else is copied.
 *
 * @param iceVersion of the writer: {@code major * 10000 + minor * 100 + patch}
 * @param applications in the order of the file, as are the others
 */
public record RegistryExport(
    int iceVersion,
    List<ApplicationEntry> applications,
    List<AdapterEntry> adapters,
    List<ObjectEntry> objects,
    List<ObjectEntry> nodes,
    Serials serials) {
  private static final String TYPE = "IceGrid";

  /** Ice 3.5, without the last digits of the version. */
  private static final int VERSION_WITHOUT_FILTER = 305;

  public RegistryExport {
    applications = List.copyOf(applications);
    adapters = List.copyOf(adapters);
    objects = List.copyOf(objects);
    nodes = List.copyOf(nodes);
  }

  /** The content of a database, in the order that ZeroC's databases keep it. */
  public static RegistryExport of(int iceVersion, RegistryTables tables) {
    return new RegistryExport(
        iceVersion,
        inKeyOrder(tables.applications(), entry -> new EncodingWriter().writeString(entry.name())),
        inKeyOrder(tables.adapters(), entry -> new EncodingWriter().writeString(entry.id())),
        inKeyOrder(tables.objects(), entry -> new EncodingWriter().writeObjectId(entry.id())),
        inKeyOrder(tables.nodes(), entry -> new EncodingWriter().writeObjectId(entry.id())),
        tables.serials());
  }

  private static <T> List<T> inKeyOrder(Collection<T> rows, Function<T, EncodingWriter> keyOf) {
    TreeMap<byte[], T> sorted = new TreeMap<>(Arrays::compareUnsigned);
    rows.forEach(row -> sorted.put(keyOf.apply(row).toBytes(), row));
    return List.copyOf(sorted.values());
  }

  /**
   * The type that a file claims to have.
   *
   * @throws ExportFormatException if it claims none
   */
  public static String type(byte[] file) throws ExportFormatException {
    try {
      return new EncodingReader(file).readString();
    } catch (MalformedEncodingException e) {
      throw malformed(e);
    }
  }

  /** Whether a file of this type holds a registry's tables. */
  public static boolean isRegistryType(String type) {
    return type.equals(TYPE);
  }

  /**
   * Reads a file; what lies behind the tables is ignored, as ZeroC's icegriddb does.
   *
   * @param serverVersion becomes the {@code iceVersion} of all servers, if there
   */
  public static RegistryExport read(byte[] file, Optional<String> serverVersion)
      throws ExportFormatException {
    try {
      InputStream in = ApplicationCodec.input(file);
      String type = in.readString();
      if (!isRegistryType(type)) {
        throw new ExportFormatException("incorrect input file type: " + type);
      }
      int version = in.readInt();
      List<ApplicationInfo> infos =
          ApplicationCodec.readAll(in, version / 100 != VERSION_WITHOUT_FILTER);
      for (ApplicationInfo info : infos) {
        serverVersion.ifPresent(
            ice -> Descriptors.forEachServer(info.descriptor, server -> server.iceVersion = ice));
      }
      var rest = new EncodingReader(Arrays.copyOfRange(file, in.pos(), file.length));
      return new RegistryExport(
          version,
          Mapping.applicationEntries(infos),
          readAdapters(rest),
          readObjects(rest),
          readObjects(rest),
          readSerials(rest));
    } catch (MarshalException | MalformedEncodingException | IllegalArgumentException e) {
      throw malformed(e);
    } catch (DescriptorException e) {
      throw new ExportFormatException(e.reason());
    }
  }

  private static ExportFormatException malformed(RuntimeException e) {
    // The name is the one that ZeroC's tool shows, and its users' scripts may look for.
    return new ExportFormatException(
        "::Ice::UnmarshalOutOfBoundsException:\nthe file is damaged or truncated: " + reason(e), e);
  }

  private static String reason(RuntimeException e) {
    if (e instanceof MarshalException marshal && !marshal.reason.isEmpty()) {
      return marshal.reason;
    }
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }

  private static List<AdapterEntry> readAdapters(EncodingReader in) {
    List<AdapterEntry> adapters = new ArrayList<>();
    for (int left = in.readSize(); left > 0; left--) {
      String id = in.readString();
      EncodedProxy proxy = in.readProxy();
      adapters.add(new AdapterEntry(id, proxy, in.readString()));
    }
    return adapters;
  }

  private static List<ObjectEntry> readObjects(EncodingReader in) {
    List<ObjectEntry> objects = new ArrayList<>();
    for (int left = in.readSize(); left > 0; left--) {
      EncodedProxy proxy = in.readProxy();
      objects.add(ObjectEntry.of(proxy, in.readString()));
    }
    return objects;
  }

  private static Serials readSerials(EncodingReader in) {
    Map<String, Long> given = new TreeMap<>();
    for (int left = in.readSize(); left > 0; left--) {
      String name = in.readString();
      given.put(name, in.readLong());
    }
    Serials serials = Serials.INITIAL;
    for (Topic topic : Topic.values()) {
      serials = serials.with(topic, given.getOrDefault(topic.key(), serials.of(topic)));
    }
    return serials;
  }

  /** The bytes of the file. */
  public byte[] toBytes() {
    OutputStream out = ApplicationCodec.output();
    out.writeString(TYPE);
    out.writeInt(iceVersion);
    ApplicationCodec.writeAll(out, Mapping.applicationInfos(applications));
    var rest = new EncodingWriter();
    rest.writeSize(adapters.size());
    for (AdapterEntry entry : adapters) {
      rest.writeString(entry.id()).writeProxy(entry.proxy()).writeString(entry.replicaGroupId());
    }
    writeObjects(rest, objects);
    writeObjects(rest, nodes);
    Map<String, Long> numbers = new TreeMap<>();
    for (Topic topic : Topic.values()) {
      numbers.put(topic.key(), serials.of(topic));
    }
    rest.writeSize(numbers.size());
    numbers.forEach((name, number) -> rest.writeString(name).writeLong(number));
    out.writeBlob(rest.toBytes());
    return out.finished();
  }

  private static void writeObjects(EncodingWriter out, List<ObjectEntry> objects) {
    out.writeSize(objects.size());
    for (ObjectEntry entry : objects) {
      out.writeProxy(entry.proxy()).writeString(entry.type());
    }
  }
}
