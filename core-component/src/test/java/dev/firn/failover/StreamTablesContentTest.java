package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What turns the streams of one replicator into those of another. */
final class StreamTablesContentTest {
  @Test
  void anyTablesCanBecomeAnyOther() {
    SplittableRandom random = new SplittableRandom(20261122);
    for (int run = 0; run < 500; run++) {
      StreamTables from = randomTables(random);
      StreamTables to = randomTables(random);

      assertThat(from.with(from.changesTo(to.content())).sameStreams(to)).isTrue();
      assertThat(to.changesTo(to.content())).isEmpty();
    }
  }

  private static StreamTables randomTables(SplittableRandom random) {
    StreamTables tables = StreamTables.EMPTY;
    for (int stream = 0; stream < 3; stream++) {
      if (random.nextBoolean()) {
        String name = "s" + stream;
        tables =
            tables.with(
                List.of(
                    new StreamChange.SetHead(
                        name,
                        random.nextInt(3),
                        "i",
                        random.nextInt(3),
                        1,
                        true,
                        random.nextInt(3))));
        for (int item = 0; item < 4; item++) {
          if (random.nextBoolean()) {
            StateItem value = new StateItem("k" + item, "", random.nextInt(2), Bytes.EMPTY);
            tables = tables.with(List.of(new StreamChange.PutItem(name, value)));
          }
          if (random.nextInt(4) == 0) {
            StateItem value = new StateItem("k" + item, "", random.nextInt(2), Bytes.EMPTY);
            tables = tables.with(List.of(new StreamChange.PutPart(name, value)));
          }
        }
      }
    }
    return tables;
  }
}
