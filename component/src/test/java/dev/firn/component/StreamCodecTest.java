package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamContent;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamTables;
import dev.firn.model.MalformedEncodingException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StreamCodecTest {
  private static final StreamCodec CODEC = new StreamCodec();
  private static final List<StateItem> ITEMS =
      List.of(
          new StateItem("a/1", "::A", 7, Bytes.of(new byte[300])),
          new StateItem("b/ä", "", 0, Bytes.EMPTY));
  private static final List<StreamCommand> COMMANDS =
      List.of(
          new StreamCommand.Claim("s", "i", 3, 0, true),
          new StreamCommand.Publish("s", 3, 1, ITEMS, List.of("x", "y")),
          new StreamCommand.Replace("s", 3, 2, true, false, ITEMS),
          new StreamCommand.Configure("s#config", ITEMS, ITEMS, List.of("b/")));

  @Test
  void everyCommandArrivesAsItWasSent() {
    assertThat(COMMANDS)
        .extracting(Object::getClass)
        .hasSize(StreamCommand.class.getPermittedSubclasses().length);
    for (StreamCommand command : COMMANDS) {
      assertThat(CODEC.command(CODEC.encode(command))).isEqualTo(command);
    }
  }

  @Test
  void aStreamArrivesAsItIs() {
    StreamTables tables = StreamTables.EMPTY;
    for (StreamCommand command :
        List.of(
            new StreamCommand.Claim("s", "i", 3, 7L << 50, true),
            new StreamCommand.Replace("s", 3, 1, true, true, ITEMS),
            new StreamCommand.Replace("s", 3, 2, true, false, ITEMS))) {
      tables = tables.with(tables.apply(command).changes());
    }
    StreamState stream = tables.stream("s");

    assertThat(stream.items()).hasSize(2);
    assertThat(stream.parts()).hasSize(2);
    assertThat(stream.seq()).isGreaterThan(7L << 50);
    assertThat(CODEC.content(CODEC.encode(new StreamContent(stream))).stream()).isEqualTo(stream);
  }

  @Test
  void whatIsCutShortIsRefused() {
    for (StreamCommand command : COMMANDS) {
      byte[] bytes = CODEC.encode(command);
      for (int length = 0; length < bytes.length; length++) {
        byte[] part = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> CODEC.command(part))
            .isInstanceOfAny(MalformedEncodingException.class, IllegalArgumentException.class);
      }
    }
  }
}
