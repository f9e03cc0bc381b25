package dev.firn.component;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.failover.Bytes;
import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceChange;
import dev.firn.failover.ServiceEntry;
import dev.firn.failover.ServiceParams;
import dev.firn.failover.ServiceTable;
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
 * comparator/N} with N in 16 hexadecimal digits, {@code epoch/GROUP}; {@code log} has position and
 * promise of one of several locators. A reader throws {@link MalformedEncodingException} for what
 * no writer here made.
 */
final class ServiceRecords {
  /** What of a group's name fits into a record's name; longer ones are refused at the door. */
  static final int GROUP_BYTES_MAX = 400;

  private static final String SERVICE = "service/";
  private static final String COMPARATOR = "comparator/";
  private static final String EPOCH = "epoch/";
  private static final String LOG = "log";
  private static final int SUSPENDED = 1;
  private static final int KEPT = 2;

  private ServiceRecords() {}

  /** The records to write; null deletes one. */
  static Map<String, byte @Nullable []> of(List<? extends StateChange> changes) {
    Map<String, byte @Nullable []> records = new TreeMap<>();
    for (StateChange change : changes) {
      if (change instanceof ServiceChange row) {
        records.put(name(row), bytes(row));
      }
    }
    return records;
  }

  static void putLog(Map<String, byte @Nullable []> records, ServiceTable table) {
    records.put(
        LOG,
        new EncodingWriter()
            .writeLong(table.position().generation())
            .writeLong(table.position().iteration())
            .writeLong(table.promise())
            .toBytes());
  }

  private static String name(ServiceChange change) {
    if (change instanceof ServiceChange.Service row) {
      return SERVICE + hex(row.order());
    } else if (change instanceof ServiceChange.Comparator row) {
      return COMPARATOR + hex(row.order());
    } else if (change instanceof ServiceChange.Newest row) {
      return EPOCH + row.group();
    }
    throw new IllegalStateException("unknown change " + change);
  }

  private static byte @Nullable [] bytes(ServiceChange change) {
    if (change instanceof ServiceChange.Service row) {
      return row.entry().map(ServiceRecords::encode).orElse(null);
    } else if (change instanceof ServiceChange.Comparator row) {
      return row.proxy()
          .map(proxy -> new EncodingWriter().writeString(row.guid()).writeString(proxy).toBytes())
          .orElse(null);
    } else if (change instanceof ServiceChange.Newest row) {
      return row.epoch() == 0 ? null : new EncodingWriter().writeLong(row.epoch()).toBytes();
    }
    throw new IllegalStateException("unknown change " + change);
  }

  /** The rows that records say, position and promise among them. */
  static List<StateChange> read(Map<String, byte[]> records) {
    List<StateChange> rows = new ArrayList<>();
    records.forEach(
        (name, bytes) -> {
          EncodingReader reader = new EncodingReader(bytes);
          if (name.equals(LOG)) {
            rows.add(
                new StateChange.SetPosition(new LogPosition(reader.readLong(), reader.readLong())));
            rows.add(new StateChange.SetPromise(reader.readLong()));
          } else {
            rows.add(read(name, reader));
          }
        });
    return rows;
  }

  /** One row that is there, with its name before it. */
  static byte[] encode(ServiceChange row) {
    byte[] bytes = bytes(row);
    if (bytes == null) {
      throw new IllegalArgumentException("not there: " + row);
    }
    return new EncodingWriter().writeString(name(row)).writeBytes(bytes).toBytes();
  }

  static ServiceChange row(byte[] encoded) {
    EncodingReader reader = new EncodingReader(encoded);
    return read(reader.readString(), reader);
  }

  private static ServiceChange read(String name, EncodingReader reader) {
    if (name.startsWith(SERVICE)) {
      long order = number(name, SERVICE);
      return new ServiceChange.Service(order, Optional.of(entry(order, reader)));
    } else if (name.startsWith(COMPARATOR)) {
      return new ServiceChange.Comparator(
          number(name, COMPARATOR), reader.readString(), Optional.of(reader.readString()));
    } else if (name.startsWith(EPOCH)) {
      return new ServiceChange.Newest(name.substring(EPOCH.length()), reader.readLong());
    }
    throw new MalformedEncodingException("unknown record " + name);
  }

  private static byte[] encode(ServiceEntry entry) {
    EncodingWriter writer =
        new EncodingWriter()
            .writeString(entry.guid())
            .writeString(entry.proxy())
            .writeByte((entry.suspended() ? SUSPENDED : 0) | (entry.kept() ? KEPT : 0));
    write(writer, entry.epoch());
    writer.writeSize(entry.findable().size());
    entry.findable().forEach(findable -> write(writer, findable));
    return writer.toBytes();
  }

  private static ServiceEntry entry(long order, EncodingReader reader) {
    String guid = reader.readString();
    String proxy = reader.readString();
    int flags = reader.readByte();
    Optional<GroupEpoch> epoch = epoch(reader);
    List<ServiceEntry.Findable> findable = new ArrayList<>();
    for (int left = reader.readSize(); left > 0; left--) {
      findable.add(findable(reader));
    }
    return new ServiceEntry(
        guid, order, proxy, findable, (flags & SUSPENDED) != 0, (flags & KEPT) != 0, epoch);
  }

  static void write(EncodingWriter writer, ServiceEntry.Findable findable) {
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

  static ServiceEntry.Findable findable(EncodingReader reader) {
    String compareGuid = reader.readString();
    List<String> types = new ArrayList<>();
    for (int more = reader.readSize(); more > 0; more--) {
      types.add(reader.readString());
    }
    String category = reader.readString();
    String service = reader.readString();
    String id = reader.readString();
    Bytes encoded = Bytes.of(reader.readBytes(reader.readSize()));
    return new ServiceEntry.Findable(
        new ServiceParams(types, category, service, id, encoded), compareGuid);
  }

  static void write(EncodingWriter writer, Optional<GroupEpoch> epoch) {
    writer
        .writeString(epoch.map(GroupEpoch::group).orElse(""))
        .writeLong(epoch.map(GroupEpoch::epoch).orElse(0L));
  }

  static Optional<GroupEpoch> epoch(EncodingReader reader) {
    String group = reader.readString();
    long epoch = reader.readLong();
    return group.isEmpty() ? Optional.empty() : Optional.of(new GroupEpoch(group, epoch));
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
