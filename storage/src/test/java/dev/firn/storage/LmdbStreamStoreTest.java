package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamCommand.Applied;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbStreamStoreTest {
  @TempDir Path directory;

  @Test
  void whatWasCommittedIsThereWhenItIsOpenedAgain() {
    Random random = new Random(20261122);
    StreamTables tables = StreamTables.EMPTY;
    for (int run = 0; run < 10; run++) {
      try (LmdbStreamStore store = LmdbStreamStore.open(directory)) {
        assertThat(states(store.load())).isEqualTo(states(tables));
        for (int i = 0; i < 40; i++) {
          if (tables.apply(command(random, tables)) instanceof Applied applied) {
            store.commit(applied.changes());
            tables = tables.with(applied.changes());
          }
        }
        assertThat(states(store.load())).isEqualTo(states(tables));
      }
    }
    assertThat(tables.streams()).hasSize(3);
  }

  @Test
  void aWholeStateTakesTheItemsPlaceWithItsLastPartAndNotBefore() {
    StreamTables tables = StreamTables.EMPTY;
    tables = committed(tables, new StreamCommand.Claim("s", "i", 0, 0, true));
    for (int round = 0; round < 3; round++) {
      long number = tables.stream("s").clientSeq();
      List<StateItem> old = List.of(named("old", round), named("both", round));
      tables =
          committed(tables, new StreamCommand.Publish("s", 1, number + 1, old, List.of("new")));
      tables =
          committed(
              tables,
              new StreamCommand.Replace(
                  "s", 1, number + 2, true, false, List.of(named("both", round + 10))));
      assertThat(tables.stream("s").items().keySet()).containsExactlyInAnyOrder("old", "both");
      assertThat(tables.stream("s").items().get("both")).isEqualTo(named("both", round));
      assertThat(tables.stream("s").seq()).isEqualTo(number + 1);
      tables =
          committed(
              tables,
              new StreamCommand.Replace(
                  "s", 1, number + 3, false, true, List.of(named("new", round))));
      assertThat(tables.stream("s").items().keySet()).containsExactlyInAnyOrder("new", "both");
      assertThat(tables.stream("s").items().get("both")).isEqualTo(named("both", round + 10));
      assertThat(tables.stream("s").seq()).isEqualTo(number + 3);
    }
    tables =
        committed(
            tables, new StreamCommand.Replace("s", 1, 10, true, false, List.of(named("x", 1))));
    tables = committed(tables, new StreamCommand.Claim("s", "other", 0, 0, true));
    assertThat(tables.stream("s").items().keySet()).containsExactlyInAnyOrder("new", "both");
    assertThat(tables.stream("s").parts()).isEmpty();
  }

  /** Each step is read from the disk again. */
  private StreamTables committed(StreamTables tables, StreamCommand command) {
    Applied applied = (Applied) tables.apply(command);
    try (LmdbStreamStore store = LmdbStreamStore.open(directory)) {
      assertThat(states(store.load())).isEqualTo(states(tables));
      store.commit(applied.changes());
    }
    return tables.with(applied.changes());
  }

  private static StateItem named(String key, int version) {
    return new StateItem(key, "t", version, Bytes.EMPTY);
  }

  private static List<StreamState> states(StreamTables tables) {
    return tables.streams();
  }

  private static StreamCommand command(Random random, StreamTables tables) {
    String name = List.of("a", "b", "b#config").get(random.nextInt(3));
    StreamState state = tables.stream(name);
    List<StateItem> set = List.of(item(random), item(random));
    if (state.isConfiguration()) {
      return random.nextInt(5) == 0
          ? new StreamCommand.Configure(name, List.of(), List.of(), List.of("k1"))
          : new StreamCommand.Configure(name, set, List.of(item(random)), List.of());
    }
    long next = state.clientSeq() + 1;
    return switch (random.nextInt(6)) {
      case 0 -> new StreamCommand.Claim(name, "instance" + random.nextInt(3), 0, 7L << 30, true);
      case 1 ->
          new StreamCommand.Replace(
              name, state.epoch(), next, random.nextBoolean(), random.nextBoolean(), set);
      default -> new StreamCommand.Publish(name, state.epoch(), next, set, List.of("ky"));
    };
  }

  private static StateItem item(Random random) {
    byte[] payload = new byte[random.nextInt(5_000)];
    random.nextBytes(payload);
    return new StateItem(
        "k" + random.nextInt(40) + "\u00e9",
        "::Type" + random.nextInt(3),
        random.nextInt(100),
        Bytes.of(payload));
  }
}
