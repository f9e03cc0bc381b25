package dev.firn.storage;

import java.nio.file.Path;
import java.util.List;

/** Commits numbered topics with a subscriber for ever, and prints each when it is durable. */
final class CommittingStormProcess {
  private CommittingStormProcess() {}

  public static void main(String[] arguments) {
    try (var store = LmdbTopicStore.open(Path.of(arguments[0]), 1)) {
      for (int i = store.load().topics().size(); ; i++) {
        store.commit(
            List.of(
                Topics.create("t" + i),
                Topics.put(Topics.subscriber("t" + i, "s", "")),
                Topics.position(1, i)));
        System.out.println(i);
      }
    }
  }
}
