package dev.firn.storm;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.Util;
import dev.firn.election.Answer;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.wire.IceStormElection.LogUpdate;
import dev.firn.wire.IceStormElection.Node;
import dev.firn.wire.IceStormElection.NodeInfo;
import dev.firn.wire.IceStormElection.QueryInfo;
import dev.firn.wire.IceStormElection.ReplicaStatus;
import dev.firn.wire.ReplicaLoop;
import dev.firn.wire.StormMapping;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * This replica as the others and administrators see it. Any thread; whoever asks is answered later,
 * by the loop.
 */
final class NodeServant implements Node {
  private final ReplicaLoop loop;
  private final ReplicaNodes nodes;
  private final Identity managerId;
  private final ObjectPrx ownManager;
  private final ObjectPrx ownSync;
  private final StormTraces traces;

  /**
   * @param ownManager the topic manager of this replica alone; every replica's has this identity
   * @param ownSync where others get all topics
   */
  NodeServant(
      ReplicaLoop loop,
      ReplicaNodes nodes,
      ObjectPrx ownManager,
      ObjectPrx ownSync,
      StormTraces traces) {
    this.loop = loop;
    this.nodes = nodes;
    this.managerId = ownManager.ice_getIdentity();
    this.ownManager = ownManager;
    this.ownSync = ownSync;
    this.traces = traces;
  }

  @Override
  public CompletionStage<Void> invitationAsync(int from, String group, Current current) {
    if (isPeer(from, "invitation")) {
      loop.tell(new Input.Told(new Message.Invitation(new ReplicaId(from), group)));
    }
    return done();
  }

  @Override
  public CompletionStage<Void> acceptAsync(
      int from,
      String group,
      int[] forwarded,
      @Nullable ObjectPrx observer,
      LogUpdate position,
      int max,
      Current current) {
    if (!isPeer(from, "accept")) {
      return done();
    }
    if (observer == null) {
      warn("ignoring accept from node " + from + ": it gave a null observer");
      return done();
    }
    loop.tell(
        new Input.Told(
            new Message.Accept(
                new ReplicaId(from),
                group,
                Arrays.stream(forwarded).filter(nodes::contains).mapToObj(ReplicaId::new).toList(),
                StormMapping.encode(observer),
                StormMapping.position(position),
                max)));
    return done();
  }

  @Override
  public CompletionStage<Void> readyAsync(
      int from,
      String group,
      @Nullable ObjectPrx coordinator,
      int max,
      long generation,
      Current current) {
    if (!isPeer(from, "ready")) {
      return done();
    }
    if (coordinator == null || !coordinator.ice_getIdentity().equals(managerId)) {
      String reason =
          "ready from node "
              + from
              + " names "
              + (coordinator == null
                  ? "a null coordinator"
                  : "`" + Util.identityToString(coordinator.ice_getIdentity()) + "'")
              + ", expected `"
              + Util.identityToString(managerId)
              + "': all replicas need the same instance name";
      warn(reason);
      return CompletableFuture.failedFuture(new UnknownException(reason));
    }
    return ask(new Message.Ready(
            new ReplicaId(from), group, StormMapping.encode(coordinator), max, generation))
        .thenAccept(answer -> {});
  }

  @Override
  public CompletionStage<Boolean> areYouCoordinatorAsync(Current current) {
    return ask(new Message.AreYouCoordinator())
        .thenApply(answer -> answer instanceof Answer.Bool bool && bool.value());
  }

  @Override
  public CompletionStage<Boolean> areYouThereAsync(String group, int from, Current current) {
    Optional<ReplicaLoop.Snapshot> storing = loop.whileStoring();
    if (storing.isPresent()) {
      return CompletableFuture.completedFuture(isMember(storing.get().view(), group, from));
    }
    return ask(new Message.AreYouThere(group, new ReplicaId(from)))
        .thenApply(answer -> answer instanceof Answer.Bool bool && bool.value());
  }

  @Override
  public CompletionStage<ObjectPrx> syncAsync(Current current) {
    return CompletableFuture.completedFuture(ownSync);
  }

  @Override
  public CompletionStage<NodeInfo[]> nodesAsync(Current current) {
    return CompletableFuture.completedFuture(
        nodes.proxies().entrySet().stream()
            .map(node -> new NodeInfo(node.getKey(), node.getValue()))
            .toArray(NodeInfo[]::new));
  }

  @Override
  public CompletionStage<QueryInfo> queryAsync(Current current) {
    return CompletableFuture.completedFuture(ReplicaMapping.query(loop.view(), ownManager));
  }

  @Override
  public CompletionStage<ReplicaStatus> firnStatusAsync(Current current) {
    Optional<ReplicaLoop.Snapshot> storing = loop.whileStoring();
    if (storing.isPresent()) {
      return CompletableFuture.completedFuture(ReplicaMapping.status(storing.get().status()));
    }
    return ask(new Message.AskStatus())
        .thenApply(
            answer -> {
              if (answer instanceof Answer.Status status) {
                return ReplicaMapping.status(status.status());
              }
              throw new UnknownException(answer.toString());
            });
  }

  private static boolean isMember(ReplicaView view, String group, int node) {
    return view.coordinator().equals(view.id())
        && view.group().equals(group)
        && view.members().stream().anyMatch(member -> member.id().value() == node);
  }

  private CompletableFuture<Answer> ask(Message.Call message) {
    return loop.request(id -> new Input.Asked(id, message));
  }

  private boolean isPeer(int node, String operation) {
    if (nodes.contains(node) && node != nodes.own()) {
      return true;
    }
    warn("ignoring " + operation + " from unknown node " + node);
    return false;
  }

  private void warn(String message) {
    traces.logger().warning("Election: " + message);
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedFuture(null);
  }
}
