package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.AdapterEntry;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ZeroC's registry and ours on the same directory, one after the other. */
final class ReferenceRegistryInteropTest {
  @TempDir private Path directory;

  @BeforeEach
  void requirePeers() {
    Peers.require("icegridregistry", "icegridadmin", "icegriddb", "python3", "timeout");
  }

  @Test
  void everythingThatZeroCsRegistryWroteIsLoaded() throws IOException {
    populate();

    assertThat(RegistryLoader.load(directory.resolve("data.mdb")).indexesComplete()).isTrue();
    try (var store = LmdbRegistryStore.open(directory, 0)) {
      RegistryTables tables = store.load();
      assertThat(tables.objectsOfType("::Demo::Type0")).hasSize(135);
      assertThat(tables.objectsOfType("::Demo::Type1")).hasSize(133);
      assertThat(tables.objectsOfType("::IceGrid::Query")).hasSize(1);
      ObjectEntry object = find(tables, "object7");
      assertThat(object.proxy().identity()).isEqualTo(object.id());
      assertThat(tables.adaptersOfReplicaGroup("group"))
          .extracting(AdapterEntry::id)
          .containsExactly("member0", "member1", "member2");
      assertThat(tables.findAdapter("solo")).isNotNull();
      assertThat(tables.findApplication("Demo")).isNotNull();
      assertThat(tables.serials().applications()).isEqualTo(2);
      assertThat(tables.serials().adapters()).isEqualTo(5);
      assertThat(tables.serials().objects()).isEqualTo(403);
    }
  }

  @Test
  void zeroCsRegistryGoesOnWithWhatWeChanged() {
    populate();
    try (var store = LmdbRegistryStore.open(directory, 0)) {
      RegistryTables tables = store.load();
      AdapterEntry member = tables.adaptersOfReplicaGroup("group").iterator().next();
      ObjectEntry object7 = find(tables, "object7");
      store.commit(
          List.of(
              new RowChange.DeleteObject(find(tables, "object1")),
              new RowChange.PutObject(
                  new ObjectEntry(object7.id(), object7.proxy(), "::Demo::Changed"),
                  Optional.of(object7)),
              Rows.put(Rows.object("ours", "::Demo::Changed")),
              new RowChange.PutAdapter(
                  new AdapterEntry(member.id(), member.proxy(), "other"), Optional.of(member)),
              Rows.put(Rows.adapter("our adapter", "group")),
              new RowChange.PutSerial(Topic.OBJECTS, 500)));
    }

    List<String> facts = inspect("::Demo::Type1,::Demo::Changed", "group,other,solo");

    assertThat(facts)
        .contains(
            "object ::Demo::Changed category/object7",
            "object ::Demo::Changed test/ours",
            "object ::Demo::Type1 category/object4",
            "adapter group member1",
            "adapter group member2",
            "adapter group our adapter",
            "adapter other member0",
            "adapter solo solo",
            "application Demo")
        .doesNotContain(
            "object ::Demo::Type1 category/object1",
            "object ::Demo::Type1 category/object7",
            "adapter group member0");
    try (var store = LmdbRegistryStore.open(directory, 0)) {
      assertThat(store.load().serials().objects()).isEqualTo(500);
      assertThat(store.load().findObject(new ObjectId("ours", "test"))).isNotNull();
    }
  }

  @Test
  void zeroCsRegistryStartsOnADirectoryThatWeMade() {
    try (var store = LmdbRegistryStore.open(directory, 0)) {
      for (int i = 0; i < 1_000; i++) {
        store.commit(List.of(Rows.put(Rows.object("object" + i, "::Demo::T"))));
      }
      store.commit(List.of(Rows.put(Rows.adapter("a", "g")), Rows.put(Rows.adapter("b", ""))));
    }

    List<String> facts = inspect("::Demo::T", "g,b");

    assertThat(facts).hasSize(1_002).contains("adapter g a", "adapter b b");
    try (var store = LmdbRegistryStore.open(directory, 0)) {
      assertThat(store.load().objectsOfType("::Demo::T")).hasSize(1_000);
    }
  }

  /** ZeroC's icegriddb forgets the indexes, and its registry then finds nothing by type. */
  @Test
  void indexesMissingAfterAnImportAreMadeWhenOpened() throws IOException {
    populate();
    Path file = directory.resolve("export");
    Path imported = Files.createDirectory(directory.resolve("imported"));
    icegriddb("--export", file.toString(), "--dbpath", directory.toString());
    icegriddb("--import", file.toString(), "--dbpath", imported.toString());
    assertThat(RegistryLoader.load(imported.resolve("data.mdb")).indexesComplete()).isFalse();

    LmdbRegistryStore.open(imported, 0).close();

    assertThat(RegistryLoader.load(imported.resolve("data.mdb")).indexesComplete()).isTrue();
    try (var registry = ReferenceRegistry.start(imported)) {
      List<String> facts =
          Peers.python("inspect_registry.py", registry.port(), "::Demo::Type0", "group");
      assertThat(facts).filteredOn(fact -> fact.startsWith("object ::Demo::Type0 ")).hasSize(135);
      assertThat(facts).contains("adapter group member2");
    }
  }

  @Test
  void ourLockKeepsZeroCsRegistryOut() {
    try (var lock = DirectoryLock.acquire(directory)) {
      assertThat(lock).isNotNull();
      Peers.Result result = Peers.run(ReferenceRegistry.command(directory, Peers.freePort()));
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.text()).contains("FileLockException");
    }
  }

  @Test
  void zeroCsLockKeepsUsOut() {
    try (var registry = ReferenceRegistry.start(directory)) {
      assertThat(registry.port()).isPositive();
      assertThatThrownBy(() -> DirectoryLock.acquire(directory))
          .isInstanceOf(DirectoryLockException.class)
          .hasMessageContaining("IceUtil::FileLockException")
          .hasMessageContaining("icedb.lock")
          .hasMessageMatching("(?s).*the process [0-9]+ holds it");
    }
    DirectoryLock.acquire(directory).close();
  }

  private void populate() {
    try (var registry = ReferenceRegistry.start(directory)) {
      Peers.python("populate.py", registry.port());
      registry.admin("application add -n " + Peers.resource("application.xml"));
    }
  }

  private List<String> inspect(String types, String groups) {
    try (var registry = ReferenceRegistry.start(directory)) {
      return Peers.python("inspect_registry.py", registry.port(), types, groups);
    }
  }

  private static ObjectEntry find(RegistryTables tables, String name) {
    return Optional.ofNullable(tables.findObject(new ObjectId(name, "category"))).orElseThrow();
  }

  private static void icegriddb(String... arguments) {
    var command = new ArrayList<>(List.of("icegriddb"));
    command.addAll(List.of(arguments));
    Peers.Result result = Peers.run(command);
    assertThat(result.status()).as(result.text()).isZero();
  }
}
