package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import dev.firn.model.DistributionDescriptor;
import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.model.PropertyDescriptor;
import dev.firn.server.RememberedRun;
import dev.firn.server.ServerState;
import dev.firn.wire.Mapping;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RunCodecTest {
  private static RunCodec.Remembered remembered(Communicator communicator) {
    EncodedProxy proxy =
        Mapping.encode(
            communicator, communicator.stringToProxy("p -f Process:tcp -h 127.0.0.1 -p 1"));
    InternalServerDescriptor server =
        new InternalServerDescriptor(
            "s\u00e9rver",
            "app",
            "uuid",
            7,
            "session",
            "exe",
            "pwd",
            "user",
            "always",
            "5",
            "",
            true,
            Optional.of(new DistributionDescriptor("ice", List.of("d"))),
            true,
            List.of("--x"),
            List.of("A=B"),
            List.of("log"),
            List.of(new InternalServerDescriptor.Adapter("a", true)),
            List.of(),
            new TreeMap<>(Map.of("config", List.of(new PropertyDescriptor("A", "1")))),
            List.of("svc"));
    return new RunCodec.Remembered(
        new ProcessRecord(4711, 123_456_789_012L),
        new RememberedRun(
            server, ServerState.ACTIVE, proxy, new TreeMap<>(Map.of("a", proxy)), true));
  }

  @Test
  void whatIsWrittenIsRead() {
    try (Communicator communicator = Util.initialize()) {
      RunCodec.Remembered state = remembered(communicator);
      assertThat(RunCodec.read(communicator, RunCodec.write(communicator, state))).contains(state);
    }
  }

  @Test
  void damagedBytesAreNothing() {
    try (Communicator communicator = Util.initialize()) {
      byte[] bytes = RunCodec.write(communicator, remembered(communicator));
      for (int length = 0; length < bytes.length; length++) {
        assertThat(RunCodec.read(communicator, Arrays.copyOf(bytes, length))).isEmpty();
      }
      byte[] other = bytes.clone();
      other[6] ^= 0x40; // the version
      assertThat(RunCodec.read(communicator, other)).isEmpty();
    }
  }
}
