package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Logger;
import dev.firn.wire.IceStormElection.NodePrx;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configured replicas: membership is fixed for the life of the service.
 *
 * @param own the id of this one, which is among {@code proxies}
 * @param proxies of the node objects as configured, ascending by id, at least three
 */
record ReplicaNodes(int own, SortedMap<Integer, NodePrx> proxies) {
  private static final int SIZE_MIN = 3;
  private static final String TOO_FEW = "Replication requires at least 3 Nodes";

  ReplicaNodes {
    proxies = Collections.unmodifiableSortedMap(new TreeMap<>(proxies));
  }

  /**
   * Reads the nodes from {@code <service>.Nodes.*} or, if there are none, asks the IceGrid
   * registry, which may take as long as the locator's time-outs allow. Logs a faulty deployment.
   *
   * @throws ReplicationStartException what is wrong with the configuration
   */
  static ReplicaNodes discover(StormSettings settings, Communicator communicator, Logger logger) {
    SortedMap<Integer, NodePrx> found = StaticNodes.read(settings, communicator);
    boolean configured = !found.isEmpty();
    if (!configured) {
      found = new GridNodes(settings, communicator, logger).find();
    }
    if (found.size() < SIZE_MIN) {
      logger.error(TOO_FEW);
      throw new ReplicationStartException(TOO_FEW);
    }
    int own = settings.nodeId();
    if (!found.containsKey(own)) {
      throw new ReplicationStartException(notAmong(settings, own, found, configured));
    }
    return new ReplicaNodes(own, found);
  }

  /** The identity that a replica's node object must have. */
  static Identity identity(String instanceName, int id) {
    return new Identity("node" + id, instanceName);
  }

  int size() {
    return proxies.size();
  }

  NodePrx ownProxy() {
    return proxy(own);
  }

  boolean contains(int id) {
    return proxies.containsKey(id);
  }

  /**
   * @throws IllegalArgumentException if there is no such node
   */
  NodePrx proxy(int id) {
    NodePrx proxy = proxies.get(id);
    if (proxy == null) {
      throw new IllegalArgumentException("no node " + id + " among " + proxies.keySet());
    }
    return proxy;
  }

  private static String notAmong(
      StormSettings settings, int own, SortedMap<Integer, NodePrx> found, boolean configured) {
    String service = settings.service();
    return "node "
        + own
        + " is not among the nodes "
        + found.keySet()
        + ": "
        + (configured
            ? "set `" + service + ".Nodes." + own + "' or correct `" + service + ".NodeId'"
            : "correct `" + service + ".NodeId' or the adapter ids of the deployment");
  }
}
