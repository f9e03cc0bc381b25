package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.LocatorPrx;
import com.zeroc.IceGrid.QueryPrx;
import dev.firn.wire.Exceptions;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.LocatorDiscoveryPlugin;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The nodes of an IceGrid deployment: the members of the replica group that the topic manager's
 * well-known object belongs to, each with its Node adapter beside its TopicManager adapter.
 */
final class GridNodes {
  private static final String TOPIC_MANAGER = ".TopicManager";
  private static final String NODE = ".Node";
  private static final String INCORRECT = "IceGrid deployment is incorrect";

  private final StormSettings settings;
  private final Communicator communicator;
  private final Logger logger;

  GridNodes(StormSettings settings, Communicator communicator, Logger logger) {
    this.settings = settings;
    this.communicator = communicator;
    this.logger = logger;
  }

  /**
   * Asks the registry; blocks.
   *
   * @return ascending by id; empty if the well-known object is not there
   * @throws ReplicationStartException what is wrong, after logging it
   */
  SortedMap<Integer, NodePrx> find() {
    checkAdapterIds();
    String manager =
        communicator.identityToString(new Identity("TopicManager", settings.instanceName()));
    SortedMap<Integer, NodePrx> nodes = new TreeMap<>();
    try {
      for (ObjectPrx replica : query().findAllReplicas(communicator.stringToProxy(manager))) {
        String adapterId = replica.ice_getAdapterId();
        int id = nodeId(adapterId);
        String nodeAdapter = adapterId.replace(TOPIC_MANAGER, NODE);
        ObjectPrx proxy =
            replica
                .ice_identity(ReplicaNodes.identity(settings.instanceName(), id))
                .ice_adapterId(nodeAdapter);
        if (nodes.put(id, NodePrx.uncheckedCast(proxy)) != null) {
          throw incorrect(
              "two replicas with node id " + id + ", the second is `" + adapterId + "'");
        }
      }
    } catch (LocalException e) {
      throw new ReplicationStartException(
          "cannot ask the IceGrid registry for the replicas of `"
              + manager
              + "': "
              + Exceptions.text(e),
          e);
    }
    return nodes;
  }

  private void checkAdapterIds() {
    String managerId = settings.own("TopicManager.AdapterId");
    String nodeId = settings.own("Node.AdapterId");
    if (managerId.isEmpty() || nodeId.isEmpty()) {
      throw incorrect(
          mismatch(managerId.replace(TOPIC_MANAGER, NODE), nodeId)
              + "\nset `"
              + settings.service()
              + ".Nodes.<id>' for every replica, or both adapter ids for IceGrid");
    }
    if (!managerId.contains(TOPIC_MANAGER)) {
      throw incorrect("`" + managerId + "' does not contain `" + TOPIC_MANAGER + "'");
    }
    String expected = managerId.replace(TOPIC_MANAGER, NODE);
    if (!expected.equals(nodeId)) {
      throw incorrect(mismatch(expected, nodeId));
    }
  }

  private QueryPrx query() {
    com.zeroc.Ice.LocatorPrx locator = communicator.getDefaultLocator();
    if (locator == null) {
      throw new ReplicationStartException(
          "there are no nodes: neither `"
              + settings.service()
              + ".Nodes.*' nor `Ice.Default.Locator' is set");
    }
    LocatorPrx grid = LocatorPrx.checkedCast(locator);
    QueryPrx query = grid == null ? null : grid.getLocalQuery();
    if (query == null) {
      throw new ReplicationStartException(
          (LocatorDiscoveryPlugin.of(communicator, locator).isPresent()
                  ? "no IceGrid registry has been discovered"
                  : "`Ice.Default.Locator' is not the locator of an IceGrid registry")
              + ", so the nodes cannot be found; set `"
              + settings.service()
              + ".Nodes.*'");
    }
    return query;
  }

  /** The number in the adapter id behind the instance name. */
  private int nodeId(String adapterId) {
    String instance = settings.instanceName();
    if (!adapterId.startsWith(instance)) {
      throw incorrect("`" + adapterId + "' does not start with `" + instance + "'");
    }
    int start = instance.length();
    while (start < adapterId.length() && !isDigit(adapterId.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < adapterId.length() && isDigit(adapterId.charAt(end))) {
      end++;
    }
    try {
      return Integer.parseInt(adapterId.substring(start, end));
    } catch (NumberFormatException e) {
      throw incorrect(
          "node id does not follow instance name. instance name:"
              + instance
              + " adapter id: "
              + adapterId);
    }
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private static String mismatch(String managerId, String nodeId) {
    return "`" + managerId + "' prefix does not match `" + nodeId + "'";
  }

  private ReplicationStartException incorrect(String reason) {
    logger.error("deployment error: " + reason);
    return new ReplicationStartException(INCORRECT);
  }
}
