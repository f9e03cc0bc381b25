package dev.firn.registry;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.IceGrid.InternalNodeInfo;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeActiveException;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeSessionPrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import dev.firn.model.ObjectEntry;
import dev.firn.wire.Mapping;
import dev.firn.wire.StackTraces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The nodes that have a session with this registry, by name. Any thread; nothing here blocks. */
final class NodeSessions implements NodeSessionServant.Owner {
  private static final String TYPE = "::IceGrid::Node";

  private final NodeSessionContext context;
  private final Map<String, NodeSessionServant> sessions = new ConcurrentSkipListMap<>();

  /** Beginnings and ends, in the order in which they happened. */
  private final SerialQueue events;

  private boolean stopping;

  NodeSessions(NodeSessionContext context) {
    this.context = context;
    events = new SerialQueue(failure -> context.traces().logger().error(StackTraces.of(failure)));
  }

  /**
   * A node wants a session. One that has one already gets a new one, also if it was started anew;
   * another node of the same name that still answers is in its way.
   */
  CompletionStage<@Nullable NodeSessionPrx> register(
      InternalNodeInfo info, NodePrx proxy, LoadInfo load, Current current)
      throws PermissionDeniedException {
    if (info.name.isEmpty()) {
      throw new PermissionDeniedException("a node needs a name; set IceGrid.Node.Name");
    }
    if (context.requireCertificate()) {
      PeerCertificate.require(current.con, info.name, "node");
    }
    NodeSessionServant session = new NodeSessionServant(context, this, info, proxy, load);
    NodeSessionServant previous = sessions.get(info.name);
    boolean sameNode = previous != null && isSameNode(previous.proxy(), proxy);
    // What lost its session may have lost packets of the connection to it, too.
    CompletionStage<Boolean> inTheWay =
        previous == null
            ? CompletableFuture.completedFuture(false)
            : previous.ping().thenApply(answers -> answers && !sameNode);
    CompletableFuture<@Nullable NodeSessionPrx> result = new CompletableFuture<>();
    inTheWay.whenComplete(
        (reachable, failure) -> {
          if (Boolean.TRUE.equals(reachable)) {
            result.completeExceptionally(new NodeActiveException());
          } else {
            open(session, Optional.ofNullable(previous), current.con, result);
          }
        });
    return result;
  }

  /** Where its objects are reached does not change while a node runs. */
  private static boolean isSameNode(NodePrx one, NodePrx other) {
    return one.ice_getIdentity().equals(other.ice_getIdentity())
        && Arrays.asList(one.ice_getEndpoints()).equals(Arrays.asList(other.ice_getEndpoints()))
        && one.ice_getEndpoints().length > 0;
  }

  private void open(
      NodeSessionServant session,
      Optional<NodeSessionServant> previous,
      @Nullable Connection connection,
      CompletableFuture<@Nullable NodeSessionPrx> result) {
    previous.ifPresent(old -> old.end(false));
    boolean opened;
    synchronized (this) {
      if (stopping) {
        result.completeExceptionally(new ObjectNotExistException());
        return;
      }
      opened = sessions.putIfAbsent(session.name(), session) == null;
      if (opened) {
        events.add(() -> up(session));
      }
    }
    if (!opened) {
      result.completeExceptionally(new NodeActiveException()); // somebody was quicker
      return;
    }
    try {
      NodeSessionPrx proxy = session.open(connection);
      events.drain();
      result.complete(proxy);
    } catch (com.zeroc.Ice.LocalException e) {
      events.drain();
      session.end(true);
      result.completeExceptionally(new ObjectNotExistException(e));
    }
  }

  private void up(NodeSessionServant session) {
    context.traces().trace(Traces.Category.NODE, 1, () -> "node `" + session.name() + "' up");
    context.save(ObjectEntry.of(Mapping.encode(context.communicator(), session.proxy()), TYPE));
    context.nodeUp(session.name());
  }

  @Override
  public void ended(NodeSessionServant session, boolean shutdown) {
    synchronized (this) {
      if (sessions.remove(session.name(), session) && !shutdown) {
        events.add(() -> down(session));
      }
    }
    events.drain();
  }

  private void down(NodeSessionServant session) {
    context.traces().trace(Traces.Category.NODE, 1, () -> "node `" + session.name() + "' down");
    context.forget(Mapping.objectId(session.proxy().ice_getIdentity()));
    context.nodeLost(session.name());
  }

  Optional<NodeSessionServant> find(String node) {
    return Optional.ofNullable(sessions.get(node));
  }

  Collection<NodeSessionServant> all() {
    return new ArrayList<>(sessions.values());
  }

  List<String> names() {
    return List.copyOf(sessions.keySet());
  }

  void replicaAdded(InternalRegistryPrx replica) {
    sessions.values().forEach(session -> session.replicaAdded(replica));
  }

  void replicaRemoved(InternalRegistryPrx replica) {
    sessions.values().forEach(session -> session.replicaRemoved(replica));
  }

  /** No session is given any more; those that there are stay saved for the next start. */
  void stop() {
    synchronized (this) {
      stopping = true;
    }
    all().forEach(session -> session.end(true));
  }
}
