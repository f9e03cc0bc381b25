package dev.firn.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.LmdbException;

/**
 * The files of one store: checked before they are used, opened for writing by the first commit, in
 * a map that grows by itself. Owned by one thread.
 */
final class LmdbDirectory implements AutoCloseable {
  /** Makes the exception that the store's port promises. */
  interface Failures {
    RuntimeException of(String message, @Nullable Throwable cause);
  }

  private static final String DATA_FILE = "data.mdb";
  private static final String LOCK_FILE = "lock.mdb";

  /** Files of the Berkeley DB environments that releases before Ice 3.7 kept. */
  private static final List<String> BERKELEY_FILES = List.of("__catalog", "__Freeze", "DB_CONFIG");

  private static final long MEGABYTE = 1 << 20;
  private static final int MAP_MEGABYTES_DEFAULT = 100;

  private final Path directory;
  private final String owner;
  private final String tool;
  private final List<? extends NamedDatabase> databases;
  private final Failures failures;
  private @Nullable LmdbEnvironment environment;

  /**
   * @param owner whose database it is, for messages
   * @param tool the program that exports such a database
   */
  LmdbDirectory(
      Path directory,
      String owner,
      String tool,
      List<? extends NamedDatabase> databases,
      Failures failures) {
    this.directory = directory;
    this.owner = owner;
    this.tool = tool;
    this.databases = databases;
    this.failures = failures;
  }

  Path dataFile() {
    return directory.resolve(DATA_FILE);
  }

  /** Loads LMDB while the caller reads. */
  static void preloadNativeCode() {
    var preload = new Thread(NativeLibrary::load, "firn-lmdb-preload");
    preload.setDaemon(true);
    preload.start();
  }

  /** Whether there is a database; if not, the directory is fit for a new one. */
  boolean hasDatabase() {
    requireDirectory();
    if (Files.exists(dataFile())) {
      return true;
    }
    for (String name : BERKELEY_FILES) {
      if (Files.exists(directory.resolve(name))) {
        throw failure(
            "the directory "
                + directory
                + " holds a Berkeley DB database of a "
                + owner
                + " before Ice 3.7 ("
                + name
                + "); export it with that release's "
                + tool
                + ", import it here with ours",
            null);
      }
    }
    return false;
  }

  void requireWritable() {
    requireDirectory();
    requireWritable(directory);
    for (String name : List.of(DATA_FILE, LOCK_FILE)) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        if (!Files.isRegularFile(file)) {
          throw failure("the " + owner + "'s database file " + file + " is no plain file", null);
        }
        requireWritable(file);
      }
    }
  }

  private void requireDirectory() {
    if (!Files.isDirectory(directory)) {
      String what = Files.exists(directory) ? "is no directory" : "does not exist";
      throw failure("the " + owner + "'s database directory " + directory + " " + what, null);
    }
  }

  private void requireWritable(Path path) {
    if (!Files.isWritable(path)) {
      throw failure(
          "the " + owner + " may not write to " + path + "; check its owner and permissions", null);
    }
  }

  /** Deletes a database that nobody has open. */
  void deleteFiles() {
    try {
      Files.deleteIfExists(dataFile());
      Files.deleteIfExists(directory.resolve(LOCK_FILE));
    } catch (IOException e) {
      throw failure("cannot delete the database in " + directory + ": " + reason(e), e);
    }
  }

  /** What to throw if the data file cannot be read. */
  RuntimeException unreadable(IOException e, String adviceByDefault) {
    return e instanceof CorruptDatabaseException corrupt
        ? failure(
            "cannot use the "
                + owner
                + "'s database "
                + dataFile()
                + ": "
                + e.getMessage()
                + "; "
                + corrupt.advice().orElse(adviceByDefault),
            e)
        : failure("cannot read the " + owner + "'s database " + dataFile() + ": " + reason(e), e);
  }

  /**
   * Performs all writes in one transaction, durable when this returns.
   *
   * @param mapMegabytes the map's size at first, 0 for the default
   */
  void commit(Write.Batch writes, int mapMegabytes) {
    try {
      environment(mapMegabytes).commit(writes);
    } catch (LmdbException | ArithmeticException e) {
      // After a failed write LMDB may refuse all others until it is opened anew.
      close();
      throw failure(
          "cannot write the "
              + owner
              + "'s database in "
              + directory
              + ": "
              + reason(e)
              + "; nothing was changed. Check the disk's free space and health",
          e);
    }
  }

  private LmdbEnvironment environment(int mapMegabytes) {
    if (environment == null) {
      boolean created = !Files.exists(dataFile());
      environment = open(mapMegabytes == 0 ? MAP_MEGABYTES_DEFAULT : mapMegabytes);
      if (created) {
        synchronizeDirectory();
      }
    }
    return environment;
  }

  private LmdbEnvironment open(int mapMegabytes) {
    Path data = dataFile();
    try {
      long fileBytes = Files.exists(data) ? Files.size(data) : 0;
      long mapBytes = mapMegabytes * MEGABYTE;
      while (mapBytes < fileBytes) {
        mapBytes = Math.multiplyExact(mapBytes, 2L);
      }
      return LmdbEnvironment.open(directory, mapBytes, databases);
    } catch (IOException | LmdbException | LinkageError | ArithmeticException e) {
      throw failure(
          "cannot open the "
              + owner
              + "'s database in "
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
      throw failure("cannot synchronise the directory " + directory, e);
    }
  }

  RuntimeException failure(String message, @Nullable Throwable cause) {
    return failures.of(message, cause);
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  @Override
  public void close() {
    if (environment != null) {
      environment.close();
      environment = null;
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
