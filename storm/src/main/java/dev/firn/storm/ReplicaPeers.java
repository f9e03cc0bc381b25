package dev.firn.storm;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.CallId;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.ReplicaId;
import dev.firn.election.StateCommand;
import dev.firn.election.TopicCommand;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import dev.firn.wire.Async;
import dev.firn.wire.AsyncCalls;
import dev.firn.wire.Exceptions;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.IceStormElection.ReplicaObserverPrx;
import dev.firn.wire.Mapping;
import dev.firn.wire.PeerCalls;
import dev.firn.wire.ReplicaPeer;
import dev.firn.wire.StormMapping;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The other replicas: their nodes, their observers and the coordinator's topics. Called on the
 * loop's thread; every call is asynchronous and ends within its time-out.
 */
final class ReplicaPeers implements PeerCalls {
  private final Communicator communicator;
  private final SortedMap<ReplicaId, Peer> peers = new TreeMap<>();
  private final OwnObjects own;
  private final int connectTimeoutMillis;
  private final Consumer<Input> inputs;
  private final NodeCalls nodeCalls;
  private final ObserverCalls observerCalls;
  private final CoordinatorCalls coordinatorCalls;

  private record Peer(ReplicaPeer connections, NodePrx node) {}

  /**
   * The proxies that this replica gives to others.
   *
   * @param observer where it takes updates while it is a slave
   * @param manager its topic manager, of this replica alone
   */
  record OwnObjects(ObjectPrx observer, ObjectPrx manager) {}

  /**
   * @param communicator through which the calls go
   * @param topicIds the identity of a topic by its name
   * @param connectTimeoutMillis longest wait for a connection, and for a oneway to leave
   * @param inputs where ends of calls and closed connections go; any thread
   */
  ReplicaPeers(
      Communicator communicator,
      ReplicaNodes nodes,
      OwnObjects own,
      CoordinatorCalls.TopicIds topicIds,
      int connectTimeoutMillis,
      Consumer<Input> inputs) {
    this.communicator = communicator;
    this.own = own;
    this.connectTimeoutMillis = connectTimeoutMillis;
    this.inputs = inputs;
    AsyncCalls calls = new AsyncCalls(inputs);
    this.nodeCalls = new NodeCalls(calls, own.manager());
    this.observerCalls = new ObserverCalls(calls, communicator);
    this.coordinatorCalls = new CoordinatorCalls(calls, communicator, topicIds);
    nodes.proxies().forEach((number, proxy) -> add(new ReplicaId(number), proxy));
  }

  private void add(ReplicaId id, NodePrx proxy) {
    ObjectPrx local = communicator.stringToProxy(proxy.ice_getCommunicator().proxyToString(proxy));
    peers.put(
        id,
        new Peer(
            new ReplicaPeer(() -> inputs.accept(new Input.PeerConnectionClosed(id))),
            NodePrx.uncheckedCast(reaching(requireNonNull(local)))));
  }

  /** The object behind a proxy, by connections of the peers' own. */
  private ObjectPrx reaching(ObjectPrx proxy) {
    return proxy.ice_twoway().ice_collocationOptimized(false).ice_timeout(connectTimeoutMillis);
  }

  private static ObjectPrx within(ObjectPrx proxy, long timeoutMillis) {
    return proxy.ice_invocationTimeout(Math.toIntExact(timeoutMillis));
  }

  private Peer peer(ReplicaId id) {
    return requireNonNull(peers.get(id), () -> "no replica " + id);
  }

  /** Decodes a proxy that a peer gave; null if it is none that can be called. */
  private @Nullable ObjectPrx given(EncodedProxy proxy, long timeoutMillis) {
    ObjectPrx decoded = Mapping.decode(communicator, proxy);
    return decoded == null ? null : within(reaching(decoded), timeoutMillis);
  }

  @Override
  public void tell(ReplicaId to, Message.Oneway message) {
    Peer peer = peer(to);
    try {
      peer.connections()
          .watch(begin(peer.node(), message), false)
          .whenComplete(
              (ok, failure) -> {
                if (failure != null) {
                  notSent(to, message, Async.cause(failure));
                }
              });
    } catch (LocalException e) {
      notSent(to, message, e);
    }
  }

  private CompletableFuture<Void> begin(NodePrx peer, Message.Oneway message) {
    NodePrx node = NodePrx.uncheckedCast(within(peer.ice_oneway(), connectTimeoutMillis));
    if (message instanceof Message.Invitation invitation) {
      return node.invitationAsync(invitation.from().value(), invitation.group());
    } else if (message instanceof Message.Accept accept) {
      return node.acceptAsync(
          accept.from().value(),
          accept.group(),
          accept.forwarded().stream().mapToInt(ReplicaId::value).toArray(),
          own.observer(),
          StormMapping.logUpdate(accept.position()),
          accept.max());
    }
    throw new IllegalStateException("unknown message " + message);
  }

  private void notSent(ReplicaId to, Message.Oneway message, Throwable failure) {
    inputs.accept(new Input.NotSent(to, message, Exceptions.text(failure)));
  }

  @Override
  public void ask(CallId call, ReplicaId to, Message.Call message, long timeoutMillis) {
    Peer peer = peer(to);
    nodeCalls.ask(
        call,
        peer.connections(),
        NodePrx.uncheckedCast(within(peer.node(), timeoutMillis)),
        message);
  }

  @Override
  public void askObserver(
      CallId call, ReplicaId to, EncodedProxy observer, Message.Call message, long timeoutMillis) {
    observerCalls.ask(
        call,
        peer(to).connections(),
        ReplicaObserverPrx.uncheckedCast(given(observer, timeoutMillis)),
        message);
  }

  @Override
  public void forward(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      StateCommand command,
      long timeoutMillis) {
    coordinatorCalls.forward(
        call, peer(to).connections(), given(coordinator, timeoutMillis), (TopicCommand) command);
  }

  @Override
  public void forwardReap(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      String topic,
      List<ObjectId> subscribers,
      long timeoutMillis) {
    coordinatorCalls.reap(
        call, peer(to).connections(), given(coordinator, timeoutMillis), topic, subscribers);
  }
}
