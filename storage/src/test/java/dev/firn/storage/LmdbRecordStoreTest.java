package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbRecordStoreTest {
  @TempDir Path directory;

  @Test
  void anEmptyDirectoryIsAnEmptyDatabaseAndStaysEmptyUntilTheFirstCommit() throws Exception {
    try (var store = LmdbRecordStore.open(directory, "locator", 1)) {
      assertThat(store.load()).isEmpty();
      try (var files = Files.list(directory)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void recordsAreWhatAMapHoldsAfterAnyCommits() {
    var random = new Random(42);
    var expected = new TreeMap<String, String>();
    for (int run = 0; run < 5; run++) {
      try (var store = LmdbRecordStore.open(directory, "locator", 1)) {
        assertThat(texts(store.load())).isEqualTo(expected);
        for (int i = 0; i < 20; i++) {
          Map<String, byte @Nullable []> changes = new HashMap<>();
          for (int j = 0; j < random.nextInt(4); j++) {
            String name = "n" + random.nextInt(10);
            if (random.nextInt(3) == 0) {
              changes.put(name, null);
              expected.remove(name);
            } else {
              String value = "v" + random.nextInt() + "x".repeat(random.nextInt(9000));
              changes.put(name, value.getBytes(UTF_8));
              expected.put(name, value);
            }
          }
          store.commit(changes);
        }
      }
    }
  }

  @Test
  void anotherKindAndANewerVersionAreRefused() {
    try (var store = LmdbRecordStore.open(directory, "locator", 2)) {
      store.commit(Map.of("a", new byte[] {1}));
    }
    assertThatThrownBy(() -> LmdbRecordStore.open(directory, "replicator", 2))
        .isInstanceOf(RecordStoreException.class)
        .hasMessageContaining("no replicator's");
    assertThatThrownBy(() -> LmdbRecordStore.open(directory, "locator", 1))
        .isInstanceOf(RecordStoreException.class)
        .hasMessageContaining("newer release");
    try (var store = LmdbRecordStore.open(directory, "locator", 3)) {
      assertThat(store.load()).containsOnlyKeys("a");
    }
  }

  @Test
  void aNameThatLmdbCannotTakeIsRefusedAndNothingIsWritten() {
    try (var store = LmdbRecordStore.open(directory, "locator", 1)) {
      assertThatThrownBy(() -> store.commit(Map.of("x".repeat(512), new byte[0])))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.commit(Map.of("", new byte[0])))
          .isInstanceOf(IllegalArgumentException.class);
      store.commit(Map.of("x".repeat(511), new byte[0]));
    }
    try (var store = LmdbRecordStore.open(directory, "locator", 1)) {
      assertThat(store.load()).containsOnlyKeys("x".repeat(511));
    }
  }

  private static Map<String, String> texts(Map<String, byte[]> records) {
    Map<String, String> texts = new TreeMap<>();
    records.forEach((name, bytes) -> texts.put(name, new String(bytes, UTF_8)));
    return texts;
  }
}
