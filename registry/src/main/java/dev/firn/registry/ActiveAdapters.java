package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.ServerDynamicInfo;
import com.zeroc.IceGrid.ServerState;
import dev.firn.model.EncodedProxy;
import dev.firn.wire.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What nodes last said of their servers and adapters: which adapters are active and where, which
 * servers are disabled. Any thread; reads take no lock.
 */
final class ActiveAdapters implements NodeStates {
  private static final Identity DUMMY = new Identity("dummy", "");

  /**
   * @param stamp of what happened last
   * @param proxy null if unknown or not active
   */
  private record Slot(long stamp, String node, @Nullable EncodedProxy proxy) {}

  private final Communicator communicator;
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();

  /** Disabled servers, and the nodes that said so. */
  private final Map<String, String> disabled = new ConcurrentHashMap<>();

  private final List<BiConsumer<String, Boolean>> listeners = new CopyOnWriteArrayList<>();

  /** One sequence for all, so that a slot that comes back never repeats a stamp. */
  private final AtomicLong lastStamp = new AtomicLong();

  ActiveAdapters(Communicator communicator) {
    this.communicator = communicator;
  }

  void onEnabled(BiConsumer<String, Boolean> listener) {
    listeners.add(listener);
  }

  /** The proxy of an adapter on a node, if the node said so and nothing happened since. */
  @Nullable EncodedProxy find(String adapterId, String node) {
    Slot slot = slots.get(adapterId);
    return slot != null && slot.node().equals(node) ? slot.proxy() : null;
  }

  long stamp(String adapterId) {
    Slot slot = slots.get(adapterId);
    return slot == null ? 0 : slot.stamp();
  }

  void learned(String adapterId, String node, long stamp, EncodedProxy proxy) {
    Slot next = new Slot(stamp, node, proxy);
    slots.compute(
        adapterId,
        (id, slot) -> {
          long now = slot == null ? 0 : slot.stamp();
          return now == stamp ? next : slot;
        });
  }

  /** Something may have happened to it. */
  void forget(String adapterId) {
    slots.compute(adapterId, (id, slot) -> new Slot(nextStamp(), "", null));
  }

  boolean isEnabled(String serverId) {
    return !disabled.containsKey(serverId);
  }

  /** A server is deployed no more. */
  void removeServer(String serverId) {
    disabled.remove(serverId);
  }

  /** An adapter is deployed no more. */
  void removeAdapter(String adapterId) {
    slots.remove(adapterId);
  }

  @Override
  public void nodeUp(NodeDynamicInfo node) {
    forgetNode(node.info.name);
    node.adapters.forEach(adapter -> updateAdapter(node.info.name, adapter));
    Set<String> stillDisabled = ConcurrentHashMap.newKeySet();
    for (ServerDynamicInfo server : node.servers) {
      updateServer(node.info.name, server);
      if (!server.enabled) {
        stillDisabled.add(server.id);
      }
    }
    enableOthers(node.info.name, stillDisabled);
  }

  @Override
  public void nodeDown(String node) {
    forgetNode(node);
    enableOthers(node, Set.of());
  }

  @Override
  public void updateServer(String node, ServerDynamicInfo server) {
    if (server.enabled || server.state == ServerState.Destroyed) {
      if (disabled.remove(server.id, node)) {
        tell(server.id, true);
      }
    } else if (disabled.put(server.id, node) == null) {
      tell(server.id, false);
    }
  }

  @Override
  public void updateAdapter(String node, AdapterDynamicInfo adapter) {
    ObjectPrx proxy = adapter.proxy;
    EncodedProxy encoded =
        proxy == null ? null : Mapping.encode(communicator, proxy.ice_identity(DUMMY));
    slots.put(adapter.id, new Slot(nextStamp(), node, encoded));
  }

  private void forgetNode(String node) {
    slots.values().removeIf(slot -> slot.node().equals(node));
  }

  private void enableOthers(String node, Set<String> stillDisabled) {
    disabled.forEach(
        (id, by) -> {
          if (by.equals(node) && !stillDisabled.contains(id) && disabled.remove(id, by)) {
            tell(id, true);
          }
        });
  }

  private void tell(String serverId, boolean enabled) {
    listeners.forEach(listener -> listener.accept(serverId, enabled));
  }

  private long nextStamp() {
    return lastStamp.incrementAndGet();
  }
}
