package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.UnknownException;
import dev.firn.wire.IceStormElection.LogUpdate;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.IceStormElection.NodeState;
import dev.firn.wire.IceStormElection.QueryInfo;
import dev.firn.wire.IceStormElection.TopicManagerSync;
import dev.firn.wire.IceStormElection.TopicManagerSyncPrx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NodeServantTest {
  @Test
  void queryShowsTheGroup() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      QueryInfo coordinator = replicas.replica(3).node().query();
      QueryInfo slave = replicas.replica(1).node().query();

      assertThat(coordinator.state).isEqualTo(NodeState.NodeStateNormal);
      assertThat(coordinator.up).extracting(member -> member.id).containsExactly(1, 2);
      assertThat(slave.coord).isEqualTo(3);
      assertThat(slave.group).isEqualTo(coordinator.group).startsWith("3:");
      assertThat(slave.up).isEmpty();
      assertThat(slave.replica.ice_getIdentity().name).isEqualTo("TopicManager");
      assertThat(replicas.replica(1).node().nodes()).extracting(n -> n.id).containsExactly(1, 2, 3);
    }
  }

  @Test
  void strangersAreIgnoredAndTheGroupGoesOn() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      TestReplicas.Replica target = replicas.replica(1);
      NodePrx node = target.node();
      String group = node.query().group;

      node.invitation(17, "17:foreign");
      node.invitation(1, "1:itself");
      node.accept(2, group, new int[] {1, 99}, null, new LogUpdate(1, 1), 3);
      assertThatThrownBy(() -> node.ready(2, group, null, 3, 1))
          .isInstanceOf(UnknownException.class);
      assertThatThrownBy(() -> node.ready(2, group, node, 3, 1))
          .isInstanceOfSatisfying(
              UnknownException.class,
              e -> assertThat(e.unknown).contains("`IceStorm/node1'", "IceStorm/TopicManager"));

      assertThat(target.logger().lines())
          .contains(
              "warning: Election: ignoring invitation from unknown node 17",
              "warning: Election: ignoring invitation from unknown node 1",
              "warning: Election: ignoring accept from node 2: it gave a null observer");
      replicas.coordinator().create("fed1");
      assertThat(node.query().group).isEqualTo(group);
    }
  }

  @Test
  void garbageOnTheNodePortDisturbsNobody() throws IOException {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      String group = replicas.replica(1).node().query().group;
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), replicas.replica(1).nodePort())) {
        socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        Eventually.await("it is closed", () -> isClosed(socket));
      }

      replicas.coordinator().create("fed1");

      assertThat(replicas.replica(1).node().query().group).isEqualTo(group);
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void contentIsTheTables() {
    try (TestReplicas replicas = TestReplicas.started(3)) {
      replicas.coordinator().create("fed1");
      TopicManagerSyncPrx sync =
          TopicManagerSyncPrx.uncheckedCast(replicas.replica(1).node().sync());

      TopicManagerSync.GetContentResult result = sync.getContent();

      assertThat(result.content).extracting(topic -> topic.id.name).containsExactly("topic.fed1");
      assertThat(result.llu.iteration).isEqualTo(1);
    }
  }
}
