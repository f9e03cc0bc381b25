package dev.firn.component;

import dev.firn.failover.Bytes;
import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceChange;
import dev.firn.failover.ServiceEntry;
import dev.firn.failover.ServiceParams;
import dev.firn.model.EncodingReader;
import dev.firn.model.EncodingWriter;
import dev.firn.model.MalformedEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the service locator's table as records of a store. Names: {@code service/N} and {@code
 * comparator/N} with N in 16 hexadecimal digits, {@code epoch/GROUP}.
 */
final class ServiceRecords {
  static final String KIND = "service locator";
  static final long FORMAT_VERSION = 1;

  /** What of a group's name fits into a record's name; longer ones are refused at the door. */
  static final int GROUP_BYTES_MAX = 400;

  private static final String SERVICE = "service/";
  private static final String COMPARATOR = "comparator/";
  private static final String EPOCH = "epoch/";

  private ServiceRecords() {}

  /** The records to write; null deletes one. */
  static Map<String, byte @Nullable []> of(List<ServiceChange> changes) {
    Map<String, byte @Nullable []> records = new TreeMap<>();
    for (ServiceChange change : changes) {
      if (change instanceof ServiceChange.Service row) {
        records.put(
            SERVICE + hex(row.order()), row.entry().map(ServiceRecords::encode).orElse(null));
      } else if (change instanceof ServiceChange.Comparator row) {
        records.put(
            COMPARATOR + hex(row.order()),
            row.proxy()
                .map(
                    proxy ->
                        new EncodingWriter().writeString(row.guid()).writeString(proxy).toBytes())
                .orElse(null));
      } else if (change instanceof ServiceChange.Newest row) {
        records.put(
            EPOCH + row.epoch().group(),
            new EncodingWriter().writeLong(row.epoch().epoch()).toBytes());
      } else {
        throw new IllegalStateException("unknown change " + change);
      }
    }
    return records;
  }

  /**
   * The rows that records say.
   *
   * @throws MalformedEncodingException a record is none of ours
   */
  static List<ServiceChange> read(Map<String, byte[]> records) {
    List<ServiceChange> rows = new ArrayList<>();
    records.forEach((name, bytes) -> rows.add(read(name, new EncodingReader(bytes))));
    return rows;
  }

  private static ServiceChange read(String name, EncodingReader reader) {
    if (name.startsWith(SERVICE)) {
      long order = number(name, SERVICE);
      return new ServiceChange.Service(order, Optional.of(entry(order, reader)));
    } else if (name.startsWith(COMPARATOR)) {
      return new ServiceChange.Comparator(
          number(name, COMPARATOR), reader.readString(), Optional.of(reader.readString()));
    } else if (name.startsWith(EPOCH)) {
      return new ServiceChange.Newest(
          new GroupEpoch(name.substring(EPOCH.length()), reader.readLong()));
    }
    throw new MalformedEncodingException("unknown record " + name);
  }

  private static byte[] encode(ServiceEntry entry) {
    EncodingWriter writer =
        new EncodingWriter()
            .writeString(entry.guid())
            .writeString(entry.proxy())
            .writeByte(entry.suspended() ? 1 : 0)
            .writeString(entry.epoch().map(GroupEpoch::group).orElse(""))
            .writeLong(entry.epoch().map(GroupEpoch::epoch).orElse(0L))
            .writeSize(entry.findable().size());
    for (ServiceEntry.Findable findable : entry.findable()) {
      ServiceParams params = findable.params();
      writer.writeString(findable.compareGuid()).writeSize(params.types().size());
      params.types().forEach(writer::writeString);
      byte[] encoded = params.encoded().toArray();
      writer
          .writeString(params.category())
          .writeString(params.service())
          .writeString(params.id())
          .writeSize(encoded.length)
          .writeBytes(encoded);
    }
    return writer.toBytes();
  }

  private static ServiceEntry entry(long order, EncodingReader reader) {
    String guid = reader.readString();
    String proxy = reader.readString();
    boolean suspended = reader.readByte() != 0;
    String group = reader.readString();
    long epoch = reader.readLong();
    List<ServiceEntry.Findable> findable = new ArrayList<>();
    for (int left = reader.readSize(); left > 0; left--) {
      String compareGuid = reader.readString();
      List<String> types = new ArrayList<>();
      for (int more = reader.readSize(); more > 0; more--) {
        types.add(reader.readString());
      }
      String category = reader.readString();
      String service = reader.readString();
      String id = reader.readString();
      Bytes encoded = Bytes.of(reader.readBytes(reader.readSize()));
      findable.add(
          new ServiceEntry.Findable(
              new ServiceParams(types, category, service, id, encoded), compareGuid));
    }
    return new ServiceEntry(
        guid,
        order,
        proxy,
        findable,
        suspended,
        group.isEmpty() ? Optional.empty() : Optional.of(new GroupEpoch(group, epoch)));
  }

  private static String hex(long order) {
    return String.format("%016x", order);
  }

  private static long number(String name, String prefix) {
    try {
      return Long.parseUnsignedLong(name.substring(prefix.length()), 16);
    } catch (NumberFormatException e) {
      throw new MalformedEncodingException("unknown record " + name);
    }
  }
}
