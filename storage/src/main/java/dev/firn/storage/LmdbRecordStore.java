package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Named records in an LMDB environment, for servers whose tables are small and of our own making: a
 * name, and bytes that only the server understands.
 *
 * <p>The caller holds the {@link DirectoryLock}. The directory is written to with the first commit
 * only. One thread at a time.
 */
public final class LmdbRecordStore implements AutoCloseable {
  /** LMDB takes no longer key. */
  public static final int NAME_BYTES_MAX = 511;

  private static final String RESTORE =
      "restore it from a backup, or start with an empty directory";
  private static final String KIND = "kind";
  private static final String FORMAT_VERSION = "formatVersion";

  private enum Database implements NamedDatabase {
    RECORDS("records"),
    /** Whose records these are, and in which version of their format. */
    FIRN("firn");

    private final String databaseName;

    Database(String databaseName) {
      this.databaseName = databaseName;
    }

    @Override
    public String databaseName() {
      return databaseName;
    }

    @Override
    public boolean duplicates() {
      return false;
    }
  }

  private final LmdbDirectory directory;
  private final String kind;
  private final long formatVersion;
  private SortedMap<String, byte[]> records = new TreeMap<>();
  private boolean marked;

  private LmdbRecordStore(LmdbDirectory directory, String kind, long formatVersion) {
    this.directory = directory;
    this.kind = kind;
    this.formatVersion = formatVersion;
  }

  /**
   * Opens the database in a directory, which must exist; an empty directory is an empty database.
   *
   * @param kind whose records these are, in one word or two; a database of another kind is refused
   * @param formatVersion of the bytes; a database with a newer one is refused
   * @throws RecordStoreException the database cannot be used; the directory is as it was
   */
  public static LmdbRecordStore open(Path path, String kind, long formatVersion) {
    TreeMap<String, byte[]> records = new TreeMap<>();
    LmdbRecordStore store = open(path, kind, formatVersion, records::put);
    store.records = records;
    return store;
  }

  /**
   * As above, for records that are not to be kept here too.
   *
   * @param visitor gets each record there is, in order of the names; what it throws ends this
   */
  static LmdbRecordStore open(
      Path path, String kind, long formatVersion, BiConsumer<String, byte[]> visitor) {
    requireNonNull(path, "path");
    LmdbDirectory.preloadNativeCode();
    LmdbDirectory directory =
        new LmdbDirectory(
            path,
            kind,
            "firn",
            List.of(Database.values()),
            (message, cause) ->
                cause == null
                    ? new RecordStoreException(message)
                    : new RecordStoreException(message, cause));
    directory.requireWritable();
    if (directory.hasDatabase()) {
      try (LmdbFile file = LmdbFile.open(directory.dataFile())) {
        read(file, kind, formatVersion, visitor);
      } catch (IOException e) {
        throw directory.unreadable(e, RESTORE);
      }
    }
    return new LmdbRecordStore(directory, kind, formatVersion);
  }

  private static void read(
      LmdbFile file, String kind, long formatVersion, BiConsumer<String, byte[]> visitor)
      throws IOException {
    Map<String, LmdbTree> trees = file.databases();
    LmdbTree about = trees.remove(Database.FIRN.databaseName());
    LmdbTree named = trees.remove(Database.RECORDS.databaseName());
    Map<String, byte[]> marks = new TreeMap<>();
    if (about != null) {
      about.forEach((key, value) -> marks.put(new String(key, UTF_8), value));
    }
    byte[] found = marks.get(KIND);
    byte[] version = marks.get(FORMAT_VERSION);
    if (!trees.isEmpty()
        || (named != null && (found == null || version == null || version.length != Long.BYTES))
        || (found != null && !kind.equals(new String(found, UTF_8)))) {
      throw new CorruptDatabaseException(
          "it is no " + kind + "'s", "use another directory, or an empty one");
    }
    if (version != null && ByteBuffer.wrap(version).getLong() > formatVersion) {
      throw new CorruptDatabaseException(
          "it was written by a newer release (format version "
              + ByteBuffer.wrap(version).getLong()
              + ", this one knows up to "
              + formatVersion
              + ")",
          "start that release");
    }
    if (named != null) {
      named.forEach((key, value) -> visitor.accept(new String(key, UTF_8), value));
    }
    file.checkFreePages();
  }

  /** What was there when the database was opened, in order of the names; a copy. */
  public SortedMap<String, byte[]> load() {
    return new TreeMap<>(records);
  }

  /**
   * Writes all changes or, with an exception, none; they are on the disk when this returns.
   *
   * @param changes new bytes by name; null deletes the record. No array is changed afterwards
   * @throws RecordStoreException they could not be written
   * @throws IllegalArgumentException a name is empty or longer than {@link #NAME_BYTES_MAX} bytes
   */
  public void commit(Map<String, byte @Nullable []> changes) {
    List<Write> writes = new ArrayList<>();
    if (!marked) {
      writes.add(new Write.Put(Database.FIRN, KIND.getBytes(UTF_8), kind.getBytes(UTF_8)));
      writes.add(
          new Write.Put(
              Database.FIRN,
              FORMAT_VERSION.getBytes(UTF_8),
              ByteBuffer.allocate(Long.BYTES).putLong(formatVersion).array()));
    }
    changes.forEach(
        (name, bytes) -> {
          byte[] key = name.getBytes(UTF_8);
          if (key.length == 0 || key.length > NAME_BYTES_MAX) {
            throw new IllegalArgumentException("a name of " + key.length + " bytes");
          }
          writes.add(
              bytes == null
                  ? new Write.Delete(Database.RECORDS, key)
                  : new Write.Put(Database.RECORDS, key, bytes));
        });
    directory.commit(writes::forEach, 0);
    marked = true;
  }

  @Override
  public void close() {
    directory.close();
  }
}
