package dev.firn.storm;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.Answer;
import dev.firn.election.NodeState;
import dev.firn.election.PeerStatus;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.TopicContent;
import dev.firn.wire.IceStormElection.GroupInfo;
import dev.firn.wire.IceStormElection.QueryInfo;
import dev.firn.wire.IceStormElection.ReplicaStatus;
import dev.firn.wire.Mapping;
import dev.firn.wire.StormMapping;
import java.util.Arrays;
import java.util.List;

/** What replicas say to each other, from and to the types of the core. */
final class ReplicaMapping {
  private ReplicaMapping() {}

  static List<TopicContent> contents(dev.firn.wire.IceStormElection.TopicContent[] contents) {
    return Arrays.stream(contents)
        .map(
            content ->
                new TopicContent(
                    Mapping.objectId(content.id),
                    Arrays.stream(content.records).map(StormMapping::record).toList()))
        .toList();
  }

  static dev.firn.wire.IceStormElection.TopicContent[] contents(
      com.zeroc.Ice.Communicator communicator, List<TopicContent> contents) {
    return contents.stream()
        .map(
            content ->
                new dev.firn.wire.IceStormElection.TopicContent(
                    Mapping.identity(content.id()),
                    content.records().stream()
                        .map(record -> StormMapping.record(communicator, record))
                        .toArray(com.zeroc.IceStorm.SubscriberRecord[]::new)))
        .toArray(dev.firn.wire.IceStormElection.TopicContent[]::new);
  }

  static PeerStatus status(ReplicaStatus status) {
    return new PeerStatus(
        state(status.state),
        new ReplicaId(status.coordinator),
        status.group,
        StormMapping.position(status.position),
        status.promise,
        status.boot,
        status.max);
  }

  static ReplicaStatus status(PeerStatus status) {
    return new ReplicaStatus(
        state(status.state()),
        status.coordinator().value(),
        status.group(),
        StormMapping.logUpdate(status.position()),
        status.promise(),
        status.boot(),
        status.max());
  }

  /**
   * @param replica the topic manager of the replica itself
   */
  static QueryInfo query(ReplicaView view, ObjectPrx replica) {
    return new QueryInfo(
        view.id().value(),
        view.coordinator().value(),
        view.group(),
        replica,
        state(view.state()),
        view.members().stream()
            .map(
                member ->
                    new GroupInfo(member.id().value(), StormMapping.logUpdate(member.position())))
            .toArray(GroupInfo[]::new),
        view.max());
  }

  static Answer.View view(QueryInfo info) {
    return new Answer.View(state(info.state), new ReplicaId(info.coord), info.group, info.max);
  }

  private static NodeState state(dev.firn.wire.IceStormElection.NodeState state) {
    return switch (state) {
      case NodeStateInactive -> NodeState.INACTIVE;
      case NodeStateElection -> NodeState.ELECTION;
      case NodeStateReorganization -> NodeState.REORGANIZATION;
      case NodeStateNormal -> NodeState.NORMAL;
    };
  }

  private static dev.firn.wire.IceStormElection.NodeState state(NodeState state) {
    return switch (state) {
      case INACTIVE -> dev.firn.wire.IceStormElection.NodeState.NodeStateInactive;
      case ELECTION -> dev.firn.wire.IceStormElection.NodeState.NodeStateElection;
      case REORGANIZATION -> dev.firn.wire.IceStormElection.NodeState.NodeStateReorganization;
      case NORMAL -> dev.firn.wire.IceStormElection.NodeState.NodeStateNormal;
    };
  }
}
