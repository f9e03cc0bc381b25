package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.failover.AckLevel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a state replicator is configured with. */
class ReplicatorSettingsTest {
  private final Properties properties = Util.createProperties();

  private ReplicatorSettings read(String... lines) {
    properties.setProperty("Firn.Replicator.Data", "/data");
    for (String line : lines) {
      String[] both = line.split("=", 2);
      properties.setProperty(both[0], both[1]);
    }
    return ReplicatorSettings.of(properties);
  }

  private void assertRefused(String reason, String... lines) {
    assertThatThrownBy(() -> read(lines))
        .isInstanceOf(ServerProgram.StartException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void alone() {
    ReplicatorSettings settings = read();
    assertThat(settings.data()).isEqualTo(Path.of("/data"));
    assertThat(settings.endpoints()).isEqualTo("tcp -h 127.0.0.1 -p 4433");
    assertThat(settings.ack()).isEqualTo(AckLevel.MEMORY);
    assertThat(settings.limits().streamBytesMax()).isEqualTo(1L << 30);
    assertThat(settings.nodes().isAlone()).isTrue();
    assertThat(settings.register()).isTrue();
    assertThat(read("Replicator.Ack=standby").ack()).isEqualTo(AckLevel.STANDBY);
  }

  @Test
  void ofThree() {
    String[] nodes = {
      "Firn.Replicator.Nodes.1=peer1:tcp -p 1",
      "Firn.Replicator.Nodes.2=peer2:tcp -p 2",
      "Firn.Replicator.Nodes.3=peer3:tcp -p 3",
      "Firn.Replicator.NodeId=2"
    };
    ReplicatorSettings settings = read(nodes);
    assertThat(settings.ack()).isEqualTo(AckLevel.QUORUM);
    assertThat(settings.nodes().proxies()).containsOnlyKeys(1, 2, 3);
    assertThat(settings.nodes().self()).isEqualTo(2);
    assertRefused("Replicator.Ack=memory is for one replicator", "Replicator.Ack=memory");
    assertRefused("there is no Firn.Replicator.Nodes.4", "Firn.Replicator.NodeId=4");
  }

  @Test
  void whatMakesNoSense() {
    assertThatThrownBy(() -> ReplicatorSettings.of(properties))
        .hasMessageContaining("Firn.Replicator.Data is not set");
    assertRefused("Replicator.Ack is memory, quorum or standby, not paper", "Replicator.Ack=paper");
  }

  /** Rather than configurators that wait for a topic that nobody makes. */
  @Test
  void aTopicForConfigurationsIsRefused() {
    assertThat(read("Replicator.ConfigTopic=0").nodes().isAlone()).isTrue();
    assertRefused("Replicator.ConfigTopic is not supported", "Replicator.ConfigTopic=1");
  }
}
