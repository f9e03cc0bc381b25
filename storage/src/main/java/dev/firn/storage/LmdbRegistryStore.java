package dev.firn.storage;

import static java.util.Objects.requireNonNull;

import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.replication.RegistryStore;
import dev.firn.replication.StoreException;
import dev.firn.storage.RegistryLoader.Loaded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A registry's tables in an LMDB environment, with the file layout of ZeroC's registry: either can
 * start on the directory that the other left. What only Firn knows is in one more named database.
 *
 * <p>The caller holds the {@link DirectoryLock}. Reading is done in Java and checks the whole file;
 * LMDB itself is loaded in the background and opens the environment with the first commit, so a
 * directory is written to only when there is something to write, and a start does not wait for
 * native code. One thread at a time.
 */
public final class LmdbRegistryStore implements RegistryStore {
  private static final String RESTORE =
      "restore it from a backup, or start in an empty directory with --initdb-from-replica";

  private final LmdbDirectory directory;
  private final int mapMegabytes;
  private @Nullable Loaded unclaimed;
  private boolean versioned;
  private boolean closed;

  private LmdbRegistryStore(LmdbDirectory directory, int mapMegabytes, Loaded loaded) {
    this.directory = directory;
    this.mapMegabytes = mapMegabytes;
    this.unclaimed = loaded;
    this.versioned = loaded.versioned();
  }

  /**
   * Opens the database in a directory, which must exist; an empty directory is an empty database.
   *
   * <p>Checks the whole file, and makes indexes that are missing.
   *
   * @param mapSizeMegabytes how much address space to reserve at first, 0 for the default; it grows
   *     by itself
   * @throws StoreException the database cannot be used; the directory is as it was
   */
  public static LmdbRegistryStore open(Path path, int mapSizeMegabytes) {
    requireNonNull(path, "path");
    if (mapSizeMegabytes < 0) {
      throw new IllegalArgumentException("mapSizeMegabytes must be >= 0: " + mapSizeMegabytes);
    }
    LmdbDirectory.preloadNativeCode();
    LmdbDirectory directory = directory(path);
    directory.requireWritable();
    Loaded loaded = read(directory);
    var store = new LmdbRegistryStore(directory, mapSizeMegabytes, loaded);
    if (!loaded.indexesComplete()) {
      try {
        store.write(RowEncoder.encodeIndexes(loaded.tables()));
      } catch (StoreException e) {
        store.close();
        throw e;
      }
    }
    return store;
  }

  /**
   * Reads a database that nobody has open, and leaves it as it is.
   *
   * @throws StoreException there is no database, or it cannot be read
   */
  public static RegistryTables readOnly(Path path) {
    LmdbDirectory directory = directory(path);
    if (!directory.hasDatabase()) {
      throw new StoreException("there is no registry's database in " + path);
    }
    return read(directory).tables();
  }

  /**
   * Deletes a database that nobody has open; for tools that made it and failed.
   *
   * @throws StoreException a file cannot be deleted
   */
  public static void deleteFiles(Path path) {
    directory(path).deleteFiles();
  }

  private static LmdbDirectory directory(Path path) {
    return new LmdbDirectory(
        path,
        "registry",
        "icegriddb",
        List.of(RegistryDatabase.values()),
        (message, cause) ->
            cause == null ? new StoreException(message) : new StoreException(message, cause));
  }

  private static Loaded read(LmdbDirectory directory) {
    if (!directory.hasDatabase()) {
      return new Loaded(RegistryTables.EMPTY, true, false);
    }
    try {
      return RegistryLoader.load(directory.dataFile());
    } catch (IOException e) {
      throw directory.unreadable(e, RESTORE);
    }
  }

  @Override
  public RegistryTables load() {
    requireOpen();
    Loaded loaded = unclaimed == null ? read(directory) : unclaimed;
    unclaimed = null;
    return loaded.tables();
  }

  @Override
  public void commit(List<RowChange> rows) {
    requireOpen();
    unclaimed = null;
    write(RowEncoder.encode(rows));
  }

  @Override
  public void close() {
    closed = true;
    directory.close();
  }

  private void write(Write.Batch rows) {
    boolean isFirst = !versioned;
    directory.commit(
        writes -> {
          rows.forEach(writes);
          if (isFirst) {
            writes.accept(RowEncoder.formatVersion());
          }
        },
        mapMegabytes);
    versioned = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store of " + directory + " is closed");
    }
  }
}
