package dev.firn.storage;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * An open LMDB environment, for writing. Owned by one thread.
 *
 * <p>Durability is LMDB's default: data pages are synchronised before the meta page that makes them
 * current is written, and that write is synchronous.
 */
final class LmdbEnvironment implements AutoCloseable {
  /** ZeroC's services create their files with the same mode. */
  private static final int FILE_MODE = 0644;

  private static final int DATABASES_MAX = 16;

  static {
    // Reflection instead of generated classes: a commit makes few calls, and generating a class for
    // each native function takes longer than all that a start and its first commits need.
    if (System.getProperty("jnr.ffi.asm.enabled") == null) {
      System.setProperty("jnr.ffi.asm.enabled", "false");
    }
  }

  private final Env<byte[]> env;
  private final Map<NamedDatabase, Dbi<byte[]>> databases = new HashMap<>();
  private long mapBytes;

  private LmdbEnvironment(Env<byte[]> env, long mapBytes) {
    this.env = env;
    this.mapBytes = mapBytes;
  }

  /**
   * Opens or creates the environment and all its named databases.
   *
   * @param mapBytes the initial size; grows when needed
   */
  static LmdbEnvironment open(
      Path directory, long mapBytes, List<? extends NamedDatabase> databases) {
    NativeLibrary.load();
    Env<byte[]> env =
        Env.create(new NativeBytes())
            .setMapSize(mapBytes)
            .setMaxDbs(DATABASES_MAX)
            .open(directory.toFile(), FILE_MODE);
    var environment = new LmdbEnvironment(env, mapBytes);
    try {
      environment.growing(transaction -> environment.openDatabases(transaction, databases));
      return environment;
    } catch (RuntimeException e) {
      env.close();
      throw e;
    }
  }

  /** Performs all writes, or none on an exception; durable when this returns. */
  void commit(Write.Batch writes) {
    growing(transaction -> writes.forEach(write -> perform(transaction, write)));
  }

  private interface Work {
    void in(Txn<byte[]> transaction);
  }

  /** Runs a transaction, again with a bigger map for as long as it does not fit. */
  private void growing(Work work) {
    while (true) {
      try (Txn<byte[]> transaction = env.txnWrite()) {
        work.in(transaction);
        transaction.commit();
        return;
      } catch (Env.MapFullException e) {
        mapBytes = Math.multiplyExact(mapBytes, 2L);
      }
      // The transaction is closed here, as changing the size of the map requires.
      env.setMapSize(mapBytes);
    }
  }

  private void openDatabases(Txn<byte[]> transaction, List<? extends NamedDatabase> named) {
    for (NamedDatabase database : named) {
      DbiFlags[] flags =
          database.duplicates()
              ? new DbiFlags[] {DbiFlags.MDB_CREATE, DbiFlags.MDB_DUPSORT}
              : new DbiFlags[] {DbiFlags.MDB_CREATE};
      Comparator<byte[]> order = database.keyOrder();
      databases.put(
          database, env.openDbi(transaction, database.nameBytes(), order, order != null, flags));
    }
  }

  private void perform(Txn<byte[]> transaction, Write write) {
    Dbi<byte[]> database = databases.get(write.database());
    if (database == null) {
      throw new IllegalStateException("database not open: " + write.database());
    }
    if (write instanceof Write.Put put) {
      database.put(transaction, put.key(), put.value());
    } else if (write instanceof Write.Delete delete) {
      database.delete(transaction, delete.key());
    } else if (write instanceof Write.DeleteValue delete) {
      database.delete(transaction, delete.key(), delete.value());
    } else if (write instanceof Write.Clear) {
      database.drop(transaction);
    } else {
      throw new IllegalStateException("unknown write " + write);
    }
  }

  @Override
  public void close() {
    env.close();
  }
}
