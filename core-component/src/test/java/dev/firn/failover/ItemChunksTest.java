package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.failover.StreamOutput.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How a whole state is cut: no message gets larger by the item that does not fit any more. */
class ItemChunksTest {
  private static final long CHUNK_BYTES = StreamConfig.of(AckLevel.MEMORY).chunkBytes();

  /** Each is a bit less than a chunk, one is more. */
  private static List<StateItem> items() {
    List<StateItem> items = new ArrayList<>();
    for (int bytes : new int[] {10, 250_000, 250_000, 900_000, 10, 10}) {
      items.add(new StateItem("k" + items.size(), "", 1, Bytes.of(new byte[bytes])));
    }
    return items;
  }

  private static void assertFits(List<List<StateItem>> chunks) {
    assertThat(chunks)
        .allSatisfy(
            chunk ->
                assertThat(chunk.stream().mapToLong(StateItem::sizeBytes).sum())
                    .isLessThanOrEqualTo(
                        Math.max(CHUNK_BYTES, chunk.size() == 1 ? chunk.get(0).sizeBytes() : 0)));
    assertThat(chunks.stream().flatMap(List::stream)).containsExactlyElementsOf(items());
    assertThat(chunks).extracting(List::size).containsExactly(2, 1, 1, 2);
  }

  @Test
  void aListenerGetsChunksThatFit() {
    StreamConfig config = StreamConfig.of(AckLevel.MEMORY);
    StreamListener listener =
        new StreamListener(new StreamInput.AddListener("a", 1, "there", 0, 0), 0);
    listener.beginSnapshot(1, 7, items());
    StreamLog log = new StreamLog(1, 1, 7);
    List<List<StateItem>> chunks = new ArrayList<>();
    Delivery sent = listener.next(0, config, log).orElseThrow();
    assertThat(sent).isEqualTo(new Delivery.SnapshotBegin(1, 7));
    while (!(sent instanceof Delivery.SnapshotEnd)) {
      listener.delivered();
      sent = listener.next(0, config, log).orElseThrow();
      if (sent instanceof Delivery.SnapshotItems part) {
        chunks.add(part.items());
      }
    }
    assertFits(chunks);
  }

  @Test
  void aWriterSendsPartsThatFit() {
    TreeMap<String, StateItem> state = new TreeMap<>();
    items().forEach(item -> state.put(item.key(), item));
    StreamWriter writer = new StreamWriter(WriterConfig.DEFAULTS, 5, 0, state, -1);
    List<List<StateItem>> chunks = new ArrayList<>();
    for (WriterOutput output : writer.step(1_000, new WriterInput.Start())) {
      if (output instanceof WriterOutput.Replace part) {
        chunks.add(part.set());
      }
    }
    assertFits(chunks);
  }

  @Test
  void noItemsAreAnEmptyPart() {
    StreamWriter writer = new StreamWriter(WriterConfig.DEFAULTS, 5, 0, new TreeMap<>(), -1);
    assertThat(writer.step(1_000, new WriterInput.Start()))
        .filteredOn(WriterOutput.Replace.class::isInstance)
        .singleElement()
        .satisfies(one -> assertThat(((WriterOutput.Replace) one).set()).isEmpty());
  }
}
