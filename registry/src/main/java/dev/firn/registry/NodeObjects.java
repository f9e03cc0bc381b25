package dev.firn.registry;

import com.zeroc.Ice.Identity;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.ServerPrx;

/**
 * The objects of servers on a node that has not given out their proxies yet, under the names that
 * nodes give them.
 */
final class NodeObjects {
  private NodeObjects() {}

  static ServerPrx server(NodePrx node, String serverId) {
    return ServerPrx.uncheckedCast(
        node.ice_identity(new Identity(serverId, instance(node) + "-Server")));
  }

  static AdapterPrx adapter(NodePrx node, String serverId, String adapterId) {
    return AdapterPrx.uncheckedCast(
        node.ice_identity(
            new Identity(serverId + "-" + adapterId, instance(node) + "-ServerAdapter")));
  }

  private static String instance(NodePrx node) {
    return node.ice_getIdentity().category;
  }
}
