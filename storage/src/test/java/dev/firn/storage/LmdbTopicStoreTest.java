package dev.firn.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.StateStoreException;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.TopicStore;
import dev.firn.model.EncodingWriter;
import dev.firn.model.ObjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;

final class LmdbTopicStoreTest extends TopicStoreContract {
  private static final int PAGE_BYTES = 4096;

  @TempDir private Path directory;

  @Override
  TopicStore create() {
    return LmdbTopicStore.open(directory, 1);
  }

  @Override
  TopicStore reopen(TopicStore store) {
    store.close();
    return LmdbTopicStore.open(directory, 1);
  }

  private Path file() {
    return directory.resolve("data.mdb");
  }

  @Test
  void openingAnEmptyDirectoryWritesNothing() {
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void rowsAreInTheOrderOfDecodedNames() throws IOException {
    fill("b", "aa", "", "aaa");

    assertThat(TopicLoader.load(file()).ordered()).isTrue();
    List<String> keys = new ArrayList<>();
    try (LmdbFile lmdb = LmdbFile.open(file())) {
      requireNonNull(lmdb.databases().get("subscribers"))
          .forEach(
              (key, value) ->
                  keys.add(new dev.firn.model.EncodingReader(key).readObjectId().name()));
    }
    assertThat(keys).containsExactly("topic.", "topic.aa", "topic.aaa", "topic.b");
  }

  /** ZeroC's icestormdb writes the table in the order of the keys' bytes, shorter names first. */
  @Test
  void tableInAnotherOrderIsReadAndPutInOrder() throws IOException {
    List<SubscriberRecord> records =
        List.of(Topics.subscriber("aa", "b", "x"), Topics.subscriber("aa", "aaa", "y"));
    try (var env = environment()) {
      var rows = env.openDbi("subscribers", DbiFlags.MDB_CREATE);
      for (String topic : List.of("b", "aa")) {
        TopicRow row = TopicRow.of(Topics.id(topic));
        rows.put(row.key(), row.value());
      }
      for (SubscriberRecord record : records) {
        var row = new TopicRow(Topics.id("aa"), record);
        rows.put(row.key(), row.value());
      }
    }
    assertThat(TopicLoader.load(file()).ordered()).isFalse();

    try (var store = LmdbTopicStore.open(directory, 1)) {
      assertThat(store.load().topics()).hasSize(2);
      assertThat(Topics.subscribers(store.load(), "aa")).hasSize(2);
      store.commit(List.of(Topics.remove("aa", new ObjectId("b", "x")), Topics.create("c")));
    }

    TopicLoader.Loaded loaded = TopicLoader.load(file());
    assertThat(loaded.ordered()).isTrue();
    assertThat(loaded.tables().topics()).hasSize(3);
    assertThat(Topics.subscribers(loaded.tables(), "aa")).containsExactly(records.get(1));
  }

  @Test
  void subscribersOfATopicWithoutARowAreKeptWithAWarning() {
    try (var env = environment()) {
      var row = new TopicRow(Topics.id("lost"), Topics.subscriber("lost", "s", ""));
      env.openDbi("subscribers", DbiFlags.MDB_CREATE).put(row.key(), row.value());
    }

    try (var store = LmdbTopicStore.open(directory, 1)) {
      assertThat(Topics.subscribers(store.load(), "lost")).hasSize(1);
      assertThat(store.warnings()).hasSize(1).first().asString().contains("IceStorm/topic.lost");
    }
  }

  @Test
  void mapGrowsWithinOneCommit() throws IOException {
    List<StateChange> changes = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      changes.add(Topics.create("name".repeat(100) + i));
    }
    try (var store = LmdbTopicStore.open(directory, 1)) {
      store.commit(changes);
      assertThat(Files.size(file())).isGreaterThan(2_000_000);
    }

    assertThat(LmdbTopicStore.readOnly(directory).topics()).hasSize(6_000);
  }

  @Test
  void missingDirectoryIsRefusedAndNotMade() {
    assertRefused(directory.resolve("missing"), "does not exist");
    assertThat(directory.resolve("missing")).doesNotExist();
  }

  @Test
  void unwritableDirectoryIsRefused() throws IOException {
    assumeThat(System.getProperty("user.name")).isNotEqualTo("root");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertRefused(directory, "may not write");
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void berkeleyDatabaseIsRefused() throws IOException {
    Files.createFile(directory.resolve("__Freeze"));

    assertRefused(directory, "Berkeley DB");
  }

  @Test
  void newerFormatIsRefusedAndUntouched() throws IOException {
    putFirn(TopicDatabase.FORMAT_VERSION_KEY, 2);

    assertRefusedUntouched("newer release");
  }

  @Test
  void registrysDatabaseIsRefusedAndUntouched() throws IOException {
    try (var store = LmdbRegistryStore.open(directory, 1)) {
      store.commit(List.of(Rows.put(Rows.object("o", "t"))));
    }

    assertRefusedUntouched("it is no storm's");
  }

  @Test
  void stormsDatabaseIsRefusedByTheRegistry() {
    fill("a");

    assertThatThrownBy(() -> LmdbRegistryStore.open(directory, 1))
        .hasMessageContaining("it is no registry's");
  }

  @Test
  void randomDamageNeverDoesMoreThanRefuse() throws IOException {
    fill("a", "b", "c");
    byte[] whole = Files.readAllBytes(file());
    var random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      for (int flips = 0; flips < 20; flips++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file(), damaged);
      try {
        LmdbTopicStore.readOnly(directory);
      } catch (StateStoreException e) {
        assertThat(e).hasMessageContaining("data.mdb");
        refused++;
      }
    }
    Files.write(file(), Arrays.copyOf(whole, whole.length - PAGE_BYTES - 1));

    assertThat(refused).isPositive();
    assertRefusedUntouched("truncated");
  }

  @Test
  void orderOfDamagedKeysIsTotal() {
    var random = new Random(3);
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      byte[] key = new byte[random.nextInt(8)];
      random.nextBytes(key);
      for (int at = 0; at < key.length; at++) {
        key[at] = (byte) (random.nextBoolean() ? key[at] & 3 : key[at]);
      }
      keys.add(key);
    }
    for (byte[] a : keys) {
      for (byte[] b : keys) {
        int order = TopicRow.KEY_ORDER.compare(a, b);
        assertThat(Integer.signum(TopicRow.KEY_ORDER.compare(b, a)))
            .isEqualTo(-Integer.signum(order));
      }
    }
  }

  @Test
  void positionOfZerocIsNeverReset() {
    try (var env = environment()) {
      env.openDbi("llu", DbiFlags.MDB_CREATE)
          .put(
              new EncodingWriter().writeString("_manager").toBytes(),
              new EncodingWriter().writeLong(5).writeLong(17).toBytes());
    }
    try (var store = LmdbTopicStore.open(directory, 1)) {
      store.commit(List.of(Topics.create("a")));
    }

    assertThat(LmdbTopicStore.readOnly(directory).position()).isEqualTo(new LogPosition(5, 17));
  }

  private void fill(String... topics) {
    try (var store = LmdbTopicStore.open(directory, 1)) {
      for (String topic : topics) {
        store.commit(List.of(Topics.create(topic)));
      }
    }
  }

  private void putFirn(String name, long value) {
    try (var env = environment()) {
      env.openDbi("firn", DbiFlags.MDB_CREATE)
          .put(
              new EncodingWriter().writeString(name).toBytes(),
              new EncodingWriter().writeLong(value).toBytes());
    }
  }

  private Env<byte[]> environment() {
    return Env.create(ByteArrayProxy.PROXY_BA)
        .setMapSize(10_000_000)
        .setMaxDbs(4)
        .open(directory.toFile());
  }

  private void assertRefusedUntouched(String reason) throws IOException {
    byte[] content = Files.readAllBytes(file());
    assertRefused(directory, reason);
    assertThat(file()).hasBinaryContent(content);
  }

  private static void assertRefused(Path path, String reason) {
    assertThatThrownBy(() -> LmdbTopicStore.open(path, 1))
        .isInstanceOf(StateStoreException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(reason);
  }
}
