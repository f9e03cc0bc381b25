package dev.firn.cli;

import static java.util.stream.Collectors.joining;

import com.zeroc.Ice.LocalException;
import com.zeroc.IceStorm.TopicManagerInternalPrx;
import com.zeroc.IceStorm.TopicManagerPrx;
import dev.firn.wire.IceStormElection.NodeInfo;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.IceStormElection.NodeState;
import dev.firn.wire.IceStormElection.QueryInfo;
import java.util.Arrays;

/** What the replicas of a group know of it, asked one by one. */
final class ReplicaReport {

  private final Console console;

  ReplicaReport(Console console) {
    this.console = console;
  }

  /** Asks the manager's replica for the others; a replica that does not answer is no failure. */
  void print(TopicManagerPrx manager) throws CommandException {
    NodePrx node = TopicManagerInternalPrx.uncheckedCast(manager).getReplicaNode();
    if (node == null) {
      throw new CommandException("This topic is not replicated");
    }
    NodeInfo[] nodes = node.nodes();
    console.line("replica count: " + nodes.length);
    for (NodeInfo info : nodes) {
      try {
        print(info.id + ": ", info.n.query());
      } catch (LocalException failure) {
        console.line(info.id + ": " + failure.ice_id());
      }
    }
  }

  private void print(String prefix, QueryInfo info) {
    String group =
        Arrays.stream(info.up).map(member -> Integer.toString(member.id)).collect(joining(","));
    console.line(prefix + "id:         " + info.id);
    console.line(prefix + "coord:      " + info.coord);
    console.line(prefix + "group name: " + info.group);
    console.line(prefix + "state:      " + state(info.state));
    console.line(prefix + "group:      " + group);
    console.line(prefix + "max:        " + info.max);
  }

  private static String state(NodeState state) {
    return switch (state) {
      case NodeStateInactive -> "inactive";
      case NodeStateElection -> "election";
      case NodeStateReorganization -> "reorganization";
      case NodeStateNormal -> "normal";
    };
  }
}
