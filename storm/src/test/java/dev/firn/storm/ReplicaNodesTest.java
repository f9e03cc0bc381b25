package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaNodesTest {
  private static final Map<String, String> THREE =
      Map.of(
          "IceStorm.NodeId", "2",
          "IceStorm.Nodes.1", "IceStorm/node1:tcp -h 127.0.0.1 -p 1",
          "IceStorm.Nodes.2", "IceStorm/node2:tcp -h 127.0.0.1 -p 2",
          "IceStorm.Nodes.30", "IceStorm/node30:tcp -h 127.0.0.1 -p 3");

  private final RecordingStormLogger logger = new RecordingStormLogger();

  private ReplicaNodes discover(Map<String, String> base, String... more) {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    base.forEach(data.properties::setProperty);
    for (int i = 0; i < more.length; i += 2) {
      data.properties.setProperty(more[i], more[i + 1]);
    }
    data.logger = logger;
    try (Communicator communicator = Util.initialize(data)) {
      return ReplicaNodes.discover(
          new StormSettings(data.properties, "IceStorm"), communicator, logger);
    }
  }

  @Test
  void nodesNeedNotBeContiguous() {
    ReplicaNodes nodes = discover(THREE);

    assertThat(nodes.own()).isEqualTo(2);
    assertThat(nodes.proxies().keySet()).containsExactly(1, 2, 30);
  }

  @Test
  void settingsOfNodeProxyAreNoNodes() {
    assertThat(discover(THREE, "IceStorm.Nodes.1.LocatorCacheTimeout", "5").size()).isEqualTo(3);
  }

  @Test
  void twoNodesAreTooFew() {
    assertThatThrownBy(() -> discover(THREE, "IceStorm.Nodes.30", ""))
        .isInstanceOf(ReplicationStartException.class)
        .hasMessage("Replication requires at least 3 Nodes");
    assertThat(logger.lines()).containsExactly("error: Replication requires at least 3 Nodes");
  }

  @Test
  void ownNodeMustBeConfigured() {
    assertThatThrownBy(() -> discover(THREE, "IceStorm.NodeId", "4"))
        .hasMessage(
            "node 4 is not among the nodes [1, 2, 30]: set `IceStorm.Nodes.4' or correct"
                + " `IceStorm.NodeId'");
  }

  @Test
  void otherInstanceNameIsNamed() {
    assertThatThrownBy(
            () -> discover(THREE, "IceStorm.Nodes.1", "Other/node1:tcp -h 127.0.0.1 -p 1"))
        .hasMessage(
            "`IceStorm.Nodes.1' has the identity `Other/node1', expected `IceStorm/node1': all"
                + " replicas need the same instance name");
  }

  @Test
  void nodeIdMustBeNumber() {
    assertThatThrownBy(
            () -> discover(THREE, "IceStorm.Nodes.one", "IceStorm/node1:tcp -h 127.0.0.1 -p 1"))
        .hasMessage("`IceStorm.Nodes.one': `one' is not the id of a node (0 or more)");
  }

  @Test
  void malformedProxyIsNamed() {
    assertThatThrownBy(() -> discover(THREE, "IceStorm.Nodes.1", "IceStorm/node1:nonsense"))
        .isInstanceOf(ReplicationStartException.class)
        .hasMessageStartingWith("`IceStorm.Nodes.1': `IceStorm/node1:nonsense' is not a proxy: ");
  }

  @Test
  void nodeMayNotBeConfiguredTwice() {
    assertThatThrownBy(
            () -> discover(THREE, "IceStorm.Nodes.01", "IceStorm/node1:tcp -h 127.0.0.1 -p 1"))
        .hasMessage("node 1 is configured twice");
  }

  @Test
  void withoutNodesTheAdapterIdsMustMatch() {
    Map<String, String> ids =
        Map.of(
            "IceStorm.NodeId", "1",
            "IceStorm.TopicManager.AdapterId", "IceStorm1.TopicManager",
            "IceStorm.Node.AdapterId", "Storm1.Node");

    assertThatThrownBy(() -> discover(ids)).hasMessage("IceGrid deployment is incorrect");
    assertThat(logger.lines())
        .containsExactly(
            "error: deployment error: `IceStorm1.Node' prefix does not match `Storm1.Node'");
  }

  @Test
  void withoutNodesAndAdapterIdsItSaysWhatToSet() {
    assertThatThrownBy(() -> discover(Map.of("IceStorm.NodeId", "1")))
        .hasMessage("IceGrid deployment is incorrect");
    assertThat(logger.lines().get(0))
        .startsWith("error: deployment error: `' prefix does not match `'")
        .contains("IceStorm.Nodes.<id>");
  }

  @Test
  void managersAdapterIdMustNameTheManager() {
    Map<String, String> ids =
        Map.of(
            "IceStorm.NodeId", "1",
            "IceStorm.TopicManager.AdapterId", "IceStorm1.Manager",
            "IceStorm.Node.AdapterId", "IceStorm1.Node");

    assertThatThrownBy(() -> discover(ids)).hasMessage("IceGrid deployment is incorrect");
    assertThat(logger.lines())
        .containsExactly(
            "error: deployment error: `IceStorm1.Manager' does not contain `.TopicManager'");
  }

  @Test
  void withoutNodesThereMustBeLocator() {
    Map<String, String> ids =
        Map.of(
            "IceStorm.NodeId", "1",
            "IceStorm.TopicManager.AdapterId", "IceStorm1.TopicManager",
            "IceStorm.Node.AdapterId", "IceStorm1.Node");

    assertThatThrownBy(() -> discover(ids))
        .hasMessage(
            "there are no nodes: neither `IceStorm.Nodes.*' nor `Ice.Default.Locator' is set");
  }
}
