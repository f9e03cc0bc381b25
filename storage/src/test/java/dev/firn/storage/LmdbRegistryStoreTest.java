package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.firn.model.RowChange;
import dev.firn.replication.RegistryStore;
import dev.firn.replication.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LmdbRegistryStoreTest extends RegistryStoreContract {
  @TempDir private Path directory;

  @Override
  RegistryStore create() {
    return LmdbRegistryStore.open(directory, 1);
  }

  @Override
  RegistryStore reopen(RegistryStore store) {
    store.close();
    return LmdbRegistryStore.open(directory, 1);
  }

  @Test
  void openingAnEmptyDirectoryWritesNothing() {
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void mapGrowsWithinOneCommitAndAcrossCommits() throws IOException {
    try (var store = LmdbRegistryStore.open(Files.createDirectory(directory.resolve("m")), 1)) {
      List<RowChange> rows = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rows.add(Rows.put(Rows.application("big" + i, 100_000)));
      }
      store.commit(rows);
      for (int i = 0; i < 80; i++) {
        store.commit(List.of(Rows.put(Rows.application("more" + i, 100_000))));
      }

      assertThat(store.load().applications()).hasSize(120);
      assertThat(Files.size(directory.resolve("m/data.mdb"))).isGreaterThan(11_000_000);
    }
  }

  @Test
  void fileGreaterThanTheConfiguredMapIsOpenedAndWritten() throws IOException {
    Path large = Files.createDirectory(directory.resolve("large"));
    try (var store = LmdbRegistryStore.open(large, 64)) {
      for (int i = 0; i < 5; i++) {
        store.commit(List.of(Rows.put(Rows.application("big" + i, 1_000_000))));
      }
    }

    try (var store = LmdbRegistryStore.open(large, 1)) {
      store.commit(List.of(Rows.put(Rows.application("another", 1_000_000))));
      assertThat(store.load().applications()).hasSize(6);
    }
  }

  @Test
  void missingDirectoryIsRefused() {
    assertRefused(directory.resolve("missing"), "does not exist");
    assertThat(directory.resolve("missing")).doesNotExist();
  }

  @Test
  void plainFileInsteadOfADirectoryIsRefused() throws IOException {
    assertRefused(Files.createFile(directory.resolve("file")), "is no directory");
  }

  @Test
  void databaseFileThatIsADirectoryIsRefused() throws IOException {
    Files.createDirectory(directory.resolve("data.mdb"));

    assertRefused(directory, "is no plain file");
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
  void directoryThatVanishesFailsTheCommitAndNothingElse() throws IOException {
    Path vanishing = Files.createDirectory(directory.resolve("vanishing"));
    try (var store = LmdbRegistryStore.open(vanishing, 1)) {
      Files.delete(vanishing);

      assertThatThrownBy(() -> store.commit(List.of(Rows.put(Rows.object("o", "t")))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(vanishing.toString());
      Files.createDirectory(vanishing);
      store.commit(List.of(Rows.put(Rows.object("o", "t"))));
      assertThat(store.load().objects()).hasSize(1);
    }
  }

  @Test
  void berkeleyDatabaseOfAnOldRegistryIsRefused() throws IOException {
    Files.createFile(directory.resolve("__catalog"));

    assertRefused(directory, "Berkeley DB");
  }

  private static void assertRefused(Path path, String reason) {
    assertThatThrownBy(() -> LmdbRegistryStore.open(path, 1))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(reason);
  }
}
