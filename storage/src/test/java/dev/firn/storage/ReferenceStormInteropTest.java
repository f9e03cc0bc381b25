package dev.firn.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.TopicTables;
import dev.firn.model.ObjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same directory with ZeroC's service and with our store, in both directions. */
final class ReferenceStormInteropTest {
  @TempDir private Path directory;

  @BeforeEach
  void requirePeers() {
    Peers.require("icebox", "icestormdb");
  }

  @Test
  void directoryOfZerocIsReadAndContinued() throws Exception {
    try (var storm = ReferenceStorm.start(directory)) {
      storm.run(
          "create=b",
          "create=aa",
          "create=a",
          "create=",
          "subscribe=aa,c/bb",
          "subscribe=aa,x/a",
          "subscribe=aa,zzz",
          "link=aa,b",
          "link=b,a",
          "subscribe=b,s");
    }
    assertThat(TopicLoader.load(directory.resolve("data.mdb")).ordered()).isTrue();

    try (var store = LmdbTopicStore.open(directory, 1)) {
      TopicTables tables = store.load();
      assertThat(tables.position()).isEqualTo(new LogPosition(0, 10));
      assertThat(tables.topics()).hasSize(4);
      assertThat(Topics.subscribers(tables, "aa"))
          .extracting(record -> record.id().toString())
          .containsExactly("x/a", "c/bb", "IceStorm/topic.b", "zzz");
      SubscriberRecord link =
          requireNonNull(requireNonNull(tables.find("aa")).findSubscriber(Topics.id("b")));
      assertThat(link.link()).isTrue();
      assertThat(link.cost()).isEqualTo(3);
      assertThat(link.linkedTopic().identity()).isEqualTo(Topics.id("b"));
      store.commit(
          List.of(
              Topics.remove("aa", new ObjectId("bb", "c")),
              Topics.create("aaa"),
              Topics.put(Topics.subscriber("aaa", "mine", "")),
              Topics.destroy("b"),
              new StateChange.SetPromise(4)));
    }

    try (var storm = ReferenceStorm.start(directory)) {
      assertThat(storm.run("list"))
          .containsExactly("", "a", "aa /zzz IceStorm/topic.b x/a", "aaa /mine");
      storm.run("unsubscribe=aa,x/a", "unsubscribe=aa,zzz", "destroy=aaa", "create=b", "destroy=a");
      assertThat(storm.run("list")).containsExactly("", "aa IceStorm/topic.b", "b");
    }
    TopicTables tables = LmdbTopicStore.readOnly(directory);
    assertThat(tables.topics()).hasSize(3);
    assertThat(tables.promise()).isEqualTo(4);
  }

  @Test
  void largeDirectoryOfOursIsUsedByZeroc() {
    try (var store = LmdbTopicStore.open(directory, 1)) {
      for (int i = 0; i < 400; i++) {
        String topic = "t".repeat(1 + i % 7) + i;
        store.commit(
            List.of(
                Topics.create(topic),
                Topics.put(Topics.subscriber(topic, "s".repeat(1 + i % 5), "c".repeat(i % 3)))));
      }
    }

    try (var storm = ReferenceStorm.start(directory)) {
      assertThat(storm.run("list")).hasSize(400);
      for (int i = 0; i < 400; i += 40) {
        storm.run("destroy=" + "t".repeat(1 + i % 7) + i);
      }
      assertThat(storm.run("list")).hasSize(390);
    }
    assertThat(LmdbTopicStore.readOnly(directory).topics()).hasSize(390);
  }

  /** ZeroC's tool writes the table in another order than ZeroC's service needs. */
  @Test
  void importByZerocsToolIsReadAndRepaired() throws Exception {
    Path original = Files.createDirectory(directory.resolve("original"));
    Path imported = Files.createDirectory(directory.resolve("imported"));
    Path export = directory.resolve("export");
    try (var storm = ReferenceStorm.start(original)) {
      storm.run("create=b", "create=aa", "subscribe=aa,bb", "subscribe=aa,ccc", "subscribe=aa,d");
    }
    assertThat(
            Peers.run("icestormdb", "--export", export.toString(), "--dbpath", original.toString())
                .status())
        .isZero();
    assertThat(
            Peers.run("icestormdb", "--import", export.toString(), "--dbpath", imported.toString())
                .status())
        .isZero();
    assertThat(TopicLoader.load(imported.resolve("data.mdb")).ordered()).isFalse();
    assertThat(LmdbTopicStore.readOnly(imported)).isEqualTo(LmdbTopicStore.readOnly(original));

    try (var store = LmdbTopicStore.open(imported, 1)) {
      store.commit(List.of(Topics.position(0, 100)));
    }

    assertThat(TopicLoader.load(imported.resolve("data.mdb")).ordered()).isTrue();
    try (var storm = ReferenceStorm.start(imported)) {
      storm.run("unsubscribe=aa,bb", "unsubscribe=aa,d", "destroy=b");
    }
    TopicTables tables = LmdbTopicStore.readOnly(imported);
    assertThat(tables.topics()).hasSize(1);
    assertThat(Topics.subscribers(tables, "aa")).hasSize(1);
  }
}
