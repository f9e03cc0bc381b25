package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.Util;
import dev.firn.wire.ComponentTypes;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.StaleWriter;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.TooLarge;
import dev.firn.wire.Failover.V1.UnknownStream;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream says to a client that is wrong. */
class StreamRefusalsTest {
  private static final String[] NONE = {};

  @TempDir Path data;
  private Communicator communicator;
  private Replicator replicator;
  private StateStreamPrx stream;

  @BeforeEach
  void start() {
    int port = TestPorts.free();
    InitializationData initialization = new InitializationData();
    initialization.properties = Util.createProperties();
    initialization.properties.setProperty(
        "Firn.Replicator.Endpoints", "tcp -h 127.0.0.1 -p " + port);
    initialization.properties.setProperty("Firn.Replicator.Data", data.toString());
    initialization.properties.setProperty("Firn.Replicator.Register", "0");
    initialization.properties.setProperty("Ice.MessageSizeMax", "8192");
    ComponentTypes.prepare(initialization.properties);
    communicator = Util.initialize(initialization);
    replicator = new Replicator(communicator);
    replicator.start();
    stream =
        StateStreamPrx.uncheckedCast(
            communicator
                .stringToProxy("stream/s:tcp -h 127.0.0.1 -p " + port)
                .ice_collocationOptimized(false));
  }

  @AfterEach
  void stop() {
    replicator.close();
    communicator.destroy();
  }

  private static Item[] items(String... keys) {
    Item[] items = new Item[keys.length];
    for (int i = 0; i < keys.length; i++) {
      items[i] = new Item(keys[i], "t", 1, new byte[1]);
    }
    return items;
  }

  /** The reason alone, and no trace of the replicator's insides. */
  private static void assertRefused(String reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UnknownException.class, e -> assertThat(e.unknown).isEqualTo(reason));
  }

  /** The newest epoch, also to who has one that nobody has given it. */
  @Test
  void whoHasAnotherEpochIsToldTheNewest() throws Exception {
    assertThat(stream.claim("a", 3)).isEqualTo(3);
    assertThat(stream.claim("a", 3)).isEqualTo(3);
    assertThat(stream.publish(3, 1, items("k"), NONE)).isEqualTo(1);
    for (long epoch : new long[] {1, 7}) {
      assertThatThrownBy(() -> stream.publish(epoch, 1, items("k"), NONE))
          .isInstanceOfSatisfying(StaleWriter.class, e -> assertThat(e.epoch).isEqualTo(3));
    }
    assertThatThrownBy(() -> stream.claim("b", 3))
        .isInstanceOfSatisfying(StaleWriter.class, e -> assertThat(e.epoch).isEqualTo(3));
  }

  @Test
  void whoIsWrongIsToldHow() throws Exception {
    assertThatThrownBy(() -> stream.publish(1, 1, items("k"), NONE))
        .isInstanceOf(StaleWriter.class);
    long epoch = stream.claim("a", 0);
    assertRefused("an epoch must not be negative: -1", () -> stream.claim("a", -1));
    assertRefused("updates are numbered from 1: 0", () -> stream.publish(epoch, 0, items(), NONE));
    assertRefused("key \"k\" is set twice", () -> stream.publish(epoch, 1, items("k", "k"), NONE));
    assertRefused(
        "key \"k\" is set and removed",
        () -> stream.publish(epoch, 1, items("k"), new String[] {"k"}));
    assertThatThrownBy(() -> stream.publish(epoch, 2, items("k"), NONE))
        .isInstanceOf(UnknownStream.class);
    Item large = new Item("k", "t", 1, new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> stream.publish(epoch, 1, new Item[] {large}, NONE))
        .isInstanceOfSatisfying(TooLarge.class, e -> assertThat(e.limit).isEqualTo(1 << 20));
    // Nothing of all that has used up a number.
    long seq = stream.publish(epoch, 1, items("k"), NONE);
    assertThat(stream.publish(epoch, 1, items("k"), NONE)).isEqualTo(seq);
    assertThat(stream.get(new String[] {"k", "nobody"})).hasSize(1);
  }
}
