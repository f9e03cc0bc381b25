package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.RowChange;
import dev.firn.replication.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;

/** Damaged and foreign files: refused with a reason, and left as they are. */
final class LmdbFileTest {
  private static final int PAGE_BYTES = 4096;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void createDatabase() {
    file = directory.resolve("data.mdb");
    try (var store = LmdbRegistryStore.open(directory, 1)) {
      List<RowChange> rows = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        rows.add(Rows.put(Rows.object("object" + i, "type" + i % 2)));
      }
      rows.add(Rows.put(Rows.application("big", 20_000)));
      store.commit(rows);
      // So that there are free pages.
      store.commit(List.of(Rows.put(Rows.object("another", "type0"))));
      store.commit(List.of(Rows.put(Rows.object("and another", "type0"))));
    }
  }

  @Test
  void truncatedAtAnyPageItIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = PAGE_BYTES; length < whole.length; length += PAGE_BYTES) {
      Files.write(file, Arrays.copyOf(whole, length));
      try {
        LmdbRegistryStore.readOnly(directory);
      } catch (StoreException e) {
        assertThat(e).hasMessageContaining("truncated").hasMessageContaining("data.mdb");
        continue;
      }
      // Only pages that nothing refers to may be missing.
      assertThat(LmdbRegistryStore.readOnly(directory).objects()).hasSize(502);
    }
  }

  @Test
  void emptyFileIsRefused() throws IOException {
    assertRefused(new byte[0], "truncated");
  }

  @Test
  void garbageIsRefused() throws IOException {
    byte[] garbage = new byte[10 * PAGE_BYTES];
    new Random(1).nextBytes(garbage);

    assertRefused(garbage, "no LMDB file");
  }

  @Test
  void overwrittenPagesAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int page = 2; page < whole.length / PAGE_BYTES; page++) {
      byte[] damaged = whole.clone();
      Arrays.fill(damaged, page * PAGE_BYTES, (page + 1) * PAGE_BYTES, (byte) 0x5a);
      Files.write(file, damaged);
      try {
        LmdbRegistryStore.readOnly(directory);
      } catch (StoreException e) {
        refused++;
      }
    }

    // The rest are free pages, and the middle of the application, whose bytes have no check sum.
    assertThat(refused).isGreaterThan(whole.length / PAGE_BYTES / 2);
  }

  /** Whatever is damaged: the file is loaded or refused, and nothing else happens. */
  @Test
  void randomDamageNeverDoesMoreThanRefuse() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    var random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      byte[] damaged = whole.clone();
      for (int flips = 0; flips < 20; flips++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      try {
        LmdbRegistryStore.readOnly(directory);
      } catch (StoreException e) {
        assertThat(e).hasMessageContaining("data.mdb");
        refused++;
      }
    }

    assertThat(refused).isPositive();
  }

  @Test
  void newerFormatVersionIsRefused() throws IOException {
    put("firn", RowEncoder.string("formatVersion"), new byte[] {2, 0, 0, 0, 0, 0, 0, 0});

    assertRefused(Files.readAllBytes(file), "newer release");
  }

  @Test
  void anotherProgramsTablesAreRefused() throws IOException {
    put("subscribers", new byte[] {1}, new byte[] {1});

    assertRefused(Files.readAllBytes(file), "unknown tables [subscribers]");
  }

  @Test
  void rowThatCannotBeDecodedIsRefused() throws IOException {
    put("adapters", RowEncoder.string("adapter"), new byte[] {7, 'a', 'd'});

    assertRefused(Files.readAllBytes(file), "decoded");
  }

  @Test
  void adapterUnderAnotherKeyIsRefused() throws IOException {
    put("adapters", RowEncoder.string("adapter"), new byte[] {1, 'a', 0, 0, 0});

    assertRefused(Files.readAllBytes(file), "another key");
  }

  @Test
  void staleIndexIsMadeAnew() throws IOException {
    put("objectsByType", RowEncoder.string("type0"), RowEncoder.string("no such object"));
    assertThat(RegistryLoader.load(file).indexesComplete()).isFalse();

    LmdbRegistryStore.open(directory, 1).close();

    assertThat(RegistryLoader.load(file).indexesComplete()).isTrue();
  }

  private void put(String database, byte[] key, byte[] value) {
    try (var env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(10_000_000)
            .setMaxDbs(12)
            .open(directory.toFile())) {
      DbiFlags[] flags =
          database.endsWith("ByType")
              ? new DbiFlags[] {DbiFlags.MDB_CREATE, DbiFlags.MDB_DUPSORT}
              : new DbiFlags[] {DbiFlags.MDB_CREATE};
      env.openDbi(database, flags).put(key, value);
    }
  }

  private void assertRefused(byte[] content, String reason) throws IOException {
    Files.write(file, content);

    assertThatThrownBy(() -> LmdbRegistryStore.open(directory, 1))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
    assertThat(file).hasBinaryContent(content);
  }
}
