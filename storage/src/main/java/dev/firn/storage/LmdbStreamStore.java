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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a replicator in an LMDB environment: one record for each stream and one for each
 * item. The items of a whole state that is being published are records of another kind; once all
 * are there, the stream's record says that from now on these are the items. The caller holds the
 * {@link DirectoryLock}. One thread at a time.
 */
public final class LmdbStreamStore implements StreamStore {
  private static final long FORMAT_VERSION = 2;
  private static final char HEAD = 'h';

  /** Of these two kinds one has a stream's items, and the other what is to take their place. */
  private static final char ITEM = 'i';

  private static final char OTHER_ITEM = 'j';

  private static final int WHOLE = 1;
  private static final int SWAPPED = 2;
  private static final int HAS_PARTS_SEQ = 4;

  /** Position and promise, among several replicators. */
  private static final char LOG = 'l';

  /** Ends the name of the stream in the name of a record; no name has it. */
  private static final char END = '\0';

  private final LmdbRecordStore records;
  private StreamTables tables;

  /** The streams whose items are the records of the other kind. */
  private Set<String> swapped;

  private LmdbStreamStore(LmdbRecordStore records, Reading read) {
    this.records = records;
    this.tables = read.tables;
    this.swapped = read.swapped;
  }

  /**
   * Opens the database in a directory, which must exist; an empty directory is an empty database.
   *
   * @throws StreamStoreException the database cannot be used; the directory is as it was
   */
  public static LmdbStreamStore open(Path path) {
    Reading read = new Reading();
    try {
      LmdbRecordStore records =
          LmdbRecordStore.open(path, "replicator", FORMAT_VERSION, read::record);
      return new LmdbStreamStore(records, read);
    } catch (RecordStoreException e) {
      throw failure(e);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
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
    Writing writing = new Writing(tables, swapped);
    changes.forEach(writing::change);
    StreamTables changed = writing.tables;
    if (!changed.position().equals(tables.position()) || changed.promise() != tables.promise()) {
      writing.rows.put(LOG + "" + END, log(changed));
    }
    try {
      records.commit(writing.rows);
    } catch (RecordStoreException e) {
      throw failure(e);
    }
    tables = changed;
    swapped = writing.swapped;
  }

  @Override
  public void close() {
    records.close();
  }

  private static StreamStoreException failure(RecordStoreException e) {
    return new StreamStoreException(String.valueOf(e.getMessage()), e);
  }

  /** The rows of one transaction. */
  private static final class Writing {
    private final Map<String, byte @Nullable []> rows = new TreeMap<>();
    private final Set<String> swapped;
    private StreamTables tables;

    Writing(StreamTables before, Set<String> swapped) {
      this.tables = before;
      this.swapped = new TreeSet<>(swapped);
    }

    void change(StateChange change) {
      if (change instanceof StreamChange row) {
        encode(row);
      }
      tables = tables.with(List.of(change));
    }

    private void encode(StreamChange change) {
      String stream = change.stream();
      if (change instanceof StreamChange.SetHead head) {
        putHead(head);
      } else if (change instanceof StreamChange.PutItem put) {
        rows.put(items(stream) + put.item().key(), item(put.item()));
      } else if (change instanceof StreamChange.RemoveItem remove) {
        rows.put(items(stream) + remove.key(), null);
      } else if (change instanceof StreamChange.ClearItems) {
        clearItems(stream);
      } else if (change instanceof StreamChange.PutPart put) {
        rows.put(parts(stream) + put.item().key(), item(put.item()));
      } else if (change instanceof StreamChange.ClearParts) {
        clearParts(stream);
      } else if (change instanceof StreamChange.TakeParts) {
        clearItems(stream);
        if (!swapped.remove(stream)) {
          swapped.add(stream);
        }
        putHead(StreamChange.SetHead.of(tables.stream(stream)));
      } else if (change instanceof StreamChange.RemoveStream) {
        clearItems(stream);
        clearParts(stream);
        swapped.remove(stream);
        rows.put(HEAD + stream + END, null);
      } else {
        throw new IllegalStateException("unknown change " + change);
      }
    }

    private String items(String stream) {
      return prefix(swapped.contains(stream) ? OTHER_ITEM : ITEM, stream);
    }

    private String parts(String stream) {
      return prefix(swapped.contains(stream) ? ITEM : OTHER_ITEM, stream);
    }

    private static String prefix(char kind, String stream) {
      return kind + stream + END;
    }

    private void clearItems(String stream) {
      tables.stream(stream).items().keySet().forEach(key -> rows.put(items(stream) + key, null));
    }

    private void clearParts(String stream) {
      tables.stream(stream).parts().keySet().forEach(key -> rows.put(parts(stream) + key, null));
    }

    private void putHead(StreamChange.SetHead head) {
      boolean hasPartsSeq = head.partsSeq() != 0;
      int flags =
          (head.whole() ? WHOLE : 0)
              | (swapped.contains(head.stream()) ? SWAPPED : 0)
              | (hasPartsSeq ? HAS_PARTS_SEQ : 0);
      byte[] writer = head.writer().getBytes(UTF_8);
      ByteBuffer row =
          ByteBuffer.allocate((hasPartsSeq ? 4 : 3) * Long.BYTES + 1 + writer.length)
              .putLong(head.epoch())
              .putLong(head.seq())
              .putLong(head.clientSeq())
              .put((byte) flags);
      if (hasPartsSeq) {
        row.putLong(head.partsSeq());
      }
      rows.put(HEAD + head.stream() + END, row.put(writer).array());
    }
  }

  private static byte[] log(StreamTables tables) {
    return ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(tables.position().generation())
        .putLong(tables.position().iteration())
        .putLong(tables.promise())
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

  /** What is read when the database is opened; the records of streams come first. */
  private static final class Reading {
    private StreamTables tables = StreamTables.EMPTY;
    private final Set<String> swapped = new TreeSet<>();

    void record(String name, byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (name.equals(LOG + "" + END)) {
        take(new StateChange.SetPosition(new LogPosition(in.getLong(), in.getLong())));
        take(new StateChange.SetPromise(in.getLong()));
        return;
      }
      int end = name.indexOf(END);
      if (end < 1) {
        throw new IllegalArgumentException("record " + name);
      }
      String stream = name.substring(1, end);
      char kind = name.charAt(0);
      if (kind == HEAD) {
        head(stream, in);
      } else if (kind == ITEM || kind == OTHER_ITEM) {
        StateItem item = item(name.substring(end + 1), bytes);
        boolean isPart = (kind == OTHER_ITEM) != swapped.contains(stream);
        take(
            isPart
                ? new StreamChange.PutPart(stream, item)
                : new StreamChange.PutItem(stream, item));
      } else {
        throw new IllegalArgumentException("record " + name);
      }
    }

    private void take(StateChange change) {
      tables = tables.with(List.of(change));
    }

    private void head(String stream, ByteBuffer in) {
      long epoch = in.getLong();
      long seq = in.getLong();
      long clientSeq = in.getLong();
      int flags = in.get();
      // Records of the first version never have it.
      long partsSeq = (flags & HAS_PARTS_SEQ) != 0 ? in.getLong() : 0;
      if ((flags & SWAPPED) != 0) {
        swapped.add(stream);
      }
      byte[] writer = new byte[in.remaining()];
      in.get(writer);
      take(
          new StreamChange.SetHead(
              stream,
              epoch,
              new String(writer, UTF_8),
              seq,
              clientSeq,
              (flags & WHOLE) != 0,
              partsSeq));
    }

    private static StateItem item(String key, byte[] row) {
      ByteBuffer in = ByteBuffer.wrap(row);
      long version = in.getLong();
      byte[] typeId = new byte[in.getInt()];
      in.get(typeId);
      Bytes payload = Bytes.of(row, in.position(), in.remaining());
      return new StateItem(key, new String(typeId, UTF_8), version, payload);
    }
  }
}
