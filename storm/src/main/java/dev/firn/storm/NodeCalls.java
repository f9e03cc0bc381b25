package dev.firn.storm;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.Answer;
import dev.firn.election.CallId;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.wire.AsyncCalls;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.IceStormElection.TopicManagerSyncPrx;
import dev.firn.wire.ReplicaPeer;
import dev.firn.wire.StormMapping;
import org.jspecify.annotations.Nullable;

/** Questions to the node object of another replica. Any thread. */
final class NodeCalls {
  private final AsyncCalls calls;
  private final ObjectPrx ownManager;

  /**
   * @param ownManager the topic manager of this replica, for those who shall follow it
   */
  NodeCalls(AsyncCalls calls, ObjectPrx ownManager) {
    this.calls = calls;
    this.ownManager = ownManager;
  }

  /**
   * Asks; the answer or failure is posted.
   *
   * @param node with the time-outs to use
   */
  void ask(CallId id, ReplicaPeer peer, NodePrx node, Message.Call message) {
    AsyncCalls.Target quick = new AsyncCalls.Target(id, peer, false);
    AsyncCalls.Target patient = new AsyncCalls.Target(id, peer, true);
    if (message instanceof Message.AreYouCoordinator) {
      // Every replica answers a query, at any time, and it tells more.
      calls.call(
          quick,
          node::queryAsync,
          info -> calls.answered(id, ReplicaMapping.view(info)),
          AsyncCalls.Exceptional.NONE);
    } else if (message instanceof Message.AreYouThere there) {
      calls.call(
          quick,
          () -> node.areYouThereAsync(there.group(), there.from().value()),
          yes -> bool(id, yes),
          AsyncCalls.Exceptional.NONE);
    } else if (message instanceof Message.AskStatus) {
      calls.call(
          quick,
          node::firnStatusAsync,
          status -> calls.answered(id, new Answer.Status(ReplicaMapping.status(status))),
          AsyncCalls.Exceptional.NONE);
    } else if (message instanceof Message.Ready ready) {
      calls.call(
          patient,
          () ->
              node.readyAsync(
                  ready.from().value(), ready.group(), ownManager, ready.max(), ready.generation()),
          ok -> calls.answered(id, new Answer.Done()),
          AsyncCalls.Exceptional.NONE);
    } else if (message instanceof Message.GetContent) {
      calls.call(
          patient,
          node::syncAsync,
          sync -> getContent(patient, node, sync),
          AsyncCalls.Exceptional.NONE);
    } else {
      throw new IllegalStateException("not for a node: " + message);
    }
  }

  private void bool(CallId id, boolean answer) {
    calls.answered(id, new Answer.Bool(answer));
  }

  private void getContent(AsyncCalls.Target target, NodePrx node, @Nullable ObjectPrx sync) {
    if (sync == null) {
      calls.failed(target.id(), Input.Failure.OTHER, "null instead of a TopicManagerSync");
      return;
    }
    TopicManagerSyncPrx source =
        TopicManagerSyncPrx.uncheckedCast(
            sync.ice_twoway()
                .ice_timeout(node.ice_getTimeout().orElse(-1))
                .ice_invocationTimeout(node.ice_getInvocationTimeout()));
    calls.call(
        target,
        source::getContentAsync,
        result ->
            calls.answered(
                target.id(),
                new Answer.Content(
                    StormMapping.position(result.llu), ReplicaMapping.contents(result.content))),
        AsyncCalls.Exceptional.NONE);
  }
}
