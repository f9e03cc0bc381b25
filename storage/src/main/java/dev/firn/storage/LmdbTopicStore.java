package dev.firn.storage;

import static java.util.Objects.requireNonNull;

import dev.firn.election.StateChange;
import dev.firn.election.StateStoreException;
import dev.firn.election.TopicStore;
import dev.firn.election.TopicTables;
import dev.firn.storage.TopicLoader.Loaded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A storm's tables in an LMDB environment, with the file layout of ZeroC's service: either can
 * start on the directory that the other left. What only Firn knows is in one more named database.
 *
 * <p>The caller holds the {@link DirectoryLock}. Reading is done in Java and checks the whole file;
 * LMDB itself opens the environment with the first commit, so a directory is written to only when
 * there is something to write. The position is never reset. One thread at a time.
 */
public final class LmdbTopicStore implements TopicStore {
  private static final String RESTORE =
      "restore it from a backup, or import an export of icestormdb into an empty directory; a"
          + " replica of a group that is up may also start in an empty one";

  private final LmdbDirectory directory;
  private final int mapMegabytes;
  private final List<String> warnings;
  private TopicTables tables;
  private boolean ordered;
  private boolean versioned;
  private boolean closed;

  private LmdbTopicStore(LmdbDirectory directory, int mapMegabytes, Loaded loaded) {
    this.directory = directory;
    this.mapMegabytes = mapMegabytes;
    this.warnings = loaded.warnings();
    this.tables = loaded.tables();
    this.ordered = loaded.ordered();
    this.versioned = loaded.versioned();
  }

  /**
   * Opens the database in a directory, which must exist; an empty directory is an empty database.
   *
   * @param mapSizeMegabytes how much address space to reserve at first, 0 for the default; it grows
   *     by itself
   * @throws StateStoreException the database cannot be used; the directory is as it was
   */
  public static LmdbTopicStore open(Path path, int mapSizeMegabytes) {
    requireNonNull(path, "path");
    if (mapSizeMegabytes < 0) {
      throw new IllegalArgumentException("mapSizeMegabytes must be >= 0: " + mapSizeMegabytes);
    }
    LmdbDirectory.preloadNativeCode();
    LmdbDirectory directory = directory(path);
    directory.requireWritable();
    return new LmdbTopicStore(directory, mapSizeMegabytes, read(directory));
  }

  /**
   * Reads a database that nobody has open, and leaves it as it is.
   *
   * @throws StateStoreException there is no database, or it cannot be read
   */
  public static TopicTables readOnly(Path path) {
    LmdbDirectory directory = directory(path);
    if (!directory.hasDatabase()) {
      throw new StateStoreException("there is no storm's database in " + path);
    }
    return read(directory).tables();
  }

  /**
   * Deletes a database that nobody has open; for tools that made it and failed.
   *
   * @throws StateStoreException a file cannot be deleted
   */
  public static void deleteFiles(Path path) {
    directory(path).deleteFiles();
  }

  private static LmdbDirectory directory(Path path) {
    return new LmdbDirectory(
        path,
        "storm",
        "icestormdb",
        List.of(TopicDatabase.values()),
        (message, cause) ->
            cause == null
                ? new StateStoreException(message)
                : new StateStoreException(message, cause));
  }

  private static Loaded read(LmdbDirectory directory) {
    if (!directory.hasDatabase()) {
      return Loaded.NOTHING;
    }
    try {
      return TopicLoader.load(directory.dataFile());
    } catch (IOException e) {
      throw directory.unreadable(e, RESTORE);
    }
  }

  /** What was odd in the file when it was opened, for the log; one sentence each. */
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public TopicTables load() {
    requireOpen();
    return tables;
  }

  @Override
  public void commit(List<? extends StateChange> changes) {
    requireOpen();
    var encoder = new TopicRowEncoder(tables);
    if (!ordered) {
      encoder.rewrite();
    }
    if (!versioned) {
      encoder.formatVersion();
    }
    encoder.changes(changes);
    directory.commit(encoder.writes()::forEach, mapMegabytes);
    tables = encoder.tables();
    ordered = true;
    versioned = true;
  }

  @Override
  public void close() {
    closed = true;
    directory.close();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store of " + directory + " is closed");
    }
  }
}
