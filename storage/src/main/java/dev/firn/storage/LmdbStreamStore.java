package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamChange;
import dev.firn.failover.StreamStore;
import dev.firn.failover.StreamStoreException;
import dev.firn.failover.StreamTables;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a replicator in an LMDB environment: one record for each stream and one for each
 * item. The caller holds the {@link DirectoryLock}. One thread at a time.
 */
public final class LmdbStreamStore implements StreamStore {
  private static final long FORMAT_VERSION = 1;
  private static final char HEAD = 'h';
  private static final char ITEM = 'i';

  /** Position and promise, among several replicators. */
  private static final char LOG = 'l';

  /** Ends the name of the stream in the name of a record; no name has it. */
  private static final char END = '\0';

  private final LmdbRecordStore records;
  private StreamTables tables;

  private LmdbStreamStore(LmdbRecordStore records, StreamTables tables) {
    this.records = records;
    this.tables = tables;
  }

  /**
   * Opens the database in a directory, which must exist; an empty directory is an empty database.
   *
   * @throws StreamStoreException the database cannot be used; the directory is as it was
   */
  public static LmdbStreamStore open(Path path) {
    LmdbRecordStore records;
    try {
      records = LmdbRecordStore.open(path, "replicator", FORMAT_VERSION);
    } catch (RecordStoreException e) {
      throw failure(e);
    }
    try {
      List<StateChange> rows = new ArrayList<>();
      records.load().forEach((name, bytes) -> decode(name, ByteBuffer.wrap(bytes), rows));
      return new LmdbStreamStore(records, StreamTables.EMPTY.with(rows));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      records.close();
      throw new StreamStoreException(
          "the replicator's database in "
              + path
              + " has a record that does not make sense; restore it from a backup, or start with"
              + " an empty directory",
          e);
    }
  }

  @Override
  public StreamTables load() {
    return tables;
  }

  @Override
  public void commit(List<? extends StateChange> changes) {
    Map<String, byte @Nullable []> written = new TreeMap<>();
    StreamTables changed = tables;
    for (StateChange change : changes) {
      if (change instanceof StreamChange row) {
        encode(row, changed, written);
      }
      changed = changed.with(List.of(change));
    }
    if (!changed.position().equals(tables.position()) || changed.promise() != tables.promise()) {
      written.put(LOG + "" + END, log(changed));
    }
    try {
      records.commit(written);
    } catch (RecordStoreException e) {
      throw failure(e);
    }
    tables = changed;
  }

  @Override
  public void close() {
    records.close();
  }

  private static StreamStoreException failure(RecordStoreException e) {
    return new StreamStoreException(String.valueOf(e.getMessage()), e);
  }

  private static void encode(
      StreamChange change, StreamTables before, Map<String, byte @Nullable []> written) {
    String stream = change.stream();
    if (change instanceof StreamChange.SetHead head) {
      written.put(HEAD + stream + END, head(head));
    } else if (change instanceof StreamChange.PutItem put) {
      written.put(ITEM + stream + END + put.item().key(), item(put.item()));
    } else if (change instanceof StreamChange.RemoveItem remove) {
      written.put(ITEM + stream + END + remove.key(), null);
    } else if (change instanceof StreamChange.ClearItems) {
      clearItems(stream, before, written);
    } else if (change instanceof StreamChange.RemoveStream) {
      clearItems(stream, before, written);
      written.put(HEAD + stream + END, null);
    } else {
      throw new IllegalStateException("unknown change " + change);
    }
  }

  private static void clearItems(
      String stream, StreamTables before, Map<String, byte @Nullable []> written) {
    for (String key : before.stream(stream).items().keySet()) {
      written.put(ITEM + stream + END + key, null);
    }
  }

  private static byte[] log(StreamTables tables) {
    return ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(tables.position().generation())
        .putLong(tables.position().iteration())
        .putLong(tables.promise())
        .array();
  }

  private static byte[] head(StreamChange.SetHead head) {
    byte[] writer = head.writer().getBytes(UTF_8);
    return ByteBuffer.allocate(3 * Long.BYTES + 1 + writer.length)
        .putLong(head.epoch())
        .putLong(head.seq())
        .putLong(head.clientSeq())
        .put((byte) (head.whole() ? 1 : 0))
        .put(writer)
        .array();
  }

  private static byte[] item(StateItem item) {
    byte[] typeId = item.typeId().getBytes(UTF_8);
    byte[] payload = item.payload().toArray();
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + typeId.length + payload.length)
        .putLong(item.version())
        .putInt(typeId.length)
        .put(typeId)
        .put(payload)
        .array();
  }

  private static void decode(String name, ByteBuffer bytes, List<StateChange> rows) {
    if (name.equals(LOG + "" + END)) {
      rows.add(new StateChange.SetPosition(new LogPosition(bytes.getLong(), bytes.getLong())));
      rows.add(new StateChange.SetPromise(bytes.getLong()));
    } else {
      rows.add(decode(name, bytes));
    }
  }

  private static StreamChange decode(String name, ByteBuffer bytes) {
    int end = name.indexOf(END);
    if (end < 1) {
      throw new IllegalArgumentException("record " + name);
    }
    String stream = name.substring(1, end);
    if (name.charAt(0) == HEAD) {
      long epoch = bytes.getLong();
      long seq = bytes.getLong();
      long clientSeq = bytes.getLong();
      boolean whole = bytes.get() != 0;
      return new StreamChange.SetHead(stream, epoch, rest(bytes), seq, clientSeq, whole);
    }
    long version = bytes.getLong();
    byte[] typeId = new byte[bytes.getInt()];
    bytes.get(typeId);
    byte[] payload = new byte[bytes.remaining()];
    bytes.get(payload);
    return new StreamChange.PutItem(
        stream,
        new StateItem(
            name.substring(end + 1), new String(typeId, UTF_8), version, Bytes.of(payload)));
  }

  private static String rest(ByteBuffer bytes) {
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    return new String(rest, UTF_8);
  }
}
