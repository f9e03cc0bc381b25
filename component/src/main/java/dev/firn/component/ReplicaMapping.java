package dev.firn.component;

import dev.firn.election.LogPosition;
import dev.firn.election.Message;
import dev.firn.election.NodeState;
import dev.firn.election.ReplicaId;
import dev.firn.election.StateContent;
import dev.firn.wire.Firn.Replicator.PeerState;
import dev.firn.wire.Firn.Replicator.PeerStatus;
import dev.firn.wire.Firn.Replicator.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What replicas say to each other, from and to the types of the core. */
final class ReplicaMapping {
  private ReplicaMapping() {}

  static Position position(LogPosition position) {
    return new Position(position.generation(), position.iteration());
  }

  static LogPosition position(Position position) {
    return new LogPosition(position.generation, position.iteration);
  }

  static PeerStatus status(dev.firn.election.PeerStatus status) {
    return new PeerStatus(
        state(status.state()),
        status.coordinator().value(),
        status.group(),
        position(status.position()),
        status.promise(),
        status.boot(),
        status.max());
  }

  static dev.firn.election.PeerStatus status(PeerStatus status) {
    return new dev.firn.election.PeerStatus(
        state(status.state),
        new ReplicaId(status.coordinator),
        status.group,
        position(status.position),
        status.promise,
        status.boot,
        status.max);
  }

  static byte[][] content(ReplicaCodec codec, List<? extends StateContent> content) {
    return content.stream().map(codec::encode).toArray(byte[][]::new);
  }

  static List<StateContent> content(ReplicaCodec codec, byte[][] parts) {
    return Arrays.stream(parts).map(codec::content).toList();
  }

  static byte[][] commands(ReplicaCodec codec, List<Message.Update> updates) {
    return updates.stream().map(update -> codec.encode(update.command())).toArray(byte[][]::new);
  }

  /**
   * @param first the position after the first command
   */
  static Message.Updates updates(ReplicaCodec codec, Position first, byte[][] commands) {
    List<Message.Update> updates = new ArrayList<>();
    LogPosition position = position(first);
    for (byte[] command : commands) {
      updates.add(new Message.Update(position, codec.command(command)));
      position = position.next();
    }
    return new Message.Updates(updates);
  }

  private static PeerState state(NodeState state) {
    return switch (state) {
      case INACTIVE -> PeerState.Inactive;
      case ELECTION -> PeerState.Election;
      case REORGANIZATION -> PeerState.Reorganization;
      case NORMAL -> PeerState.Normal;
    };
  }

  private static NodeState state(PeerState state) {
    return switch (state) {
      case Inactive -> NodeState.INACTIVE;
      case Election -> NodeState.ELECTION;
      case Reorganization -> NodeState.REORGANIZATION;
      case Normal -> NodeState.NORMAL;
    };
  }
}
