package dev.firn.registry;

import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.ServerPrx;
import java.util.Map;

/**
 * A server as its node has loaded it.
 *
 * @param proxy the node's object for it
 * @param adapters the node's objects for its adapters and those of its services, by id
 * @param activationTimeoutSeconds with what the node needs around it
 * @param deactivationTimeoutSeconds likewise
 */
record NodeServer(
    String node,
    ServerPrx proxy,
    Map<String, AdapterPrx> adapters,
    int activationTimeoutSeconds,
    int deactivationTimeoutSeconds) {
  NodeServer {
    adapters = Map.copyOf(adapters);
  }
}
