package dev.firn.storage;

import dev.firn.model.RowChange;
import dev.firn.replication.StoreException;
import java.nio.file.Path;
import java.util.List;

/** Commits big rows until the disk is full, then goes on with what still fits. */
final class FillingProcess {
  private static final int ROW_BYTES = 100_000;

  private FillingProcess() {}

  public static void main(String[] arguments) {
    try (var store = LmdbRegistryStore.open(Path.of(arguments[0]), 1)) {
      int written = 0;
      try {
        while (true) {
          store.commit(List.of(Rows.put(Rows.application("big" + written, ROW_BYTES))));
          written++;
        }
      } catch (StoreException e) {
        System.out.println("refused: " + e.getMessage());
      }
      System.out.println("kept: " + (store.load().applications().size() - written));
      store.commit(List.of(new RowChange.DeleteApplication("big0")));
      // LMDB reuses freed pages two transactions later.
      store.commit(List.of(Rows.put(Rows.object("a", "t"))));
      store.commit(List.of(Rows.put(Rows.object("b", "t"))));
      store.commit(List.of(Rows.put(Rows.application("small", ROW_BYTES / 2))));
      System.out.println("after: " + (store.load().applications().size() - written));
    }
  }
}
