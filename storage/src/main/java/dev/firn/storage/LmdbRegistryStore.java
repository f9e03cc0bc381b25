package dev.firn.storage;

import static java.util.Objects.requireNonNull;

import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.replication.RegistryStore;
import dev.firn.replication.StoreException;
import dev.firn.storage.RegistryLoader.Loaded;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.LmdbException;

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
  private static final String DATA_FILE = "data.mdb";
  private static final String LOCK_FILE = "lock.mdb";

  /** Files of the Berkeley DB environments that registries before Ice 3.7 kept. */
  private static final List<String> BERKELEY_FILES = List.of("__catalog", "__Freeze", "DB_CONFIG");

  private static final long MEGABYTE = 1 << 20;
  private static final int MAP_MEGABYTES_DEFAULT = 100;

  private final Path directory;
  private final long mapBytesInitial;
  private @Nullable Loaded unclaimed;
  private @Nullable LmdbEnvironment environment;
  private boolean versioned;
  private boolean closed;

  private LmdbRegistryStore(Path directory, long mapBytesInitial, Loaded loaded) {
    this.directory = directory;
    this.mapBytesInitial = mapBytesInitial;
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
  public static LmdbRegistryStore open(Path directory, int mapSizeMegabytes) {
    requireNonNull(directory, "directory");
    if (mapSizeMegabytes < 0) {
      throw new IllegalArgumentException("mapSizeMegabytes must be >= 0: " + mapSizeMegabytes);
    }
    var preload = new Thread(NativeLibrary::load, "firn-lmdb-preload");
    preload.setDaemon(true);
    preload.start();
    requireUsable(directory);
    Loaded loaded = read(directory);
    int megabytes = mapSizeMegabytes == 0 ? MAP_MEGABYTES_DEFAULT : mapSizeMegabytes;
    var store = new LmdbRegistryStore(directory, megabytes * MEGABYTE, loaded);
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
  public static RegistryTables readOnly(Path directory) {
    requireDirectory(directory);
    if (!Files.exists(directory.resolve(DATA_FILE))) {
      requireNoBerkeleyFiles(directory);
      throw new StoreException("there is no registry's database in " + directory);
    }
    return read(directory).tables();
  }

  /**
   * Deletes a database that nobody has open; for tools that made it and failed.
   *
   * @throws StoreException a file cannot be deleted
   */
  public static void deleteFiles(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(DATA_FILE));
      Files.deleteIfExists(directory.resolve(LOCK_FILE));
    } catch (IOException e) {
      throw new StoreException("cannot delete the database in " + directory + ": " + reason(e), e);
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
    List<Write> writes = RowEncoder.encode(rows);
    unclaimed = null;
    write(writes);
  }

  @Override
  public void close() {
    closed = true;
    closeEnvironment();
  }

  private void write(List<Write> rows) {
    List<Write> writes = new ArrayList<>(rows);
    if (!versioned) {
      writes.add(RowEncoder.formatVersion());
    }
    try {
      environment().commit(writes);
      versioned = true;
    } catch (LmdbException | ArithmeticException e) {
      // After a failed write LMDB may refuse all others until it is opened anew.
      closeEnvironment();
      throw new StoreException(
          "cannot write the registry's database in "
              + directory
              + ": "
              + reason(e)
              + "; nothing was changed. Check the disk's free space and health",
          e);
    }
  }

  private LmdbEnvironment environment() {
    if (environment == null) {
      boolean created = !Files.exists(directory.resolve(DATA_FILE));
      environment = openEnvironment();
      if (created) {
        synchronizeDirectory();
      }
    }
    return environment;
  }

  private LmdbEnvironment openEnvironment() {
    Path data = directory.resolve(DATA_FILE);
    try {
      long fileBytes = Files.exists(data) ? Files.size(data) : 0;
      long mapBytes = mapBytesInitial;
      while (mapBytes < fileBytes) {
        mapBytes = Math.multiplyExact(mapBytes, 2L);
      }
      return LmdbEnvironment.open(directory, mapBytes);
    } catch (IOException | LmdbException | LinkageError | ArithmeticException e) {
      throw new StoreException(
          "cannot open the registry's database in "
              + directory
              + " for writing: "
              + reason(e)
              + "; check the directory's permissions and the disk",
          e);
    }
  }

  /** A power failure must not take away the new file's name together with acknowledged rows. */
  private void synchronizeDirectory() {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new StoreException("cannot synchronise the directory " + directory, e);
    }
  }

  private void closeEnvironment() {
    if (environment != null) {
      environment.close();
      environment = null;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store of " + directory + " is closed");
    }
  }

  private static Loaded read(Path directory) {
    requireDirectory(directory);
    Path file = directory.resolve(DATA_FILE);
    if (!Files.exists(file)) {
      requireNoBerkeleyFiles(directory);
      return new Loaded(RegistryTables.EMPTY, true, false);
    }
    try {
      return RegistryLoader.load(file);
    } catch (CorruptDatabaseException e) {
      throw new StoreException(
          "cannot use the registry's database " + file + ": " + e.getMessage() + "; " + e.advice(),
          e);
    } catch (IOException e) {
      throw new StoreException("cannot read the registry's database " + file + ": " + reason(e), e);
    }
  }

  private static void requireDirectory(Path directory) {
    if (!Files.isDirectory(directory)) {
      String what = Files.exists(directory) ? "is no directory" : "does not exist";
      throw new StoreException("the registry's database directory " + directory + " " + what);
    }
  }

  private static void requireUsable(Path directory) {
    requireDirectory(directory);
    requireWritable(directory);
    for (String name : List.of(DATA_FILE, LOCK_FILE)) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        if (!Files.isRegularFile(file)) {
          throw new StoreException("the registry's database file " + file + " is no plain file");
        }
        requireWritable(file);
      }
    }
  }

  private static void requireWritable(Path path) {
    if (!Files.isWritable(path)) {
      throw new StoreException(
          "the registry may not write to " + path + "; check its owner and permissions");
    }
  }

  private static void requireNoBerkeleyFiles(Path directory) {
    for (String name : BERKELEY_FILES) {
      if (Files.exists(directory.resolve(name))) {
        throw new StoreException(
            "the directory "
                + directory
                + " holds a Berkeley DB database of a registry before Ice 3.7 ("
                + name
                + "); export it with that release's icegriddb, import it here with ours");
      }
    }
  }

  private static String reason(Throwable e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
