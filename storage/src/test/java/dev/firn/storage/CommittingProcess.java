package dev.firn.storage;

import java.nio.file.Path;
import java.util.List;

/** Commits numbered objects for ever, and prints each number when it is durable. */
final class CommittingProcess {
  private CommittingProcess() {}

  public static void main(String[] arguments) {
    try (var store = LmdbRegistryStore.open(Path.of(arguments[0]), 1)) {
      for (int i = store.load().objects().size(); ; i++) {
        // Two rows that must stay together.
        store.commit(
            List.of(
                Rows.put(Rows.object("object" + i, "type")),
                Rows.put(Rows.adapter("adapter" + i, "group"))));
        System.out.println(i);
      }
    }
  }
}
