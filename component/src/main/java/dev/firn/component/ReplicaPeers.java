package dev.firn.component;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UnknownUserException;
import dev.firn.election.Answer;
import dev.firn.election.CallId;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.ReplicaId;
import dev.firn.election.StateCommand;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import dev.firn.wire.Async;
import dev.firn.wire.AsyncCalls;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Firn.Replicator.PeerPrx;
import dev.firn.wire.Firn.Replicator.PeerRefusal;
import dev.firn.wire.PeerCalls;
import dev.firn.wire.ReplicaPeer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The other replicas of a server. Called on the loop's thread; every call is asynchronous and ends
 * within its time-out.
 */
final class ReplicaPeers implements PeerCalls {
  private final int connectTimeoutMillis;
  private final Consumer<Input> inputs;
  private final AsyncCalls calls;
  private final ReplicaCodec codec;
  private final SortedMap<ReplicaId, Node> nodes = new TreeMap<>();

  /** The state that a new group begins with; null once the members have it. Loop's thread. */
  private @Nullable Initial initial;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Initial(Message.Init init, byte[][] content) {}

  private record Node(ReplicaPeer connections, PeerPrx proxy) {}

  /**
   * @param communicator through which the calls go
   * @param proxies of all replicas, by id
   * @param connectTimeoutMillis longest wait for a connection, and for a oneway to leave
   * @param inputs where ends of calls and closed connections go; any thread
   */
  ReplicaPeers(
      Communicator communicator,
      SortedMap<Integer, String> proxies,
      int connectTimeoutMillis,
      ReplicaCodec codec,
      Consumer<Input> inputs) {
    this.connectTimeoutMillis = connectTimeoutMillis;
    this.codec = codec;
    this.inputs = inputs;
    this.calls = new AsyncCalls(inputs);
    proxies.forEach(
        (number, text) -> {
          ReplicaId id = new ReplicaId(number);
          ObjectPrx proxy = requireNonNull(communicator.stringToProxy(text));
          nodes.put(
              id,
              new Node(
                  new ReplicaPeer(() -> inputs.accept(new Input.PeerConnectionClosed(id))),
                  PeerPrx.uncheckedCast(
                      proxy
                          .ice_twoway()
                          .ice_collocationOptimized(false)
                          .ice_timeout(connectTimeoutMillis))));
        });
  }

  private Node node(ReplicaId id) {
    return requireNonNull(nodes.get(id), () -> "no replica " + id);
  }

  private PeerPrx within(Node node, long timeoutMillis) {
    return PeerPrx.uncheckedCast(
        node.proxy().ice_invocationTimeout(Math.toIntExact(timeoutMillis)));
  }

  @Override
  public void tell(ReplicaId to, Message.Oneway message) {
    Node node = node(to);
    try {
      node.connections()
          .watch(begin(node, message), false)
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

  private CompletableFuture<Void> begin(Node node, Message.Oneway message) {
    PeerPrx peer = PeerPrx.uncheckedCast(within(node, connectTimeoutMillis).ice_oneway());
    if (message instanceof Message.Invitation invitation) {
      return peer.invitationAsync(invitation.from().value(), invitation.group());
    } else if (message instanceof Message.Accept accept) {
      return peer.acceptAsync(
          accept.from().value(),
          accept.group(),
          accept.forwarded().stream().mapToInt(ReplicaId::value).toArray(),
          ReplicaMapping.position(accept.position()),
          accept.max());
    }
    throw new IllegalStateException("unknown message " + message);
  }

  private void notSent(ReplicaId to, Message.Oneway message, Throwable failure) {
    inputs.accept(new Input.NotSent(to, message, Exceptions.text(failure)));
  }

  @Override
  public void ask(CallId call, ReplicaId to, Message.Call message, long timeoutMillis) {
    Node node = node(to);
    PeerPrx peer = within(node, timeoutMillis);
    AsyncCalls.Target quick = new AsyncCalls.Target(call, node.connections(), false);
    AsyncCalls.Target patient = new AsyncCalls.Target(call, node.connections(), true);
    if (message instanceof Message.AreYouThere there) {
      calls.call(
          quick,
          () -> peer.areYouThereAsync(there.group(), there.from().value()),
          yes -> calls.answered(call, new Answer.Bool(yes)),
          AsyncCalls.Exceptional.NONE);
    } else if (message instanceof Message.AskStatus) {
      calls.call(
          quick,
          peer::statusAsync,
          status -> calls.answered(call, new Answer.Status(ReplicaMapping.status(status))),
          AsyncCalls.Exceptional.NONE);
    } else if (message instanceof Message.Ready ready) {
      initial = null;
      done(
          patient,
          () ->
              peer.readyAsync(
                  ready.from().value(), ready.group(), ready.max(), ready.generation()));
    } else if (message instanceof Message.GetContent) {
      calls.call(
          patient,
          peer::contentAsync,
          result ->
              calls.answered(
                  call,
                  new Answer.Content(
                      ReplicaMapping.position(result.reached),
                      ReplicaMapping.content(codec, result.returnValue))),
          ReplicaPeers::refusal);
    } else {
      throw new IllegalStateException("not for a peer: " + message);
    }
  }

  @Override
  public void askObserver(
      CallId call, ReplicaId to, EncodedProxy observer, Message.Call message, long timeoutMillis) {
    Node node = node(to);
    PeerPrx peer = within(node, timeoutMillis);
    AsyncCalls.Target target = new AsyncCalls.Target(call, node.connections(), true);
    if (message instanceof Message.Init init) {
      done(target, () -> peer.initAsync(ReplicaMapping.position(init.position()), encoded(init)));
    } else if (message instanceof Message.Update update) {
      update(target, peer, List.of(update));
    } else if (message instanceof Message.Updates updates) {
      update(target, peer, updates.updates());
    } else {
      throw new IllegalStateException("not for a member: " + message);
    }
  }

  /** Every member gets the same, which may be much. */
  @SuppressWarnings("ReferenceEquality") // the very message; equal ones would take long to compare
  private byte[][] encoded(Message.Init init) {
    Initial last = initial;
    if (last == null || last.init() != init) {
      last = new Initial(init, ReplicaMapping.content(codec, init.content()));
      initial = last;
    }
    return last.content();
  }

  private void update(AsyncCalls.Target target, PeerPrx peer, List<Message.Update> updates) {
    done(
        target,
        () ->
            peer.updateAsync(
                ReplicaMapping.position(updates.get(0).position()),
                ReplicaMapping.commands(codec, updates)));
  }

  private void done(AsyncCalls.Target target, AsyncCalls.Start<Void> start) {
    calls.call(
        target, start, ok -> calls.answered(target.id(), new Answer.Done()), ReplicaPeers::refusal);
  }

  private static @Nullable Answer refusal(Throwable failure) {
    if (failure instanceof PeerRefusal refusal) {
      return new Answer.Inconsistent(refusal.reason);
    } else if (failure instanceof UnknownUserException unknown) {
      return new Answer.Inconsistent(unknown.unknown);
    }
    return null;
  }

  @Override
  public void forward(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      StateCommand command,
      long timeoutMillis) {
    Node node = node(to);
    PeerPrx peer = within(node, timeoutMillis);
    calls.call(
        new AsyncCalls.Target(call, node.connections(), true),
        () -> peer.submitAsync(codec.encode(command)),
        result -> calls.answered(call, new Answer.Outcome(codec.result(result))),
        AsyncCalls.Exceptional.NONE);
  }

  @Override
  public void forwardReap(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      String topic,
      List<ObjectId> subscribers,
      long timeoutMillis) {
    throw new IllegalStateException("there are no topics here");
  }
}
