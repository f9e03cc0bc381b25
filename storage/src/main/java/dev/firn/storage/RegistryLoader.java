package dev.firn.storage;

import com.zeroc.Ice.MarshalException;
import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.DescriptorException;
import dev.firn.model.EncodedProxy;
import dev.firn.model.EncodingReader;
import dev.firn.model.Epoch;
import dev.firn.model.MalformedEncodingException;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.Serials;
import dev.firn.model.Topic;
import dev.firn.wire.DescriptorReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a registry's tables from an LMDB data file, checking every row and index. One use. */
final class RegistryLoader {
  /**
   * What a data file holds.
   *
   * @param indexesComplete false after an import by ZeroC's icegriddb, which writes none
   * @param versioned whether the format version is written down: not so in ZeroC's databases
   */
  record Loaded(RegistryTables tables, boolean indexesComplete, boolean versioned) {}

  private final List<ApplicationEntry> applications = new ArrayList<>();
  private final List<AdapterEntry> adapters = new ArrayList<>();
  private final List<ObjectEntry> objects = new ArrayList<>();
  private final List<ObjectEntry> nodes = new ArrayList<>();
  private final Map<String, Long> serials = new HashMap<>();
  private final Map<String, Long> firn = new HashMap<>();
  private final Map<RegistryDatabase, IndexCheck> checks = new EnumMap<>(RegistryDatabase.class);

  private RegistryLoader() {}

  /**
   * @throws IOException with what is wrong in the file; it does not name the file
   */
  static Loaded load(Path dataFile) throws IOException {
    var loader = new RegistryLoader();
    try (LmdbFile file = LmdbFile.open(dataFile)) {
      loader.read(file);
    } catch (MalformedEncodingException | IllegalArgumentException e) {
      throw new CorruptDatabaseException("a row cannot be decoded: " + e.getMessage(), e);
    }
    return new Loaded(
        loader.tables(),
        loader.indexesComplete(),
        loader.firn.containsKey(RegistryDatabase.FORMAT_VERSION_KEY));
  }

  private void read(LmdbFile file) throws IOException {
    Map<String, LmdbTree> trees = file.databases();
    Map<RegistryDatabase, LmdbTree> known = new EnumMap<>(RegistryDatabase.class);
    for (RegistryDatabase database : RegistryDatabase.values()) {
      LmdbTree tree = trees.remove(database.databaseName());
      if (tree != null) {
        if (tree.flags() != (database.duplicates() ? LmdbTree.DUPLICATES : 0)) {
          throw new CorruptDatabaseException(
              "the table " + database.databaseName() + " has the unknown flags " + tree.flags());
        }
        known.put(database, tree);
      }
    }
    // The version first: of a newer format nothing else can be judged.
    readNumbers(known.get(RegistryDatabase.FIRN), firn);
    long version = firn.getOrDefault(RegistryDatabase.FORMAT_VERSION_KEY, 0L);
    if (version > RegistryDatabase.FORMAT_VERSION) {
      throw new CorruptDatabaseException(
          "it was written by a newer release (format version "
              + version
              + ", this one knows up to "
              + RegistryDatabase.FORMAT_VERSION
              + ")",
          "start that release, or export with its icegriddb");
    }
    if (!trees.isEmpty()) {
      throw new CorruptDatabaseException(
          "it is no registry's: it holds the unknown tables " + trees.keySet(),
          "set IceGrid.Registry.LMDB.Path to a registry's directory, or to an empty one");
    }
    readNumbers(known.get(RegistryDatabase.SERIALS), serials);
    readApplications(known.get(RegistryDatabase.APPLICATIONS));
    readAdapters(known.get(RegistryDatabase.ADAPTERS));
    readObjects(known.get(RegistryDatabase.OBJECTS), RegistryDatabase.OBJECTS_BY_TYPE, objects);
    readObjects(known.get(RegistryDatabase.NODES), RegistryDatabase.NODES_BY_TYPE, nodes);
    for (RegistryDatabase database : RegistryDatabase.values()) {
      LmdbTree tree = known.get(database);
      if (database.duplicates() && tree != null) {
        tree.forEach((key, value) -> indexed(database, key, 0, key.length, value, -1));
      }
    }
    file.checkFreePages();
  }

  private void readApplications(@Nullable LmdbTree tree) throws IOException {
    if (tree != null) {
      tree.forEach(
          (key, value) -> {
            var reader = new EncodingReader(key);
            String name = reader.readString();
            requireEnd(reader, "the key of the application", name);
            applications.add(application(name, value));
          });
    }
  }

  private static ApplicationEntry application(String name, byte[] value) throws IOException {
    ApplicationInfo info;
    try {
      info = DescriptorReader.info(value);
    } catch (DescriptorException | MarshalException e) {
      throw new CorruptDatabaseException(
          "the application " + name + " cannot be decoded: " + e.getMessage(), e);
    }
    if (!info.descriptor().name().equals(name)) {
      throw new CorruptDatabaseException(
          "the application " + info.descriptor().name() + " is stored under the key " + name);
    }
    return ApplicationEntry.of(info);
  }

  private void readAdapters(@Nullable LmdbTree tree) throws IOException {
    if (tree == null) {
      return;
    }
    tree.forEach(
        (key, value) -> {
          var reader = new EncodingReader(value);
          String id = reader.readString();
          EncodedProxy proxy = reader.readProxy();
          int group = reader.position();
          adapters.add(new AdapterEntry(id, proxy, reader.readString()));
          requireEnd(reader, "the adapter", id);
          requireKey(key, value, id);
          RegistryDatabase index = RegistryDatabase.ADAPTERS_BY_REPLICA_GROUP_ID;
          indexed(index, value, group, value.length, key, 1);
        });
  }

  private void readObjects(
      @Nullable LmdbTree tree, RegistryDatabase index, List<ObjectEntry> target)
      throws IOException {
    if (tree == null) {
      return;
    }
    tree.forEach(
        (key, value) -> {
          var keyReader = new EncodingReader(key);
          ObjectId id = keyReader.readObjectId();
          requireEnd(keyReader, "the key of the object", id);
          var reader = new EncodingReader(value);
          EncodedProxy proxy = reader.readProxy();
          int type = reader.position();
          target.add(new ObjectEntry(id, proxy, reader.readString()));
          requireEnd(reader, "the object", id);
          indexed(index, value, type, value.length, key, 1);
        });
  }

  private static void readNumbers(@Nullable LmdbTree tree, Map<String, Long> target)
      throws IOException {
    if (tree != null) {
      tree.forEach(
          (key, value) -> {
            String name = new EncodingReader(key).readString();
            var reader = new EncodingReader(value);
            target.put(name, reader.readLong());
            requireEnd(reader, "the number", name);
          });
    }
  }

  /** Rows count up, entries of the index count down; in the end all is even. */
  private void indexed(
      RegistryDatabase index, byte[] bytes, int start, int end, byte[] value, int sign) {
    int hash = 1;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + bytes[i];
    }
    check(index).add(hash, value, sign);
  }

  private IndexCheck check(RegistryDatabase index) {
    IndexCheck check = checks.get(index);
    if (check == null) {
      check = new IndexCheck();
      checks.put(index, check);
    }
    return check;
  }

  private boolean indexesComplete() {
    for (IndexCheck check : checks.values()) {
      if (!check.isEven()) {
        return false;
      }
    }
    return true;
  }

  private static void requireEnd(EncodingReader reader, String kind, Object id) throws IOException {
    if (reader.remaining() != 0) {
      throw new CorruptDatabaseException(
          kind + " " + id + " is followed by " + reader.remaining() + " unknown bytes");
    }
  }

  /** An adapter's row starts with its key. */
  private static void requireKey(byte[] key, byte[] value, String id) throws IOException {
    if (key.length > value.length || !Arrays.equals(key, 0, key.length, value, 0, key.length)) {
      throw new CorruptDatabaseException("the adapter " + id + " is stored under another key");
    }
  }

  private RegistryTables tables() {
    Serials known = Serials.INITIAL;
    for (Topic topic : Topic.values()) {
      known = known.with(topic, serials.getOrDefault(topic.key(), known.of(topic)));
    }
    var epoch =
        new Epoch(
            firn.getOrDefault(RegistryDatabase.EPOCH_NUMBER_KEY, 0L),
            firn.getOrDefault(RegistryDatabase.EPOCH_MASTER_KEY, 0L) != 0);
    return RegistryTables.of(applications, adapters, objects, nodes, known, epoch);
  }

  /**
   * Compares the entries that an index should have with those it has, in any order. Plain fields:
   * this is on the way of every start.
   */
  private static final class IndexCheck {
    private long count;
    private long sum;

    void add(int keyHash, byte[] value, int sign) {
      long mixed = ((long) keyHash << 32 ^ Arrays.hashCode(value)) * 0x9E3779B97F4A7C15L;
      mixed = (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L;
      count += sign;
      sum += sign * (mixed ^ mixed >>> 32);
    }

    boolean isEven() {
      return count == 0 && sum == 0;
    }
  }
}
