package dev.firn.node;

import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.ServerDynamicInfo;
import com.zeroc.IceGrid.ServerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * How all servers and adapters of this node are now, and the registries that are told of every
 * change, each in order.
 *
 * <p>Any thread; never blocks. Who reports changes of one server does so in their order.
 */
final class NodeStates {
  private final Supplier<NodeInfo> info;
  private final int queueMax;
  private final Map<String, ServerDynamicInfo> servers = new TreeMap<>();
  private final Map<String, AdapterDynamicInfo> adapters = new TreeMap<>();
  private final Map<Object, ObserverQueue> queues = new HashMap<>();

  /**
   * @param queueMax changes that may wait for one registry; where there are more, it is told
   *     everything anew instead
   */
  NodeStates(Supplier<NodeInfo> info, int queueMax) {
    this.info = info;
    this.queueMax = queueMax;
  }

  /** A server has changed. Inactive and enabled, or destroyed, is what needs no entry. */
  void server(ServerDynamicInfo server) {
    synchronized (this) {
      if (server.state == ServerState.Destroyed
          || (server.state == ServerState.Inactive && server.enabled)) {
        servers.remove(server.id);
      } else {
        servers.put(server.id, server);
      }
      queues.values().forEach(queue -> queue.add(sink -> sink.server(server)));
    }
    send();
  }

  /** An adapter has changed; without proxy it is inactive. */
  void adapter(AdapterDynamicInfo adapter) {
    synchronized (this) {
      if (adapter.proxy == null) {
        adapters.remove(adapter.id);
      } else {
        adapters.put(adapter.id, adapter);
      }
      queues.values().forEach(queue -> queue.add(sink -> sink.adapter(adapter)));
    }
    send();
  }

  /**
   * A registry has a session: it is told everything, then every change.
   *
   * @param key equal for sessions that share an observer
   */
  void subscribe(Object key, ObserverSink sink) {
    synchronized (this) {
      ObserverQueue old = queues.put(key, new ObserverQueue(sink, queueMax, this::nodeUp));
      if (old != null) {
        old.close();
      }
    }
    send();
  }

  synchronized void unsubscribe(Object key) {
    ObserverQueue old = queues.remove(key);
    if (old != null) {
      old.close();
    }
  }

  /** The registry's session has proved to live. */
  void resume(Object key) {
    ObserverQueue queue;
    synchronized (this) {
      queue = queues.get(key);
    }
    if (queue != null) {
      queue.resume();
    }
  }

  /** What registries are told at the beginning. */
  synchronized NodeDynamicInfo current() {
    return new NodeDynamicInfo(
        info.get(), List.copyOf(servers.values()), List.copyOf(adapters.values()));
  }

  private CompletionStage<Void> nodeUp(ObserverSink sink) {
    return sink.nodeUp(current());
  }

  private void send() {
    ObserverQueue[] all;
    synchronized (this) {
      all = queues.values().toArray(ObserverQueue[]::new);
    }
    for (ObserverQueue queue : all) {
      queue.send();
    }
  }
}
