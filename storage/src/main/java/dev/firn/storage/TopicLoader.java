package dev.firn.storage;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodingReader;
import dev.firn.model.MalformedEncodingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a storm's tables from an LMDB data file, checking every row. One use. */
final class TopicLoader {
  /**
   * What a data file holds.
   *
   * @param ordered whether the subscribers are in the order of their table: not so after an import
   *     by ZeroC's icestormdb
   * @param versioned whether the format version is written down: not so in ZeroC's databases
   * @param warnings what is odd and how it was taken
   */
  record Loaded(TopicTables tables, boolean ordered, boolean versioned, List<String> warnings) {
    static final Loaded NOTHING = new Loaded(TopicTables.EMPTY, true, false, List.of());
  }

  private final Map<String, Long> firn = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<TopicRow> rows = new ArrayList<>();
  private LogPosition position = LogPosition.ZERO;
  private byte[] lastKey = new byte[0];
  private boolean ordered = true;

  private TopicLoader() {}

  /**
   * @throws IOException with what is wrong in the file; it does not name the file
   */
  static Loaded load(Path dataFile) throws IOException {
    var loader = new TopicLoader();
    try (LmdbFile file = LmdbFile.open(dataFile)) {
      loader.read(file);
    } catch (MalformedEncodingException | IllegalArgumentException e) {
      throw new CorruptDatabaseException("a row cannot be decoded: " + e.getMessage(), e);
    }
    TopicTables tables = loader.tables();
    return new Loaded(
        tables,
        loader.ordered,
        loader.firn.containsKey(TopicDatabase.FORMAT_VERSION_KEY),
        List.copyOf(loader.warnings));
  }

  private void read(LmdbFile file) throws IOException {
    Map<String, LmdbTree> trees = file.databases();
    Map<TopicDatabase, LmdbTree> known = new EnumMap<>(TopicDatabase.class);
    for (TopicDatabase database : TopicDatabase.values()) {
      LmdbTree tree = trees.remove(database.databaseName());
      if (tree != null) {
        if (tree.flags() != 0) {
          throw new CorruptDatabaseException(
              "the table " + database.databaseName() + " has the unknown flags " + tree.flags());
        }
        known.put(database, tree);
      }
    }
    // The version first: of a newer format nothing else can be judged.
    forEach(
        known.get(TopicDatabase.FIRN),
        (key, value) -> firn.put(key.readString(), value.readLong()));
    long version = firn.getOrDefault(TopicDatabase.FORMAT_VERSION_KEY, 0L);
    if (version > TopicDatabase.FORMAT_VERSION) {
      throw new CorruptDatabaseException(
          "it was written by a newer release (format version "
              + version
              + ", this one knows up to "
              + TopicDatabase.FORMAT_VERSION
              + ")",
          "start that release, or export with its icestormdb");
    }
    if (!trees.isEmpty()) {
      throw new CorruptDatabaseException(
          "it is no storm's: it holds the unknown tables " + trees.keySet(),
          "set LMDB.Path to a storm's directory, or to an empty one");
    }
    forEach(
        known.get(TopicDatabase.LLU),
        (key, value) -> {
          LogPosition read = new LogPosition(value.readLong(), value.readLong());
          if (key.readString().equals(TopicDatabase.POSITION_KEY)) {
            position = read;
          }
        });
    LmdbTree subscribers = known.get(TopicDatabase.SUBSCRIBERS);
    if (subscribers != null) {
      subscribers.forEach((key, value) -> checkOrder(key, readRow(key, value)));
    }
    file.checkFreePages();
  }

  private interface Row {
    void read(EncodingReader key, EncodingReader value);
  }

  private static void forEach(@Nullable LmdbTree tree, Row row) throws IOException {
    if (tree != null) {
      tree.forEach((key, value) -> read(key, value, row));
    }
  }

  private static void read(byte[] key, byte[] value, Row row) throws IOException {
    var keyReader = new EncodingReader(key);
    var valueReader = new EncodingReader(value);
    row.read(keyReader, valueReader);
    if (keyReader.remaining() + valueReader.remaining() != 0) {
      throw new CorruptDatabaseException("a row is followed by unknown bytes");
    }
  }

  private TopicRow readRow(byte[] key, byte[] value) throws IOException {
    read(key, value, (keyReader, valueReader) -> rows.add(TopicRow.read(keyReader, valueReader)));
    return rows.get(rows.size() - 1);
  }

  private void checkOrder(byte[] key, TopicRow row) throws IOException {
    int order = lastKey.length == 0 ? -1 : TopicRow.KEY_ORDER.compare(lastKey, key);
    if (order == 0) {
      throw new CorruptDatabaseException("the row of " + row.record().id() + " is there twice");
    }
    ordered &= order < 0;
    lastKey = key;
  }

  private TopicTables tables() {
    TopicTables tables =
        TopicTables.EMPTY
            .with(new StateChange.SetPosition(position))
            .with(new StateChange.SetPromise(firn.getOrDefault(TopicDatabase.PROMISE_KEY, 0L)));
    // In the wrong order a topic's own row may come behind its subscribers.
    for (TopicRow row : rows) {
      if (row.isTopic()) {
        tables = withTopic(tables, row);
      }
    }
    for (TopicRow row : rows) {
      if (!row.isTopic()) {
        tables = withSubscriber(tables, row);
      }
    }
    return tables;
  }

  private TopicTables withTopic(TopicTables tables, TopicRow row) {
    Topic existing = tables.find(Topic.nameOf(row.topic()));
    if (existing != null) {
      warnings.add("ignored the topic " + row.topic() + ": its name is that of " + existing.id());
      return tables;
    }
    return tables.with(new TopicChange.PutTopic(row.topic()));
  }

  private TopicTables withSubscriber(TopicTables tables, TopicRow row) {
    TopicTables result = tables;
    Topic topic = tables.find(Topic.nameOf(row.topic()));
    if (topic == null) {
      warnings.add(
          "the topic " + row.topic() + " has no row of its own, only subscribers; it is kept");
      result = tables.with(new TopicChange.PutTopic(row.topic()));
    } else if (!topic.id().equals(row.topic())) {
      warnings.add(
          "ignored the subscriber " + row.record().id() + " of the ignored topic " + row.topic());
      return tables;
    }
    return result.with(new TopicChange.PutSubscriber(row.topic(), row.record()));
  }
}
