package dev.firn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class StormFramesTest {
  private static final int PORT = 21_990;

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void batchIsReadRequestByRequest() {
    ByteBuffer batch = wrap(StormFrames.batch("name", "category", 300, 3));

    assertThat(StormFrames.type(batch)).isEqualTo(StormFrames.BATCH);
    assertThat(StormFrames.size(batch)).isEqualTo(batch.capacity());
    batch.position(StormFrames.HEADER_BYTES);
    assertThat(batch.getInt()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      StormFrames.skipToPayload(batch);
      assertThat(StormFrames.readPayload(batch)).isZero();
    }
    assertThat(batch.hasRemaining()).isFalse();
  }

  @Test
  void whatIsPublishedIsCountedAndTimed() throws IOException {
    try (var sinks = new StormSinks(PORT, 1);
        var source = new StormSource(PORT, "name", "", 16, true)) {
      source.publish(1000);
      while (sinks.least() < source.published()) {
        Thread.onSpinWait();
      }
      assertThat(sinks.total()).isEqualTo(source.published());

      sinks.noteLatencies(10);
      source.publishAt(10_000, 1_000_000);
      while (sinks.least() < source.published()) {
        Thread.onSpinWait();
      }
      long[] latencies = sinks.latencies();
      assertThat(latencies).hasSize(10);
      assertThat(latencies[0]).isPositive();
    }
  }
}
